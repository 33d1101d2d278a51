// Whether the connection is kept after this response.
// Source: ngx_http_handler, ngx_http_update_location_config, ngx_http_special_response_handler (1.22.1).
import { MILLISECOND } from "../../kernel/time.ts";
import type { Core } from "./core.ts";
import {
  KEEPALIVE_DISABLE,
  KEEPALIVE_REQUESTS,
  KEEPALIVE_TIME,
  KEEPALIVE_TIMEOUT,
} from "./core-directives.ts";
import type { NginxRequest } from "./request.ts";
import { valueAt } from "./settings.ts";

/** What the client asks for: HTTP/1.1 keeps unless it says close, 1.0 closes unless it says keep-alive. */
export function wantsKeepalive(request: NginxRequest): boolean {
  if (request.connectionType === "close") return false;
  return request.connectionType === "keep-alive" || request.httpVersion > 1000;
}

/** The location's limits: its timeout, requests per connection, age of the connection. */
export function decideKeepalive(core: Core, request: NginxRequest): void {
  if (!request.keepalive) return;
  const { location } = request;
  const connection = core.connection(request.socket);
  if (connection === null) return;
  const ageMs = (core.sim.now - connection.acceptedAt) / MILLISECOND;
  const isOver =
    valueAt(location, KEEPALIVE_TIMEOUT).timeoutMs === 0 ||
    connection.requests >= valueAt(location, KEEPALIVE_REQUESTS) ||
    ageMs > valueAt(location, KEEPALIVE_TIME) ||
    isDisabled(request);
  if (isOver) request.keepalive = false;
}

/** keepalive_disable: old browsers that lose a POST or hang on a kept connection. */
function isDisabled(request: NginxRequest): boolean {
  const named = valueAt(request.location, KEEPALIVE_DISABLE);
  const isPost = request.method === "POST" && named.includes("msie6");
  const asksForSafari = named.includes("safari");
  if (!isPost && !asksForSafari) return false;
  const agent = request.headersIn.find((header) => header.key === "user-agent")?.value ?? "";
  if (isPost && isMsie6(agent)) return true;
  if (!asksForSafari || /MSIE |Opera/.test(agent)) return false;
  return agent.includes("Safari/") && agent.includes("Mac OS X") && !agent.includes("Chrome/");
}

/** Internet Explorer 4 to 6 without its second service pack (ngx_http_process_user_agent). */
export function isMsie6(agent: string): boolean {
  const match = /MSIE ([456])\.(?=.)(.*)$/s.exec(agent);
  return match !== null && (match[1] !== "6" || !match[2].includes("SV1"));
}

const CLOSING: ReadonlySet<number> = new Set([400, 413, 414, 495, 496, 497, 500, 501]);

/** Statuses after which nginx closes, whatever the client wants. */
export function closesAfter(status: number): boolean {
  return CLOSING.has(status);
}
