// On which line of a JSON text each value stands, by its path (`[1].request.url`), so that a message
// about a value can be shown where it is written. The text must be valid JSON; what is not is passed over.

/** The line (from 1) of every value, by its path as a scenario's messages write it. */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const reader: Reader = { text, at: 0, line: 1, lines };
  readValue(reader, "");
  return lines;
}

/** The line of the value at `path`, or of the nearest one around it; 1 when there is none. */
export function lineOfPath(lines: ReadonlyMap<string, number>, path: string): number {
  for (let end = path; end !== ""; end = end.replace(/(?:\.\w+|^\w+|\[[^[]*\])$/, "")) {
    const line = lines.get(end);
    if (line !== undefined) return line;
    if (!/(?:\.\w+|^\w+|\[[^[]*\])$/.test(end)) break;
  }
  return 1;
}

/** The line on which an error of JSON.parse stands, as far as its message says: V8 gives an offset. */
export function lineOfSyntaxError(text: string, message: string): number {
  const line = /line (\d+) column/.exec(message);
  if (line !== null) return Number(line[1]);
  const offset = /position (\d+)/.exec(message);
  const end = offset === null ? text.length : Number(offset[1]);
  return text.slice(0, end).split("\n").length;
}

interface Reader {
  readonly text: string;
  at: number;
  line: number;
  readonly lines: Map<string, number>;
}

function skipSpace(reader: Reader): void {
  for (; /\s/.test(reader.text[reader.at] ?? "x"); reader.at += 1)
    if (reader.text[reader.at] === "\n") reader.line += 1;
}

function readValue(reader: Reader, path: string): void {
  skipSpace(reader);
  reader.lines.set(path, reader.line);
  const first = reader.text[reader.at];
  if (first === "{") readItems(reader, "}", () => readMember(reader, path));
  else if (first === "[") {
    let index = 0;
    readItems(reader, "]", () => readValue(reader, `${path}[${index++}]`));
  } else if (first === '"') readString(reader);
  else while (/[^\s,\]}]/.test(reader.text[reader.at] ?? ",")) reader.at += 1;
}

function readItems(reader: Reader, close: string, readItem: () => void): void {
  reader.at += 1;
  for (;;) {
    skipSpace(reader);
    const next = reader.text[reader.at];
    if (next === undefined) return;
    if (next === close || next === ",") {
      reader.at += 1;
      if (next === close) return;
      continue;
    }
    const before = reader.at;
    readItem();
    // A stray character would hold the reader up for ever.
    if (reader.at === before) reader.at += 1;
  }
}

function readMember(reader: Reader, path: string): void {
  const key = readString(reader);
  skipSpace(reader);
  if (reader.text[reader.at] !== ":") return;
  reader.at += 1;
  const isName = /^[A-Za-z_]\w*$/.test(key);
  const named = path === "" ? key : `${path}.${key}`;
  readValue(reader, isName ? named : `${path}[${JSON.stringify(key)}]`);
}

function readString(reader: Reader): string {
  const match = /"(?:[^"\\]|\\.)*"/sy;
  match.lastIndex = reader.at;
  const found = match.exec(reader.text);
  if (found === null) return "";
  reader.at = match.lastIndex;
  try {
    return JSON.parse(found[0]) as string;
  } catch {
    return "";
  }
}
