// The lines of supervisord's own log: on its standard output, and in its logfile.
import { NO_REQUEST } from "../../kernel/simulation.ts";
import type { Daemon, Runtime } from "./world.ts";

type Level = "INFO" | "WARN" | "CRIT";

/** Places in the list of levels. Source: loggers.py. */
const RANK: Readonly<Record<Level, number>> = { INFO: 3, WARN: 4, CRIT: 6 };

/** Writes one line. */
export function log(runtime: Runtime, daemon: Daemon, level: Level, text: string): void {
  const { sink, clock } = runtime.host;
  if (!sink.wants(NO_REQUEST) || RANK[level] < daemon.config.leastLevel) return;
  const ms = String(clock.nowMs() % 1000).padStart(3, "0");
  const line = `${clock.isoDate()},${ms} ${level} ${text}`;
  sink.log("supervisor", line, NO_REQUEST, { level: level.toLowerCase() });
  if (daemon.logfile !== null) sink.log(daemon.logfile, line, NO_REQUEST);
}
