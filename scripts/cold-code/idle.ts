// What of a module did not run, and the questions that are asked about it.
import { contains, type Range } from "./edits.ts";

export interface Idle {
  /** Whole functions. */
  readonly functions: readonly Range[];
  /** Those, and the idle branches of functions that ran. */
  readonly parts: readonly Range[];
}

export interface IdleTest {
  /** Whether the function that is `node`, or its value, did not run. */
  isIdleFunction(node: Range & { readonly body?: unknown }): boolean;
  /** Whether nothing of `node` ran. */
  isIdlePart(node: Range): boolean;
}

/** Answers about `idle`. */
export function idleTest({ functions, parts }: Idle): IdleTest {
  const startsOf = new Map<number, number[]>();
  for (const { start, end } of functions) startsOf.set(end, [...(startsOf.get(end) ?? []), start]);
  const outermost = outermostOf(parts);
  return {
    // A method's range begins at its name or its keyword, so the end decides; but a function may end
    // where the one that it returns ends: `(a) => (b) => a + b`.
    isIdleFunction({ start, end, body }) {
      const inner = (body as Range | undefined)?.start ?? end;
      return startsOf.get(end)?.some((place) => place >= start && place < inner) === true;
    },
    isIdlePart(node) {
      let low = 0;
      let high = outermost.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (outermost[middle].end < node.end) low = middle + 1;
        else high = middle;
      }
      return low < outermost.length && contains(outermost[low], node);
    },
  };
}

/** The ranges that lie in no other, in order. */
function outermostOf(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = found[found.length - 1];
    if (last === undefined || range.end > last.end) found.push(range);
  }
  return found;
}
