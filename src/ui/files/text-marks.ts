// What is marked on a text in the editor: lines of the run that is shown, brought to where they stand in
// the text as it is now. Pure.
import type { Journey, Step } from "../../simulation/journey.ts";
import { diffLines, type Hunk, mapLine } from "../../text/line-diff.ts";
import type { EditorMarks } from "../editor/marks.ts";
import { decidingLines, nextDecision } from "../panels/deciding-lines.ts";
import type { EditedText } from "../session/edits.ts";

/** The marks of `file` at `step` of the run shown. */
export function marksOf(file: EditedText, journey: Journey, step: Step): EditorMarks {
  const run = journey.files.find(({ path }) => path === file.path)?.text ?? "";
  const sinceRun = diffLines(run, file.text);
  return {
    lit: litLines(file.path, step, sinceRun),
    deciding: leadingLines(file.path, { journey, step, sinceRun }),
    changed: changedLines(file),
    diagnostics: file.diagnostics,
  };
}

function litLines(
  path: string,
  { cause }: Step,
  sinceRun: readonly Hunk[],
): readonly [from: number, to: number] | null {
  if (cause === undefined || cause.file !== path) return null;
  const from = mapLine(sinceRun, cause.line);
  const to = mapLine(sinceRun, cause.endLine ?? cause.line);
  return from === null ? null : [from, Math.max(from, to ?? from)];
}

interface Leading {
  readonly journey: Journey;
  readonly step: Step;
  readonly sinceRun: readonly Hunk[];
}

/** The step that each line leads to. */
function leadingLines(
  path: string,
  { journey, step, sinceRun }: Leading,
): ReadonlyMap<number, number> {
  const deciding = decidingLines(journey, path);
  const leading = new Map<number, number>();
  for (const line of deciding.keys()) {
    const now = mapLine(sinceRun, line);
    const target = nextDecision(deciding, line, step.index);
    if (now !== null && target !== null) leading.set(now, target);
  }
  return leading;
}

/** The lines that are not as they were without changes. */
export function changedLines({ original, text }: EditedText): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { newFrom, newCount } of diffLines(original ?? "", text))
    for (let i = 0; i < newCount; i += 1) lines.add(newFrom + i);
  return lines;
}
