// proxy_pass: its URL, the upstream it names, and which URI the upstream is asked for.
// Source: nginx 1.22.1, ngx_http_proxy_module.c (ngx_http_proxy_pass, ngx_http_proxy_eval,
// ngx_http_proxy_create_request) and the manual of proxy_pass.
import type { Span } from "../../text/diagnostic.ts";
import { argumentText, type Directive } from "./config-tree.ts";
import type { NginxRequest } from "./request.ts";
import type { BuildContext, ConfigError } from "./settings.ts";
import type { Template } from "./template.ts";
import { parseUpstreamUrl, type UpstreamUrl } from "./upstream-address.ts";
import { escapeUri } from "./uri.ts";

/** What a proxy_pass says. */
export interface ProxyTarget {
  /** As written. */
  readonly text: string;
  /** When it has variables: evaluated for each request. */
  readonly template: Template | null;
  /** Null with variables. */
  readonly url: ProxyUrl | null;
  /** The prefix that the URI part replaces: the location's name. */
  readonly locationName: string;
  readonly span: Span;
}

export interface ProxyUrl {
  readonly schema: "http://" | "https://" | "uwsgi://";
  readonly target: UpstreamUrl;
  /** $proxy_host: what Host says unless it is set. */
  readonly hostHeader: string;
  /** $proxy_port. */
  readonly port: string;
  /** The URI part, `?x` completed to `/?x`; empty when there is none. */
  readonly uri: string;
}

const NO_URI_HERE =
  '"proxy_pass" cannot have URI part in location given by regular expression, ' +
  'or inside named location, or inside "if" statement, or inside "limit_except" block';

/** Reads a proxy_pass directive. */
export function readProxyPass(
  directive: Directive,
  build: BuildContext,
): ProxyTarget | ConfigError {
  const text = argumentText(directive, 0);
  const locationName = build.location?.name ?? "";
  const { span } = directive;
  if (text.includes("$")) {
    const template = build.template(text, directive);
    if (template.constant === null) {
      return Object.freeze({ text, template, url: null, locationName, span });
    }
  }
  const url = readProxyUrl(text);
  if ("error" in url) return { emerg: url.error };
  if (url.uri !== "" && !mayHaveUri(build)) return { emerg: NO_URI_HERE };
  return Object.freeze({ text, template: null, url, locationName, span });
}

function mayHaveUri(build: BuildContext): boolean {
  const modifier = build.location?.modifier ?? "";
  const isPlain = build.context === "location" || build.context === "server";
  return isPlain && modifier !== "~" && modifier !== "~*" && modifier !== "@";
}

/** Splits `http://host:port/uri`, or says what is wrong in nginx's words. */
export function readProxyUrl(text: string): ProxyUrl | { readonly error: string } {
  const match = /^(https?:\/\/)(.*)$/is.exec(text);
  if (match === null) return { error: "invalid URL prefix" };
  const schema = match[1].toLowerCase() === "https://" ? "https://" : "http://";
  const defaultPort = schema === "https://" ? 443 : 80;
  const target = parseUpstreamUrl(match[2], defaultPort, true);
  if ("error" in target) return { error: `${target.error} in upstream "${match[2]}"` };
  const uri = target.uri.startsWith("?") ? `/${target.uri}` : target.uri;
  return Object.freeze({
    schema,
    target,
    hostHeader: hostHeaderOf(target, defaultPort),
    port: portOf(target),
    uri,
  });
}

function hostHeaderOf(target: UpstreamUrl, defaultPort: number): string {
  if (target.isUnix) return "localhost";
  return target.noPort || target.port === defaultPort ? target.host : target.hostPort;
}

function portOf(target: UpstreamUrl): string {
  return target.isUnix ? "" : `${target.port}`;
}

/** What decides about the URI besides the request. */
export interface ProxyUriRule {
  /** The URI part of proxy_pass. */
  readonly uri: string;
  readonly locationName: string;
  readonly hasVariables: boolean;
}

/**
 * The request target sent to the upstream: the raw one when proxy_pass has no URI part and the URI was not changed;
 * with a URI part that, then what follows the location's prefix, escaped again; with variables exactly the value.
 */
export function proxyUri(request: NginxRequest, rule: ProxyUriRule): string {
  if (rule.hasVariables && rule.uri !== "") return rule.uri;
  if (rule.uri === "" && request.validUnparsedUri) return request.unparsedUri;
  const isReplaced = rule.uri !== "" && request.validLocation;
  const rest = isReplaced ? request.uri.slice(rule.locationName.length) : request.uri;
  const escaped = request.quotedUri || request.internal ? escapeUri(rest) : rest;
  const args = request.args === "" ? "" : `?${request.args}`;
  return `${isReplaced ? rule.uri : ""}${escaped}${args}`;
}
