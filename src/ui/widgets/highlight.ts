// Light colouring of configuration text: comments, strings, numbers, words that mean something, names.
// One pass with one expression for each language; it never fails and colours nothing it does not know.

export type Language =
  | "nginx"
  | "python"
  | "shell"
  | "zone"
  | "ini"
  | "json"
  | "text"
  | "http"
  | "sql";
export type TokenKind = "plain" | "comment" | "string" | "number" | "keyword" | "name";

export interface Piece {
  readonly kind: TokenKind;
  readonly text: string;
}

type Rule = readonly [kind: TokenKind, source: string];

const quoted = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'`;
const number = String.raw`(?<![\w.])\d+(?:\.\d+)*[kKmMgGsdhr]?(?![\w])`;

const rules: Readonly<Record<Language, readonly Rule[]>> = {
  nginx: [
    ["comment", "#.*"],
    ["string", quoted],
    ["name", String.raw`\$\w+`],
    ["keyword", String.raw`(?<=^\s*|[;{}]\s*)[a-z_]+(?=[\s;{])`],
    ["number", number],
  ],
  python: [
    ["comment", "#.*"],
    ["string", `[rbfu]*(?:"""[^]*?(?:"""|$)|${quoted})`],
    [
      "keyword",
      String.raw`\b(?:from|import|as|def|class|return|if|else|elif|for|in|not|and|or|is|lambda|with|try|except|raise|pass|True|False|None)\b`,
    ],
    ["name", String.raw`\b[A-Za-z_]\w*(?=\()|^[A-Z_]{2,}(?= *=)`],
    ["number", number],
  ],
  shell: [
    ["comment", "(?<=^|\\s)#.*"],
    ["string", quoted],
    ["keyword", String.raw`(?<=\s)--?[a-z][\w-]*`],
    ["name", String.raw`^\s*[\w./-]+`],
    ["number", String.raw`(?<=[\s=:])\d+(?!\S)`],
  ],
  zone: [
    ["comment", ";.*"],
    ["string", quoted],
    ["keyword", String.raw`\b(?:IN|SOA|NS|A|AAAA|CNAME|MX|TXT|CAA|HTTPS|DS|PTR|SRV)\b|^\$\w+`],
    ["number", number],
  ],
  ini: [
    ["comment", "[#;].*"],
    ["keyword", String.raw`^\s*[\w.-]+(?=\s*=)`],
    ["name", String.raw`^\[[^\]]*\]`],
    ["number", number],
  ],
  json: [
    ["name", `${quoted}(?=\\s*:)`],
    ["string", quoted],
    ["keyword", String.raw`\b(?:true|false|null)\b`],
    ["number", number],
  ],
  http: [
    ["keyword", String.raw`^(?:[A-Z]+ (?=\S+ HTTP)|HTTP\/[\d.]+ \d+.*)`],
    ["name", String.raw`^[\w-]+(?=:)`],
  ],
  sql: [
    ["string", "'(?:[^']|'')*'"],
    [
      "keyword",
      String.raw`\b(?:SELECT|FROM|WHERE|AND|OR|NOT|IN|INNER|LEFT|OUTER|JOIN|ON|ORDER|GROUP|BY|LIMIT|OFFSET|INSERT|INTO|VALUES|UPDATE|SET|DELETE|AS|IS|NULL|COUNT|DISTINCT|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|ASC|DESC|HAVING|LIKE|RETURNING)\b`,
    ],
    ["number", number],
  ],
  text: [],
};

/** Longest line that is coloured; a longer one is shown plain. */
const COLOURED_CHARACTERS_MAX = 2_000;

/** Splits one line into coloured pieces; their texts together are the line. */
export function highlightLine(line: string, language: Language): readonly Piece[] {
  const own = rules[language];
  if (own.length === 0 || line.length > COLOURED_CHARACTERS_MAX)
    return [{ kind: "plain", text: line }];
  const pattern = new RegExp(own.map(([, source]) => `(${source})`).join("|"), "gm");
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of line.matchAll(pattern)) {
    if (match[0] === "") continue;
    if (match.index > end) pieces.push({ kind: "plain", text: line.slice(end, match.index) });
    const rule = own[match.slice(1).findIndex((group) => group !== undefined)];
    pieces.push({ kind: rule[0], text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) pieces.push({ kind: "plain", text: line.slice(end) });
  return pieces;
}
