// Changes to a text, all of them given in places of the text before: a later one moves none of the
// others. Lines are kept, so that the source map of the text still finds the line of everything.

/** Part of a text: offsets in UTF-16 units, the end not included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** New text for a part. */
export interface Edit extends Range {
  readonly text: string;
}

export const contains = (outer: Range, inner: Range): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

/**
 * `code` within `range` after those edits that lie in it. One inside another has no effect; what is
 * put in between comes before what begins there.
 */
export function edited(code: string, range: Range, edits: readonly Edit[]): string {
  const inside = edits
    .filter((edit) => contains(range, edit))
    .sort((a, b) => a.start - b.start || Number(isLong(a)) - Number(isLong(b)) || b.end - a.end);
  let at = range.start;
  let text = "";
  for (const { start, end, text: replacement } of inside) {
    if (start < at) continue;
    text += code.slice(at, start) + keepLines(replacement, code.slice(start, end));
    at = end;
  }
  return text + code.slice(at, range.end);
}

const isLong = ({ start, end }: Range): boolean => end > start;

/** `text`, with as many line breaks as what it replaces. */
export function keepLines(text: string, replaced: string): string {
  const missing = replaced.split("\n").length - text.split("\n").length;
  return text + "\n".repeat(Math.max(0, missing));
}
