// The directives of the proxy module alone: where requests go, what is said in them, and how redirects and cookies
// of the answer are rewritten.
// Source: nginx 1.22.1, src/http/modules/ngx_http_proxy_module.c.
import type { Span } from "../../text/diagnostic.ts";
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { choiceRow, flagRow, row } from "./directive-rows.ts";
import type { Pattern } from "./pattern.ts";
import { type ProxyTarget, readProxyPass } from "./proxy-pass.ts";
import { isConfigError, listRow, templateRow } from "./setting-rows.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";
import { upstreamRows } from "./upstream-directives.ts";

/** A `proxy_set_header` line. */
export interface HeaderSetting {
  readonly name: string;
  readonly value: Template;
  readonly span: Span;
}

/** What a text is compared with: a value with variables, or a regular expression. */
export type RewriteMatch =
  | { readonly kind: "text"; readonly text: Template }
  | { readonly kind: "regex"; readonly pattern: Pattern };

/** `proxy_redirect off`, `default` or a pair; also a pair of proxy_cookie_domain and _path. */
export type RewriteRule =
  | { readonly kind: "off" | "default" }
  | { readonly kind: "pair"; readonly match: RewriteMatch; readonly replacement: Template };

export interface CookieFlagsRule {
  readonly match: RewriteMatch | null;
  readonly flags: readonly Template[];
}

export const proxyPassRow = row<ProxyTarget | null>("proxy_pass", null, readProxyPass, {
  inherit: "unnamed",
  handler: "proxy",
});

export const proxySetHeaderRow: DirectiveRow<readonly HeaderSetting[]> = listRow<HeaderSetting>(
  "proxy_set_header",
  {
    fallback: [],
    repeat: true,
    read: (directive, build) => [
      {
        name: argumentText(directive, 0),
        value: build.template(argumentText(directive, 1), directive),
        span: directive.span,
      },
    ],
  },
);

export const proxyRows = {
  ...upstreamRows("proxy"),
  setBody: templateRow("proxy_set_body"),
  method: templateRow("proxy_method"),
  httpVersion: choiceRow("proxy_http_version", "1.0", ["1.0", "1.1"]),
  redirect: listRow<RewriteRule>("proxy_redirect", {
    fallback: [],
    repeat: true,
    read: readRedirect,
  }),
  cookieDomain: pairsRow("proxy_cookie_domain"),
  cookiePath: pairsRow("proxy_cookie_path"),
  cookieFlags: listRow<CookieFlagsRule>("proxy_cookie_flags", {
    fallback: [],
    repeat: true,
    read: readCookieFlags,
  }),
};

export const proxySslRows = {
  serverName: flagRow("proxy_ssl_server_name", false),
  name: templateRow("proxy_ssl_name"),
};

function readRedirect(
  directive: Directive,
  build: BuildContext,
  before: readonly RewriteRule[],
): readonly RewriteRule[] | ConfigError {
  const first = argumentText(directive, 0);
  if (before.some(({ kind }) => kind === "off"))
    return { emerg: '"proxy_redirect" directive is duplicate' };
  if (directive.args.length > 1) return readPair(directive, build);
  if (first === "default" && !build.has("proxy_pass")) {
    const after = '"proxy_redirect default" should be placed after the "proxy_pass" directive';
    return { emerg: after };
  }
  if (first === "off" || first === "default") return [{ kind: first }];
  return { emerg: `invalid parameter "${first}"` };
}

function pairsRow(name: string): DirectiveRow<readonly RewriteRule[]> {
  return listRow<RewriteRule>(name, {
    fallback: [],
    repeat: true,
    read: (directive, build) => {
      const first = argumentText(directive, 0);
      if (directive.args.length > 1) return readPair(directive, build);
      return first === "off" ? [{ kind: "off" }] : { emerg: `invalid parameter "${first}"` };
    },
  });
}

function readPair(directive: Directive, build: BuildContext): readonly RewriteRule[] | ConfigError {
  const match = readMatch(argumentText(directive, 0), directive, build);
  if (isConfigError(match)) return match;
  const replacement = build.template(argumentText(directive, 1), directive);
  return [{ kind: "pair", match, replacement }];
}

function readMatch(
  text: string,
  directive: Directive,
  build: BuildContext,
): RewriteMatch | ConfigError {
  if (!text.startsWith("~")) return { kind: "text", text: build.template(text, directive) };
  const caseless = text.startsWith("~*") || directive.name === "proxy_cookie_domain";
  const source = text.startsWith("~*") ? text.slice(2) : text.slice(1);
  const pattern = build.pattern(source, directive, caseless);
  return isConfigError(pattern) ? pattern : { kind: "regex", pattern };
}

function readCookieFlags(
  directive: Directive,
  build: BuildContext,
): readonly CookieFlagsRule[] | ConfigError {
  const [first, ...flags] = argumentTexts(directive);
  if (flags.length === 0 && first === "off") return [{ match: null, flags: [] }];
  if (flags.length === 0) return { emerg: `invalid parameter "${first}"` };
  const match = readMatch(first, directive, build);
  if (isConfigError(match)) return match;
  return [{ match, flags: flags.map((flag) => build.template(flag, directive)) }];
}
