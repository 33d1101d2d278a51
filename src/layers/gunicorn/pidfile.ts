// The master's pid file. Source: gunicorn/pidfile.py 20.1.0.
import { isDiskError } from "../../host/disk.ts";
import { textOf } from "./config.ts";
import type { Runtime } from "./runtime.ts";
import type { Master } from "./world.ts";

function configuredPath(master: Master): string | null {
  const given = textOf(master.config, "pidfile");
  if (given === null) return null;
  return given.startsWith("/") ? given : `${master.config.chdir.replace(/\/$/, "")}/${given}`;
}

/**
 * Writes the pid file; `<path>.2` while the old master of a USR2 lives. Returns the words of the error
 * when another living process holds it, or its directory is missing.
 */
export function createPidfile(runtime: Runtime, master: Master): string | null {
  const path = configuredPath(master);
  return path === null ? null : writePidfile(runtime, master, path);
}

function writePidfile(runtime: Runtime, master: Master, path: string): string | null {
  const { disk, processes } = runtime.host;
  const directory = path.slice(0, path.lastIndexOf("/"));
  if (directory !== "" && isDiskError(disk.stat(directory)))
    return `${directory} doesn't exist. Can't create pidfile.`;
  const name = master.masterPid === 0 ? path : `${path}.2`;
  const old = Number.parseInt(disk.lstat(name)?.text ?? "", 10);
  if (old !== master.pid && processes.alive(old))
    return `Already running on PID ${old} (or pid file '${name}' is stale)`;
  disk.write(name, `${master.pid}\n`, { mode: 0o644 });
  master.pidfile = name;
  return null;
}

/** The new master takes the old one's name. */
export function movePidfile(runtime: Runtime, master: Master): void {
  const path = configuredPath(master);
  if (master.pidfile === null || path === null) return;
  removePidfile(runtime, master);
  createPidfile(runtime, master);
}

/** Whether the file still names this process. */
export function isPidfileOurs(runtime: Runtime, master: Master): boolean {
  if (master.pidfile === null) return false;
  return Number.parseInt(runtime.host.disk.lstat(master.pidfile)?.text ?? "", 10) === master.pid;
}

/** Unlinks the file. */
export function removePidfile(runtime: Runtime, master: Master): void {
  if (master.pidfile !== null) runtime.host.disk.remove(master.pidfile);
  master.pidfile = null;
}
