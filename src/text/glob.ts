// Shell patterns: `*` and `?`, which stop at a slash, and sets such as `[a-z]` and `[!0-9]`. The time is at
// most the product of both lengths, where a regular expression with many stars could take for ever.
// Source: glob(7).

/** Whether the pattern matches the whole name. */
export function matchesGlob(pattern: string, name: string): boolean {
  const parts = partsOf(pattern);
  let part = 0;
  let at = 0;
  /** Where to go on when what follows the last star does not fit: the star takes one more. */
  let retry: { readonly part: number; at: number } | null = null;
  while (at < name.length) {
    if (parts[part] === "*") {
      retry = { part: ++part, at };
    } else if (part < parts.length && fits(parts[part], name[at])) {
      part++;
      at++;
    } else {
      if (retry === null || name[retry.at] === "/") return false;
      part = retry.part;
      at = ++retry.at;
    }
  }
  return parts.slice(part).every((rest) => rest === "*");
}

/** The pattern's characters, a set as one. */
function partsOf(pattern: string): string[] {
  const lastEnd = pattern.lastIndexOf("]");
  const parts: string[] = [];
  for (let at = 0; at < pattern.length; at += parts[parts.length - 1].length) {
    const end = pattern[at] === "[" && at < lastEnd ? pattern.indexOf("]", at + 2) : -1;
    parts.push(end < 0 ? pattern[at] : pattern.slice(at, end + 1));
  }
  return parts;
}

function fits(part: string, character: string): boolean {
  if (part === "?") return character !== "/";
  if (part.length === 1) return part === character;
  const isNegated = part[1] === "!";
  return inSet(part.slice(isNegated ? 2 : 1, -1), character) !== isNegated;
}

function inSet(set: string, character: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const isRange = set[at + 1] === "-" && at + 2 < set.length;
    const last = isRange ? set[at + 2] : set[at];
    if (set[at] <= character && character <= last) return true;
    if (isRange) at += 2;
  }
  return false;
}
