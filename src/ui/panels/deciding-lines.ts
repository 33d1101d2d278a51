// Which lines of a file decided something, and at which steps. Pure.
import type { Cause } from "../../layers/layer.ts";
import type { Journey } from "../../simulation/journey.ts";

/** Steps by the line that decided them, in order. */
export type DecidingLines = ReadonlyMap<number, readonly number[]>;

/** The lines of `path` that decided a step of `journey`. */
export function decidingLines(journey: Journey, path: string): DecidingLines {
  const lines = new Map<number, number[]>();
  const add = (cause: Cause | undefined, step: number): void => {
    if (cause === undefined || cause.file !== path) return;
    for (let line = cause.line; line <= lastLine(cause); line += 1) {
      const steps = lines.get(line) ?? [];
      if (steps.at(-1) !== step) steps.push(step);
      lines.set(line, steps);
    }
  };
  for (const step of journey.steps) {
    add(step.cause, step.index);
    for (const { cause } of step.alternatives) add(cause, step.index);
  }
  return lines;
}

/** A block of many lines counts by its first, or every line of a file would decide. */
const BLOCK_LINES_MAX = 3;

function lastLine({ line, endLine = line }: Cause): number {
  return endLine - line < BLOCK_LINES_MAX ? endLine : line;
}

/** The next step that the line decides after `current`, or its first; null when it decides none. */
export function nextDecision(lines: DecidingLines, line: number, current: number): number | null {
  const steps = lines.get(line);
  if (steps === undefined) return null;
  return steps.find((step) => step > current) ?? steps[0];
}

/** The file to open where no line decided the step: Nginx's, or else the one that decides most often. */
export function fileThatMatters(journey: Journey | null): string | undefined {
  if (journey === null) return undefined;
  const counts = journey.files.map(({ path }, at) => ({
    path,
    at,
    isNginx: path.includes("nginx"),
    count: journey.steps.filter(({ cause }) => cause?.file === path).length,
  }));
  const used = counts.filter(({ count }) => count > 0);
  const nginx = used.filter(({ isNginx }) => isNginx);
  const [best] = (nginx.length > 0 ? nginx : used).sort((a, b) => b.count - a.count || a.at - b.at);
  return best?.path ?? journey.files[0]?.path;
}
