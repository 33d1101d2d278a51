// The directive server_name: exact names, leading and trailing wildcards, regular expressions.
// Source: ngx_http_core_server_name; src/core/ngx_hash.c, ngx_hash_add_key (1.22.1).
import { argumentTexts, type Directive } from "./config-tree.ts";
import { row } from "./directive-rows.ts";
import type { BuildContext, ConfigError, DirectiveRow, ServerName } from "./settings.ts";

export const SERVER_NAME = row<readonly ServerName[]>(
  "server_name",
  [{ text: "", kind: "exact", key: "", pattern: null, span: null }],
  (directive, build, before) => {
    const names: ServerName[] = [];
    for (const text of argumentTexts(directive)) {
      const name = readName(text, directive, build);
      if ("emerg" in name) return name;
      names.push(name);
    }
    return [...(before ?? []), ...names];
  },
  { inherit: "none", repeat: true },
);

export const serverNameDirectives: readonly DirectiveRow[] = [SERVER_NAME];

function readName(
  text: string,
  directive: Directive,
  build: BuildContext,
): ServerName | ConfigError {
  const { span } = directive;
  const isBad = text.startsWith("*")
    ? text.length < 3 || text[1] !== "."
    : text.startsWith(".") && text.length < 2;
  if (isBad) return { emerg: `server name "${text}" is invalid` };
  if (text.includes("/")) build.warn(`server name "${text}" has suspicious symbols`, directive);
  if (text.startsWith("~")) {
    const source = text.slice(1);
    if (source === "") return { emerg: `empty regex in server name "${text}"` };
    const pattern = build.pattern(source, directive, /[A-Z]/.test(source));
    return "emerg" in pattern ? pattern : { text, kind: "regex", key: source, pattern, span };
  }
  const lower = text.toLowerCase();
  if (lower.startsWith("*.") || lower.startsWith(".")) {
    const key = lower.slice(lower.startsWith("*") ? 1 : 0);
    return { text, kind: "leading", key, pattern: null, span };
  }
  if (lower.endsWith(".*"))
    return { text, kind: "trailing", key: lower.slice(0, -1), pattern: null, span };
  return { text, kind: "exact", key: lower, pattern: null, span };
}

/** $server_name: the first name as nginx prints it. */
export function firstServerName(names: readonly ServerName[]): string {
  const [first] = names;
  if (first === undefined) return "";
  if (first.kind === "regex") return first.text;
  const lower = first.text.toLowerCase();
  return lower.startsWith(".") ? lower.slice(1) : lower;
}
