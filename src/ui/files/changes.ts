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

/** A line in three pieces, the middle one being what differs from its counterpart. */
export type LinePieces = readonly [head: string, differs: string, tail: string];

/** What of `text` differs from `other`: all but their common beginning and end. */
export function differingPart(text: string, other: string | undefined): LinePieces {
  if (other === undefined) return [text, "", ""];
  const most = Math.min(text.length, other.length);
  let head = 0;
  while (head < most && text[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const end = text.length - tail;
  return [text.slice(0, head), text.slice(head, end), text.slice(end)];
}

/** The line of the other side that stands in the place of a line that went or came. */
export function counterpart({ hunk, lines }: ChangeBlock, line: ChangeLine): string | undefined {
  if (line.kind === "same" || hunk.oldCount !== hunk.newCount) return undefined;
  const side = lines.filter(({ kind }) => kind === line.kind);
  const other = lines.filter(({ kind }) => kind !== line.kind && kind !== "same");
  return other[side.indexOf(line)]?.text;
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
