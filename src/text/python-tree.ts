// The syntax tree of a Python file as the engine reads it: the part of @lezer/common's SyntaxNode that
// is used, with the node names of @lezer/python, so that either parser can have made it.

export interface PythonNode {
  /** As @lezer/python names it: `CallExpression`, `VariableName`, `"("`. */
  readonly name: string;
  /** Offsets in the text, the end not included. */
  readonly from: number;
  readonly to: number;
  readonly firstChild: PythonNode | null;
  readonly lastChild: PythonNode | null;
  readonly nextSibling: PythonNode | null;
  /** The first child of that name. */
  getChild(name: string): PythonNode | null;
  getChildren(name: string): readonly PythonNode[];
}

/** CPython refuses more: "too many nested parentheses". Source: CPython 3.11, Parser/tokenizer.h, MAXLEVEL. */
export const BRACKETS_MAX = 200;

export interface PythonTree {
  readonly top: PythonNode;
  /** Where the text first stops being Python, if it does. */
  readonly error: { readonly from: number; readonly to: number } | null;
}
