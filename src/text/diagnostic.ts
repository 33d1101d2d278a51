// What is wrong with a text, where, and what to do about it. Parsers never throw: they return a value
// and diagnostics. The message is in the real program's own words where it has some.

export type Severity = "error" | "warning" | "not-simulated";

export interface Diagnostic {
  readonly severity: Severity;
  /** `[emerg] unknown directive "x"`: the program's words, without file and line. */
  readonly message: string;
  readonly file: string;
  /** Counts from 1; 0 when the whole file is meant. */
  readonly line: number;
  /** Character offsets of the text meant. */
  readonly start?: number;
  readonly end?: number;
  /** What the reader can do, when the message alone does not say. */
  readonly remedy?: string;
}

/** A piece of a text: character offsets and the line it starts on (from 1). */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}
