// One assignment at the top level of a Python file, found and rewritten as text: settings.py and
// gunicorn.conf.py. Only literals are read; brackets may go over several lines.

/** Where a value stands in the text, and what it says. */
export interface Assignment {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The last assignment of a name, since that one holds. */
export function assignmentIn(text: string, name: string): Assignment | null {
  const found = [...text.matchAll(new RegExp(`^${name}[ \\t]*=[ \\t]*(?!=)`, "gm"))].at(-1);
  if (found === undefined) return null;
  const start = found.index + found[0].length;
  const end = endOfValue(text, start);
  return { value: text.slice(start, end), start, end };
}

/** What decides where a value ends: strings, comments, brackets, ends of lines; and anything else. */
const TOKEN =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#[^\n]*|[([{]|[)\]}]|\n|[^\S\n]+|[^\s"'#()[\]{}]+|./g;

/** Where the value that begins here ends: with its line, unless a bracket is open there. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let end = start;
  for (const { 0: token, index } of text.slice(start).matchAll(TOKEN)) {
    const isComment = token.startsWith("#");
    if (depth === 0 && (token === "\n" || isComment)) break;
    if ("([{".includes(token)) depth++;
    else if (")]}".includes(token)) depth--;
    if (!isComment && token.trim() !== "") end = start + index + token.length;
  }
  return end;
}

/** A value of JavaScript as Python writes it. */
export function pythonText(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : `'${value.replace(/['\\]/g, "\\$&")}'`;
}

/** The text with another value for a name, added at the end when it has none; and the value's line. */
export function withAssignment(
  text: string,
  name: string,
  value: string | number | boolean,
): { text: string; line: number } {
  return withAssignedText(text, name, pythonText(value));
}

/** As `withAssignment`, with the value already in Python. */
export function withAssignedText(
  text: string,
  name: string,
  python: string,
): { text: string; line: number } {
  const found = assignmentIn(text, name);
  if (found === null) {
    const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    return { text: `${before}${name} = ${python}\n`, line: before.split("\n").length };
  }
  const line = text.slice(0, found.start).split("\n").length;
  return { text: text.slice(0, found.start) + python + text.slice(found.end), line };
}
