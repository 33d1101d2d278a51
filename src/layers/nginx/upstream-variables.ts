// The variables of the upstream side: $upstream_addr, $upstream_status and their like, $proxy_host, the cache's status.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_vars), ngx_http_proxy_module.c (ngx_http_proxy_vars).
import { MILLISECOND, type Span } from "../../kernel/time.ts";
import type { NginxContext, VariableRow } from "./phases.ts";
import { proxyRows } from "./proxy-directives.ts";
import type { NginxRequest } from "./request.ts";
import { valueAt } from "./settings.ts";
import { callOf, UPSTREAM, type UpstreamTry } from "./upstream-call.ts";
import type { ResponseHead } from "./upstream-header.ts";

function triesOfRequest(request: NginxRequest): readonly UpstreamTry[] {
  return (request.kept[UPSTREAM] as UpstreamTry[] | undefined) ?? [];
}

/** One value for each try, joined by `, `, and by ` : ` between upstream calls. */
function joined(request: NginxRequest, show: (made: UpstreamTry) => string): string | null {
  const tries = triesOfRequest(request);
  if (tries.length === 0) return null;
  let text = "";
  tries.forEach((made, i) => {
    if (made.peer === null && i > 0 && i < tries.length - 1) {
      text += " : ";
      return;
    }
    if (i > 0 && tries[i - 1].peer !== null) text += ", ";
    text += show(made);
  });
  return text;
}

/** $upstream_addr, or null when no upstream was asked. */
export function upstreamAddr(request: NginxRequest): string | null {
  return joined(request, (made) => made.peer ?? "");
}

/** $upstream_status; `-` for a try without one. */
export function upstreamStatus(request: NginxRequest): string | null {
  return joined(request, (made) => (made.status === 0 ? "-" : `${made.status}`));
}

function seconds(span: Span): string {
  const ms = Math.floor(span / MILLISECOND);
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")}`;
}

function timeOf(request: NginxRequest, until: (made: UpstreamTry) => number | null): string | null {
  return joined(request, (made) => {
    const end = until(made);
    return made.status === 0 || end === null ? "-" : seconds(end - made.startedAt);
  });
}

type Get = (context: NginxContext, request: NginxRequest, suffix: string) => string | null;
const variable = (name: string, get: Get): VariableRow => ({ name, get });

/** $upstream_cache_status, or null when the cache was not asked. */
export function cacheStatus(context: NginxContext, request: NginxRequest): string | null {
  const status = callOf(context, request.id)?.cache?.status ?? request.kept["cache.status"];
  return typeof status === "string" ? status : null;
}

function upstreamHeader(request: NginxRequest, name: string): string | null {
  const head = request.kept["upstream.head"] as ResponseHead | undefined;
  const values = (head?.headers ?? []).filter((header) => header.key.replaceAll("-", "_") === name);
  return values.length === 0 ? null : values.map((header) => header.value).join(", ");
}

function forwardedFor(request: NginxRequest): string {
  const sent = request.headersIn.filter((header) => header.key === "x-forwarded-for");
  return [...sent.map((header) => header.value), request.remoteAddr].join(", ");
}

function internalBodyLength(context: NginxContext, request: NginxRequest): string | null {
  const body = valueAt(request.location, proxyRows.setBody);
  if (body !== null) return `${context.evaluate(body, request).length}`;
  if (request.chunkedIn) return `${request.body?.bytes ?? 0}`;
  return request.contentLengthIn < 0 ? null : `${request.contentLengthIn}`;
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

export const upstreamVariables: readonly VariableRow[] = [
  variable("upstream_addr", (_, request) => upstreamAddr(request)),
  variable("upstream_status", (_, request) => upstreamStatus(request)),
  variable("upstream_connect_time", (_, request) => timeOf(request, (made) => made.connectedAt)),
  variable("upstream_header_time", (_, request) => timeOf(request, (made) => made.headerAt)),
  variable("upstream_response_time", (context, request) =>
    timeOf(request, (made) => made.endedAt ?? context.sim.now),
  ),
  variable("upstream_response_length", (_, request) =>
    joined(request, (made) => `${made.responseBytes}`),
  ),
  variable("upstream_bytes_received", (_, request) =>
    joined(request, (made) => `${made.bytesReceived}`),
  ),
  variable("upstream_cache_status", cacheStatus),
  variable("upstream_cache_last_modified", (context, request) => {
    return callOf(context, request.id)?.cache?.stale?.lastModified ?? null;
  }),
  variable("upstream_cache_etag", (context, request) => {
    return callOf(context, request.id)?.cache?.stale?.etag ?? null;
  }),
  {
    name: "upstream_http_",
    prefix: true,
    get: (_, request, suffix) => upstreamHeader(request, suffix),
  },
  {
    name: "upstream_cookie_",
    prefix: true,
    get: (_, request, suffix) => {
      const found = new RegExp(`(?:^|\\n)${suffix}=([^;\\n]*)`).exec(
        upstreamHeader(request, "set_cookie") ?? "",
      );
      return found?.[1] ?? null;
    },
  },
  variable("proxy_host", (_, request) => text(request.ctx["proxy.host"])),
  variable("proxy_port", (_, request) => text(request.ctx["proxy.port"])),
  variable("proxy_add_x_forwarded_for", (_, request) => forwardedFor(request)),
  variable("proxy_internal_body_length", internalBodyLength),
];
