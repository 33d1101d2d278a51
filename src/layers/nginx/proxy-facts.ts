// What the panel shows of the request that nginx makes to an upstream: how its URI came about, and which
// lines wrote its headers. Made only for requests that somebody looks at.
import type { Alternative, Cause, Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { lostToInner } from "./lost-lines.ts";
import { proxyPassRow, proxySetHeaderRow } from "./proxy-directives.ts";
import type { NginxRequest } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";
import type { UpstreamCall } from "./upstream-call.ts";

/** The facts of the step that builds the request. */
export function requestFacts(request: NginxRequest, call: UpstreamCall): Facts {
  const { conf, block } = call;
  const isHttp = conf.module === "proxy";
  const [values, alternatives] = isHttp ? httpFacts(request, call) : [{}, []];
  return {
    values: { upstream: block.group.name, status: call.cache?.status, ...values },
    cause: requestCause(request) ?? causeOf(block.directive?.span, "the upstream of this location"),
    alternatives,
  };
}

/** The line to look at: a proxy_set_header that replaced others, or proxy_pass. */
function requestCause(request: NginxRequest): Cause | undefined {
  const { location } = request;
  if (lostToInner(request, proxySetHeaderRow).length > 0)
    return causeOf(
      settingOf(location, proxySetHeaderRow).span,
      "replaces every proxy_set_header around it",
    );
  const { value } = settingOf(location, proxyPassRow);
  return causeOf(value?.span, "where this location passes requests");
}

function httpFacts(request: NginxRequest, call: UpstreamCall) {
  const uri = uriVerdict(request, call);
  const lost = lostToInner(request, proxySetHeaderRow).length;
  const pass = valueAt(request.location, proxyPassRow);
  const first: Alternative = {
    text: `proxy_pass ${pass?.text ?? ""}`,
    chosen: true,
    verdict: uri,
    cause: causeOf(pass?.span, "where this location passes requests"),
  };
  return [{ uri: call.uri, how: uri, lost }, [first, ...headerLines(request, call)]] as const;
}

/** How the URI that is asked for was made. */
function uriVerdict(request: NginxRequest, call: UpstreamCall): string {
  const pass = valueAt(request.location, proxyPassRow);
  const part = pass?.url?.uri ?? "";
  if (pass?.template != null) return `it has variables: their value is asked for, ${call.uri}`;
  if (part !== "" && request.validLocation)
    return `its path ${part} replaces the location's ${pass?.locationName}: ${call.uri}`;
  if (part !== "")
    return `a rewrite with break changed the URI, so its path is not used: ${call.uri}`;
  if (request.validUnparsedUri)
    return `no path after the port: the URI goes on as it came, ${call.uri}`;
  return `no path after the port: the changed URI goes on, ${call.uri}`;
}

/** The value as it stands in the request that was built. */
function sentVerdict(call: UpstreamCall, name: string): string {
  const lines = (call.head?.text ?? "").split("\r\n");
  const start = `${name.toLowerCase()}: `;
  const line = lines.find((one) => one.toLowerCase().startsWith(start));
  return line === undefined
    ? "its value is empty: the header is not sent"
    : `sent as ${line.slice(start.length)}`;
}

/** Headers that nginx sets by itself unless a proxy_set_header names them. */
const DEFAULTS = [
  ["Host", "$proxy_host"],
  ["Connection", "close"],
] as const;

function headerLines(request: NginxRequest, call: UpstreamCall): readonly Alternative[] {
  const own = valueAt(request.location, proxySetHeaderRow);
  const written = own.map(({ name, value, span }) => ({
    text: `proxy_set_header ${name} ${value.source || '""'}`,
    chosen: true,
    verdict: sentVerdict(call, name),
    cause: causeOf(span, "a header of the request to the upstream"),
  }));
  const named = new Set(own.map(({ name }) => name.toLowerCase()));
  const defaults = DEFAULTS.filter(([name]) => !named.has(name.toLowerCase())).map(
    ([name, value]) => ({
      text: `proxy_set_header ${name} ${value}`,
      chosen: true,
      verdict: name === "Host" ? `nginx's own default: ${call.host}` : "nginx's own default",
    }),
  );
  const lost = lostToInner(request, proxySetHeaderRow).map(({ name, value, span }) => ({
    text: `proxy_set_header ${name} ${value.source}`,
    chosen: false,
    verdict: "not inherited: the inner level has a proxy_set_header of its own",
    cause: causeOf(span, "a header of an outer level"),
  }));
  return [...written, ...defaults, ...lost];
}
