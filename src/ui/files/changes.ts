// What was changed in a text, as it is read: lines that went, lines that came, and a few around them.
// Pure.
import { diffLines, type Hunk, linesOf } from "../../text/line-diff.ts";

export interface ChangeLine {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
  /** Numbers in the old and the new text; null where it has none. */
  readonly old: number | null;
  readonly fresh: number | null;
}

/** One place that changed with what stands around it. */
export interface ChangeBlock {
  readonly hunk: Hunk;
  readonly lines: readonly ChangeLine[];
}

const AROUND = 2;

/** The places where `after` differs from `before`. */
export function changeBlocks(before: string, after: string): readonly ChangeBlock[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const same = (oldLine: number, freshLine: number): ChangeLine[] =>
    old[oldLine - 1] === undefined || fresh[freshLine - 1] === undefined
      ? []
      : [{ kind: "same", text: fresh[freshLine - 1], old: oldLine, fresh: freshLine }];
  return diffLines(before, after).map((hunk) => {
    const lines: ChangeLine[] = [];
    const { oldFrom, oldCount, newFrom, newCount } = hunk;
    for (let i = AROUND; i > 0; i -= 1)
      if (oldFrom - i > 0 && newFrom - i > 0) lines.push(...same(oldFrom - i, newFrom - i));
    for (let i = 0; i < oldCount; i += 1)
      lines.push({ kind: "gone", text: old[oldFrom - 1 + i], old: oldFrom + i, fresh: null });
    for (let i = 0; i < newCount; i += 1)
      lines.push({ kind: "new", text: fresh[newFrom - 1 + i], old: null, fresh: newFrom + i });
    for (let i = 0; i < AROUND; i += 1)
      lines.push(...same(oldFrom + oldCount + i, newFrom + newCount + i));
    return { hunk, lines };
  });
}

/** `after` with one place as it was in `before`. */
export function putBack(before: string, after: string, hunk: Hunk): string {
  const lines = [...linesOf(after)];
  const old = linesOf(before).slice(hunk.oldFrom - 1, hunk.oldFrom - 1 + hunk.oldCount);
  lines.splice(hunk.newFrom - 1, hunk.newCount, ...old);
  return `${lines.join("\n")}${before.endsWith("\n") ? "\n" : ""}`;
}
