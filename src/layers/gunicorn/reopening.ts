// USR1: the master opens its log files anew, so that a rotated log gets a new file.
import { openLogFiles } from "./logging.ts";
import type { Runtime } from "./runtime.ts";
import type { Master } from "./world.ts";

/** Reopens the error and the access log by the configured paths. */
export function reopenLogs(runtime: Runtime, master: Master): void {
  master.files = openLogFiles(runtime.host, master.logging);
}
