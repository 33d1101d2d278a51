// Shell patterns: `*` and `?`, which stop at a slash, and sets such as `[a-z]` and `[!0-9]`.
// Source: glob(7).
import { BoundedRegExp } from "./bounded-regexp.ts";

/** Linux knows no longer path. Source: include/uapi/linux/limits.h, PATH_MAX. */
const PATTERN_MAX = 4096;
const NOTHING = /(?!)/;

/** What matches the names that fit a pattern; nothing where the pattern makes no sense. */
export function globPattern(pattern: string): RegExp {
  if (pattern.length > PATTERN_MAX) return NOTHING;
  const source = pattern.replace(/\[!?[^\]]+\]|[*?]|[\\^$.|+()[\]{}]/g, (token) => {
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    return token.length > 1 ? token.replace(/^\[!/, "[^") : `\\${token}`;
  });
  try {
    return new BoundedRegExp(`^${source}$`, "");
  } catch {
    return NOTHING;
  }
}
