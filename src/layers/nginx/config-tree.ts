// The shape of a parsed nginx.conf before any meaning is given to it: directives, their arguments and
// their blocks, each with the place it stands at. Includes are already put in place of the directive
// `include`, so that a node's file may differ from its parent's.
import type { Span } from "../../text/diagnostic.ts";

/** One argument of a directive, quotes and escapes resolved. */
export interface Argument {
  readonly text: string;
  /** Written in single or double quotes. */
  readonly quoted: boolean;
  readonly span: Span;
}

export interface Directive {
  readonly name: string;
  readonly args: readonly Argument[];
  /** Where reading failed: nginx's words. It stands last, and only what comes before it has meaning. */
  readonly unreadable?: string;
  /** What stands between its braces, or null when it ends with a semicolon. */
  readonly block: readonly Directive[] | null;
  /** From the name to the `;`, or to the closing brace of its block. */
  readonly span: Span;
  readonly file: string;
  /** The line that nginx names in errors: where the `;` or the `{` stands. */
  readonly line: number;
  /** The line of the closing brace of its block. */
  readonly endLine?: number;
}

/** The text of the n-th argument (from 0), or an empty text when there is none. */
export function argumentText(directive: Directive, index: number): string {
  return directive.args[index]?.text ?? "";
}

/** The texts of all arguments. */
export function argumentTexts(directive: Directive): readonly string[] {
  return directive.args.map((argument) => argument.text);
}
