// The difference between two texts, line by line: the longest common sequence of lines, found by
// Myers' algorithm, grouped into the places that changed. Pure; the work is bounded, so that two long
// texts with nothing in common are told apart as a whole and not line by line.
// Source: E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986, figure 2.

/** A place where the texts differ. Lines count from 1; a count of 0 means "nothing on this side". */
export interface Hunk {
  /** First line of the old text that goes, or the line before which the new ones come. */
  readonly oldFrom: number;
  readonly oldCount: number;
  readonly newFrom: number;
  readonly newCount: number;
}

/** Beyond this many insertions and deletions the texts are said to differ as a whole. */
const EDITS_MAX = 1_500;

/** The lines of a text; a final line break ends the last line and begins none. */
export function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** Where `after` differs from `before`, from top to bottom. Empty when every line is the same. */
export function diffLines(before: string, after: string): readonly Hunk[] {
  if (before === after) return [];
  return diffLists(linesOf(before), linesOf(after));
}

/** Where two lists differ, as diffLines says it for lines. */
export function diffLists(old: readonly string[], fresh: readonly string[]): readonly Hunk[] {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  )
    tail += 1;
  const left = old.slice(head, old.length - tail);
  const right = fresh.slice(head, fresh.length - tail);
  if (left.length === 0 && right.length === 0) return [];
  return hunksOf(commonPairs(left, right), left.length, right.length).map((hunk) => ({
    ...hunk,
    oldFrom: hunk.oldFrom + head,
    newFrom: hunk.newFrom + head,
  }));
}

/** The line of the new text that stands where `line` of the old one stood; null when it went. */
export function mapLine(hunks: readonly Hunk[], line: number): number | null {
  let shift = 0;
  for (const { oldFrom, oldCount, newCount } of hunks) {
    if (line < oldFrom) break;
    if (line < oldFrom + oldCount) return null;
    shift += newCount - oldCount;
  }
  return line + shift;
}

type Pair = readonly [old: number, fresh: number];

/** Indices of the lines that both lists have, in order. */
function commonPairs(old: readonly string[], fresh: readonly string[]): readonly Pair[] {
  const trail = searchForward(old, fresh);
  return trail === null ? [] : walkBack(trail, old, fresh);
}

/** The furthest reaching paths after 0, 1, 2 … edits; null when that takes too many. */
function searchForward(old: readonly string[], fresh: readonly string[]): Int32Array[] | null {
  const most = Math.min(old.length + fresh.length, EDITS_MAX);
  const middle = most + 1;
  const furthest = new Int32Array(2 * most + 3);
  const trail: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trail.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      let x = comesDown(edits, k, (diagonal) => furthest[middle + diagonal])
        ? furthest[middle + k + 1]
        : furthest[middle + k - 1] + 1;
      while (x < old.length && x - k < fresh.length && old[x] === fresh[x - k]) x += 1;
      furthest[middle + k] = x;
      if (x >= old.length && x - k >= fresh.length) return trail;
    }
  }
  return null;
}

/** Whether the furthest path to diagonal `k` ends with an insertion, not with a deletion. */
function comesDown(edits: number, k: number, reach: (diagonal: number) => number): boolean {
  return k === -edits || (k !== edits && reach(k - 1) < reach(k + 1));
}

function walkBack(
  trail: readonly Int32Array[],
  old: readonly string[],
  fresh: readonly string[],
): readonly Pair[] {
  const pairs: Pair[] = [];
  let x = old.length;
  let y = fresh.length;
  for (let edits = trail.length - 1; edits >= 0; edits -= 1) {
    // Each kept row holds the diagonals from -edits - 1 to edits + 1.
    const reach = (k: number): number => trail[edits][k + edits + 1];
    const k = x - y;
    const from = comesDown(edits, k, reach) ? k + 1 : k - 1;
    const fromX = edits === 0 ? 0 : reach(from);
    const fromY = fromX - (edits === 0 ? 0 : from);
    while (x > fromX && y > fromY && old[x - 1] === fresh[y - 1]) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    x = fromX;
    y = fromY;
  }
  return pairs.reverse();
}

function hunksOf(pairs: readonly Pair[], oldLength: number, newLength: number): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let nextOld = 0;
  let nextNew = 0;
  for (const [old, fresh] of [...pairs, [oldLength, newLength] as const]) {
    if (old > nextOld || fresh > nextNew) {
      hunks.push({
        oldFrom: nextOld + 1,
        oldCount: old - nextOld,
        newFrom: nextNew + 1,
        newCount: fresh - nextNew,
      });
    }
    nextOld = old + 1;
    nextNew = fresh + 1;
  }
  return hunks;
}
