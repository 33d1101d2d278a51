// Writing the access log's line of a request, when there is such a log and somebody reads it.
import type { RequestNumber } from "../../kernel/simulation.ts";
import { accessLine } from "./access-log.ts";
import { textOf } from "./config.ts";
import { hasAccessLog, logAccess } from "./logging.ts";
import { ACCESS_LOG_FORMAT } from "./options.ts";
import type { LoggedRequest } from "./request-error.ts";
import type { Runtime } from "./runtime.ts";
import type { Connection, Worker } from "./world.ts";

/** The line of a request that was answered; null when none is written. */
export function writeAccessLine(
  runtime: Runtime,
  worker: Worker,
  connection: Connection,
): string | null {
  const { response, parsed, environ } = connection;
  if (response === null || parsed === null || environ === null) return null;
  return write(runtime, worker, connection.request, {
    environ,
    requestHeaders: parsed.headers,
    responseHeaders: response.headers,
    status: response.status,
    sentBytes: response.sent,
    durationNs: runtime.host.sim.now - connection.startedAt,
  });
}

/** The line of a request that gunicorn itself answered with an error page: no user agent, 0 bytes. */
export function writeErrorAccessLine(
  runtime: Runtime,
  worker: Worker,
  connection: Connection,
  answer: { readonly status: string; readonly logged: LoggedRequest },
): string | null {
  const { peer } = runtime.host.network.info(connection.socket);
  const { logged, status } = answer;
  const environ = new Map([
    ["REQUEST_METHOD", logged.method],
    ["QUERY_STRING", logged.query],
    ["RAW_URI", logged.uri],
    ["SERVER_PROTOCOL", `HTTP/${logged.version[0]}.${logged.version[1]}`],
    ["REMOTE_ADDR", peer.kind === "tcp" ? peer.ip : ""],
    ["REMOTE_PORT", peer.kind === "tcp" ? String(peer.port) : "-1"],
  ]);
  return write(runtime, worker, connection.request, {
    environ,
    requestHeaders: logged.headers,
    responseHeaders: [],
    status,
    sentBytes: 0,
    durationNs: 0,
  });
}

type Sources = Omit<Parameters<typeof accessLine>[1], "time" | "pid">;

function write(
  runtime: Runtime,
  worker: Worker,
  request: RequestNumber,
  sources: Sources,
): string | null {
  const { host } = runtime;
  if (!hasAccessLog(worker.logging) || !host.sink.wants(request)) return null;
  const format = textOf(worker.logging, "access_log_format") ?? ACCESS_LOG_FORMAT;
  const time = `[${host.clock.logDate()}]`;
  const line = accessLine(format, { ...sources, time, pid: worker.pid });
  logAccess(host, worker, line, request);
  return line;
}
