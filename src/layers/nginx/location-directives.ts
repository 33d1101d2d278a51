// The directives that say what a location answers from the disk and how errors are shown: root, alias,
// index, try_files, error_page, types, expires, add_header, charset.
// Source: ngx_http_core_module.c, ngx_http_try_files_module.c, ngx_http_headers_filter_module.c (1.22.1).
import type { Span } from "../../text/diagnostic.ts";
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { row, textRow } from "./directive-rows.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";
import { parseNumber, parseTimeMs } from "./units.ts";

/** nginx's prefix, for paths that do not begin with a slash. Source: Debian's configure arguments. */
const PREFIX = "/usr/share/nginx";

export interface RootSetting {
  readonly path: Template;
  readonly isAlias: boolean;
  /** Bytes of the location's name that an alias replaces; -1 in a regex location (alias is all). */
  readonly aliasBytes: number;
}

const constant = (text: string): Template => ({
  source: text,
  parts: [{ kind: "text", text }],
  constant: text,
});

function readRoot(directive: Directive, build: BuildContext): RootSetting | ConfigError {
  const isAlias = directive.name === "alias";
  const written = argumentText(directive, 0);
  for (const name of ["document_root", "realpath_root"]) {
    if (written.includes(`$${name}`) || written.includes(`\${${name}}`))
      return {
        emerg: `the $${name} variable cannot be used in the "${directive.name}" directive`,
      };
  }
  if (isAlias && build.location?.modifier === "@")
    return { emerg: `the "alias" directive cannot be used inside the named location` };
  const trimmed = isAlias ? written : written.replace(/\/$/, "");
  const full = /^[$/]/.test(written) ? trimmed : `${PREFIX}/${trimmed}`;
  const isRegex = build.location?.modifier.startsWith("~") ?? false;
  const aliasBytes = isRegex ? -1 : (build.location?.name.length ?? 0);
  return { path: build.template(full, directive), isAlias, aliasBytes };
}

const html: RootSetting = { path: constant(`${PREFIX}/html`), isAlias: false, aliasBytes: 0 };
export const ROOT = row<RootSetting>("root", html, readRoot);
const ALIAS = row<RootSetting>("alias", html, readRoot, { key: "root" });

export const INDEX = row<readonly Template[]>(
  "index",
  [constant("index.html")],
  (directive, build, before) => {
    const texts = argumentTexts(directive);
    if (texts.includes("")) return { emerg: 'index "" in "index" directive is invalid' };
    return [...(before ?? []), ...texts.map((text) => build.template(text, directive))];
  },
  { inherit: "array", repeat: true },
);

export interface TryFiles {
  readonly candidates: readonly {
    readonly text: string;
    readonly template: Template;
    readonly directory: boolean;
  }[];
  readonly last:
    | { readonly kind: "code"; readonly text: string; readonly status: number }
    | { readonly kind: "uri"; readonly text: string; readonly template: Template };
}

export const TRY_FILES = row<TryFiles | null>(
  "try_files",
  null,
  (directive, build) => {
    const texts = argumentTexts(directive);
    const written = texts[texts.length - 1];
    const candidates = texts.slice(0, -1).map((text) => {
      const directory = text.endsWith("/");
      const name = directory ? text.slice(0, -1) : text;
      return { text, template: build.template(name, directive), directory };
    });
    if (!written.startsWith("=")) {
      const template = build.template(written, directive);
      return { candidates, last: { kind: "uri", text: written, template } };
    }
    const status = parseNumber(written.slice(1));
    if (status === null || status > 999) return { emerg: `invalid code "${written}"` };
    return { candidates, last: { kind: "code", text: written, status } };
  },
  { inherit: "none" },
);

export interface ErrorPage {
  readonly status: number;
  /** The status to answer with: -1 keeps the error's, 0 takes the page's own. */
  readonly overwrite: number;
  readonly target: Template;
  readonly text: string;
  readonly span: Span;
}

const KEPT_AS_400 = new Set([494, 495, 496, 497]);

export const ERROR_PAGE = row<readonly ErrorPage[]>(
  "error_page",
  [],
  (directive, build, before) => {
    const texts = argumentTexts(directive).slice();
    const text = texts.pop() ?? "";
    const overwrite = readOverwrite(texts);
    if (typeof overwrite === "object") return overwrite;
    const target = build.template(text, directive);
    const pages: ErrorPage[] = [];
    for (const code of texts) {
      const status = readErrorStatus(code);
      if (typeof status === "object") return status;
      const kept = overwrite === -1 && KEPT_AS_400.has(status) ? 400 : overwrite;
      pages.push({ status, overwrite: kept, target, text, span: directive.span });
    }
    return [...(before ?? []), ...pages];
  },
  { inherit: "array", repeat: true },
);

/** Takes `=200` or `=` off the end of the codes; -1 when there is none. */
function readOverwrite(texts: string[]): number | ConfigError {
  const last = texts.at(-1) ?? "";
  if (!last.startsWith("=")) return -1;
  const status = last === "=" ? 0 : parseNumber(last.slice(1));
  if (texts.length === 1 || status === null) return { emerg: `invalid value "${last}"` };
  texts.pop();
  return status;
}

function readErrorStatus(code: string): number | ConfigError {
  const status = parseNumber(code);
  if (status === null || status === 499) return { emerg: `invalid value "${code}"` };
  const isError = status >= 300 && status <= 599;
  return isError ? status : { emerg: `value "${code}" must be between 300 and 599` };
}

/** Extensions to types when no level has `types`. Source: ngx_http_core_default_types. */
const defaultTypes: ReadonlyMap<string, string> = new Map([
  ["html", "text/html"],
  ["gif", "image/gif"],
  ["jpg", "image/jpeg"],
]);

export const TYPES = row<ReadonlyMap<string, string>>(
  "types",
  defaultTypes,
  (directive, build, before) => {
    const types = new Map(before ?? []);
    for (const entry of directive.block ?? []) {
      for (const { text } of entry.args) {
        const extension = text.toLowerCase();
        const previous = types.get(extension);
        if (previous !== undefined) {
          const what = `content type: "${entry.name}", previous content type: "${previous}"`;
          build.warn(`duplicate extension "${text}", ${what}`, entry);
        }
        types.set(extension, entry.name);
      }
    }
    return types;
  },
  { inherit: "array", repeat: true, opens: "entries" },
);

export interface Expires {
  readonly kind: "off" | "epoch" | "max" | "access" | "modified" | "daily" | "variable";
  readonly seconds: number;
  readonly template: Template | null;
}

/** Reads the value of expires, also when it comes out of a variable. */
export function parseExpires(text: string, modified: boolean): Expires | ConfigError {
  const plain = { seconds: 0, template: null };
  if (!modified && (text === "epoch" || text === "max" || text === "off"))
    return { kind: text, ...plain };
  const match = /^([@+-]?)(.*)$/s.exec(text) as RegExpExecArray;
  const ms = parseTimeMs(match[2], true);
  if (match[1] === "@" && modified)
    return { emerg: `"expires" directive daily time cannot be used with "modified" parameter` };
  if (ms === null) return { emerg: `"expires" directive invalid value` };
  const seconds = (match[1] === "-" ? -1 : 1) * (ms / 1000);
  if (match[1] === "@" && seconds > 86_400)
    return { emerg: `"expires" directive daily time value must be less than 24 hours` };
  const kind = match[1] === "@" ? "daily" : modified ? "modified" : "access";
  return { kind, seconds, template: null };
}

export const EXPIRES = row<Expires>(
  "expires",
  { kind: "off", seconds: 0, template: null },
  (directive, build) => {
    const texts = argumentTexts(directive);
    const modified = texts.length === 2;
    if (modified && texts[0] !== "modified") return { emerg: `"expires" directive invalid value` };
    const text = texts[texts.length - 1];
    if (!text.includes("$")) return parseExpires(text, modified);
    return { kind: "variable", seconds: 0, template: build.template(text, directive) };
  },
);

export interface AddedHeader {
  readonly name: string;
  readonly value: Template;
  readonly always: boolean;
  readonly span: Span;
}

export const ADD_HEADER = row<readonly AddedHeader[]>(
  "add_header",
  [],
  (directive, build, before) => {
    const [name, value, always] = argumentTexts(directive);
    if (always !== undefined && always !== "always")
      return { emerg: `invalid parameter "${always}"` };
    const added = {
      name,
      value: build.template(value, directive),
      always: always !== undefined,
      span: directive.span,
    };
    return [...(before ?? []), added];
  },
  { inherit: "array", repeat: true },
);

export const CHARSET = textRow("charset", "off");
/** Source: ngx_http_charset_default_types. */
const CHARSET_DEFAULTS = [
  "text/html",
  "text/xml",
  "text/plain",
  "text/vnd.wap.wml",
  "application/javascript",
  "application/rss+xml",
];
export const CHARSET_TYPES = row<readonly string[]>(
  "charset_types",
  CHARSET_DEFAULTS,
  (directive) => ["text/html", ...argumentTexts(directive)],
  { inherit: "array" },
);

export const locationDirectives: readonly DirectiveRow[] = [
  ROOT,
  ALIAS,
  INDEX,
  TRY_FILES,
  ERROR_PAGE,
  TYPES,
  EXPIRES,
  ADD_HEADER,
  CHARSET,
  CHARSET_TYPES,
];
