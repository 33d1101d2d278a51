// Lines of nginx's error log: level, who, what, and the tail that says in which request it happened.
// Source: src/core/ngx_log.c; ngx_http_log_error, ngx_http_log_error_handler (1.22.1).
import { showByteText } from "../../text/utf8.ts";
import type { Core } from "./core.ts";
import { ERROR_LOG, LOG_LEVELS } from "./log-directives.ts";
import type { LogLevel } from "./phases.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import { type Conf, valueAt } from "./settings.ts";

interface Line {
  readonly conf: Conf;
  readonly level: LogLevel;
  readonly pid: number;
  readonly connection: number | null;
  readonly text: string;
  readonly request: number;
}

/** Longer lines are cut: ngx_log_error_core formats into 2048 bytes, one of them for the line end. */
const LINE_BYTES_MAX = 2047;

/** Writes a line to every error log of a level of the configuration that takes it. Says what was written, or null. */
function writeLine(core: Core, line: Line): string | null {
  const { host } = core;
  const rank = LOG_LEVELS.indexOf(line.level);
  const targets = valueAt(line.conf, ERROR_LOG).filter((target) => rank <= target.level);
  if (targets.length === 0) return null;
  const who = line.connection === null ? "" : `*${line.connection} `;
  const date = host.clock.errorLogDate();
  const shown = showByteText(line.text);
  const head = `${date} [${line.level}] ${line.pid}#${line.pid}: ${who}`;
  const kept = shown.slice(0, LINE_BYTES_MAX - head.length);
  const text = head + kept;
  for (const target of targets)
    host.sink.log(target.path, text, line.request, { level: line.level });
  return kept;
}

/** A line about a process: starts, reloads, ends. */
export function logProcess(
  core: Core,
  conf: Conf,
  pid: number,
  line: { readonly level: LogLevel; readonly text: string },
): void {
  if (!core.host.sink.wants(-1)) return;
  writeLine(core, { conf, ...line, pid, connection: null, request: -1 });
}

/** A line about a request, with its tail, if anybody reads the log. */
export function logRequestError(
  core: Core,
  request: NginxRequest,
  level: LogLevel,
  message: string,
): void {
  if (!core.host.sink.wants(request.number)) return;
  const main = core.world().requests.get(request.main) ?? request;
  const connection = core.connection(main.socket);
  const action = request.logAction === "" ? "" : ` while ${request.logAction}`;
  const text = `${message}${action}${tail(main, request)}`;
  const written = writeLine(core, {
    conf: main.location,
    level,
    pid: request.worker,
    connection: connection?.number ?? 0,
    text,
    request: request.number,
  });
  if (written !== null) main.errorLines.push(`[${level}] ${written}`);
}

function tail(main: NginxRequest, request: NginxRequest): string {
  const client = connectionAddress(main);
  const parts = [`, client: ${client}`, `, server: ${main.server.firstName}`];
  if (main.requestLine !== "") parts.push(`, request: "${main.requestLine}"`);
  if (main !== request) parts.push(`, subrequest: "${request.uri}"`);
  if (request.logUpstream !== null) parts.push(`, upstream: "${request.logUpstream}"`);
  const host = main.headersIn.find((header) => header.key === "host");
  if (host !== undefined) parts.push(`, host: "${host.value}"`);
  const referer = main.headersIn.find((header) => header.key === "referer");
  if (referer !== undefined) parts.push(`, referrer: "${referer.value}"`);
  return parts.join("");
}

/** realip replaces the address that the log names, too (c->addr_text). */
function connectionAddress(main: NginxRequest): string {
  return main.remoteAddr;
}

/** A line about a connection without a request; `plain` leaves out the tail. */
export function logConnectionError(
  core: Core,
  connection: ClientConnection,
  level: LogLevel,
  options: { readonly message: string; readonly plain?: true; readonly request: number },
): string | null {
  if (!core.host.sink.wants(options.request)) return null;
  const { clientIp, logAction, address } = connection;
  const action = logAction === "" ? "" : ` while ${logAction}`;
  const where = options.plain
    ? ""
    : `${action}, client: ${clientIp}, server: ${address.listen.text}`;
  const text = `${options.message}${where}`;
  const written = writeLine(core, {
    conf: address.defaultServer,
    level,
    pid: connection.worker,
    connection: connection.number,
    text,
    request: options.request,
  });
  return written === null ? null : `[${level}] ${written}`;
}
