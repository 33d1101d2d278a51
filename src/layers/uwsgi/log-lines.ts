// The lines of uWSGI's log. Source: uWSGI 2.0.21 core/logging.c log_request, core/master_utils.c; recorded.
import type { Host } from "../../host/processes.ts";
import { NO_REQUEST, type RequestNumber } from "../../kernel/simulation.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import type { Master, Seat, UwsgiRequest } from "./world.ts";

const STANDARD_STREAM = "uwsgi";
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A line to standard error or to logto's file. */
export function log(
  host: Host,
  { pid, config }: Pick<Master, "pid" | "config">,
  text: string,
  request: RequestNumber = NO_REQUEST,
): void {
  if (!host.sink.wants(request)) return;
  const stream = config.texts.logto ?? host.processes.get(pid)?.stderr ?? STANDARD_STREAM;
  host.sink.log(stream, text, request);
}

/** A line with the date in front. Source: core/logging.c uwsgi_log_verbose. */
export function logDated(
  host: Host,
  master: Pick<Master, "pid" | "config">,
  text: string,
  request: RequestNumber = NO_REQUEST,
): void {
  log(host, master, `${ctime(host)} - ${text}`, request);
}

/** `Sat Nov 21 00:20:52 2026`. */
export function ctime(host: Host): string {
  // The clock's own texts are UTC, as the server is: `2026-11-21 00:20:52`.
  const iso = host.clock.isoDate();
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  const weekday = DAYS[dayOfWeek(year, month, day)];
  return `${weekday} ${MONTHS[month - 1]} ${String(day).padStart(2, " ")} ${iso.slice(11)} ${year}`;
}

/** Sakamoto's method; 0 is Sunday. */
function dayOfWeek(year: number, month: number, day: number): number {
  const offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
  const y = month < 3 ? year - 1 : year;
  return (
    (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + offsets[month - 1] + day) %
    7
  );
}

/** The line of a request that was answered. */
export function requestLine(host: Host, master: Master, seat: Seat, request: UwsgiRequest): string {
  const { vars } = request;
  const value = (name: string): string => vars?.get(name) ?? "";
  const app = request.application;
  const own = app < 0 ? -1 : (seat.requests[app] ?? 0);
  const msecs = Math.floor((host.sim.now - request.startedAt) / MILLISECOND);
  const status = request.status?.split(" ")[0] ?? "500";
  const headers = request.headers.length;
  return (
    `[pid: ${seat.pid}|app: ${app}|req: ${own}/${master.total}] ${value("REMOTE_ADDR")} (${value("REMOTE_USER")}) ` +
    `{${request.pairs * 2} vars in ${request.blockBytes} bytes} [${ctime(host)}] ${value("REQUEST_METHOD")} ${value("REQUEST_URI")} ` +
    `=> generated ${request.sent} bytes in ${msecs} msecs (${value("SERVER_PROTOCOL")} ${status}) ` +
    `${headers} headers in ${request.headersSent ? request.headerBytes : 0} bytes (1 switches on core ${request.core})`
  );
}
