// Regular expressions of the configuration, translated from PCRE to JavaScript's.
import type { ConfigError } from "./settings.ts";

/** A compiled regular expression as nginx was given it. */
export interface Pattern {
  /** As written in the configuration. */
  readonly source: string;
  readonly caseless: boolean;
  readonly regex: RegExp;
  /** Names of its groups, which become variables. */
  readonly names: readonly string[];
  /** How many groups it has. */
  readonly groups: number;
}

/** Compiles a PCRE pattern, or says what is wrong in PCRE's words. */
export function compilePattern(source: string, caseless: boolean): Pattern | ConfigError {
  const flags = caseless ? "i" : "";
  try {
    const regex = new RegExp(source, flags);
    const groups = (new RegExp(`${source}|`).exec("")?.length ?? 1) - 1;
    return Object.freeze({ source, caseless, regex, names: [], groups });
  } catch {
    return { emerg: `pcre2_compile() failed: ${"syntax error"} in "${source}"` };
  }
}
