// SQL text becomes tokens: words, quoted names, strings, numbers, operators and parameters, as the
// tokenizers of SQLite and PostgreSQL read the part of SQL that they share.
// Simplification: no blob literals, no dollar quoting, no escape strings.

export type SqlTokenKind =
  | "word"
  | "name"
  | "string"
  | "number"
  | "operator"
  | "parameter"
  | "bad"
  | "end";

export interface SqlToken {
  readonly kind: SqlTokenKind;
  /** The text as written; of quoted names and strings what the quotes hold. */
  readonly text: string;
  /** The text in capitals for words and operators, "" for everything else. */
  readonly keyword: string;
  /** Where it starts and ends in the SQL. */
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?<parameter>%s|%\(\w+\)s|\?\d*|[:@]\w+)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<operator>\|\||::|<=|>=|<>|!=|==|<<|>>|[-+*/%<>=(),.;~&|])|(?<bad>[\s\S][^\s]*)/y;

/**
 * The keywords that cannot stand where a name is wanted; all others can.
 * Source: SQLite parse.y, `%fallback ID` (what falls back is absent here), and SELECT's own words.
 */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE " +
    "DELETE DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS " +
    "ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO " +
    "TRANSACTION UNION UNIQUE UPDATE USING VALUES WHEN WHERE"
  ).split(" "),
);

/** Cuts SQL into tokens; the last one is of kind "end". */
export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < sql.length) {
    const start = pattern.lastIndex;
    const groups = pattern.exec(sql)?.groups ?? {};
    const found = Object.entries(groups).find(([, text]) => text !== undefined);
    if (found === undefined) break;
    if (found[0] !== "space") tokens.push(tokenOf(found[0] as SqlTokenKind, found[1], start));
  }
  tokens.push({ kind: "end", text: "", keyword: "", start: sql.length, end: sql.length });
  return tokens;
}

function tokenOf(kind: SqlTokenKind, written: string, start: number): SqlToken {
  const quoted = kind === "string" || kind === "name";
  const quote = written.at(-1) ?? "";
  const text = quoted ? written.slice(1, -1).replaceAll(quote + quote, quote) : written;
  const keyword = kind === "word" || kind === "operator" ? written.toUpperCase() : "";
  return { kind, text, keyword, start, end: start + written.length };
}
