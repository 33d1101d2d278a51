// Which requests have a line in the log. Source: uWSGI 2.0.21 core/logging.c log_request.

import { MILLISECOND } from "../../kernel/time.ts";
import { log, requestLine } from "./log-lines.ts";
import { type Master, masterOfWorker, type Runtime, type UwsgiRequest, world } from "./world.ts";

/** Some requests are logged although logging is disabled. */
function isLogged({ host }: Runtime, { config }: Master, request: UwsgiRequest): boolean {
  const { switches, numbers } = config;
  const status = Number.parseInt(request.status ?? "500", 10);
  const tookMs = Math.floor((host.sim.now - request.startedAt) / MILLISECOND);
  return (
    !switches.has("disable-logging") ||
    (switches.has("log-zero") && request.sent === 0) ||
    (numbers["log-slow"] > 0 && tookMs >= numbers["log-slow"]) ||
    (switches.has("log-4xx") && status >= 400 && status <= 499) ||
    (switches.has("log-5xx") && status >= 500 && status <= 599) ||
    (numbers["log-big"] > 0 && request.sent >= numbers["log-big"])
  );
}

/** One line a request, unless disabled. */
export function logRequest(runtime: Runtime, request: UwsgiRequest): void {
  const worker = world(runtime).workers.get(request.worker);
  const master = worker === undefined ? undefined : masterOfWorker(runtime, worker);
  if (worker === undefined || master === undefined) return;
  master.total++;
  if (!isLogged(runtime, master, request)) return;
  if (!runtime.host.sink.wants(request.request)) return;
  log(
    runtime.host,
    master,
    requestLine(runtime.host, master, master.seats[worker.seat], request),
    request.request,
  );
}
