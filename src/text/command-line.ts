// Splits a command line into words as a POSIX shell does, for the documented forms only: quotes,
// backslashes, `&&` and `;` between commands, redirections dropped. Nothing is expanded but what the
// caller expands. Source: POSIX.1-2017, Shell Command Language, sections 2.2 and 2.3.

export interface Word {
  readonly text: string;
  /** Character offsets in the command line. */
  readonly start: number;
  readonly end: number;
  /** Whether any part was quoted: a quoted word is never an operator or a pattern. */
  readonly quoted: boolean;
}

interface Reader {
  readonly line: string;
  at: number;
}

/** The words of a command line; an unclosed quote runs to the end. Never throws. */
export function splitCommandLine(line: string): Word[] {
  const reader: Reader = { line, at: 0 };
  const words: Word[] = [];
  for (;;) {
    while (
      /\s/.test(line[reader.at] ?? "") ||
      (line[reader.at] === "\\" && line[reader.at + 1] === "\n")
    )
      reader.at++;
    if (reader.at >= line.length) return words;
    words.push(readWord(reader));
  }
}

function readWord(reader: Reader): Word {
  const { line } = reader;
  const start = reader.at;
  let text = "";
  let quoted = false;
  while (reader.at < line.length && !/\s/.test(line[reader.at])) {
    const character = line[reader.at++];
    if (character === "'" || character === '"') {
      quoted = true;
      text += readQuoted(reader, character);
    } else if (character === "\\") {
      const next = line[reader.at++] ?? "";
      if (next !== "\n") text += next;
    } else {
      text += character;
    }
  }
  return { text, start, end: reader.at, quoted };
}

function readQuoted(reader: Reader, quote: string): string {
  const { line } = reader;
  let text = "";
  while (reader.at < line.length && line[reader.at] !== quote) {
    if (quote === '"' && line[reader.at] === "\\" && /["\\$`\n]/.test(line[reader.at + 1] ?? ""))
      reader.at++;
    text += line[reader.at++];
  }
  reader.at++;
  return text;
}
