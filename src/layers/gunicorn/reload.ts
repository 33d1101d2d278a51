// HUP: the configuration is read anew, new workers are forked before the old ones are dismissed. USR2:
// a second master with the same sockets, for an upgrade that can be taken back.
// Source: gunicorn/arbiter.py reload, reexec 20.1.0.
import { isConfigFailure, loadConfig, numberOf } from "./config.ts";
import { bindSockets, listenersText } from "./listeners.ts";
import { logError, openLogFiles, printError } from "./logging.ts";
import { arbiterMachine } from "./machine.ts";
import { createPidfile, removePidfile } from "./pidfile.ts";
import { type Runtime, world } from "./runtime.ts";
import { configSources, limitsOf, logConfiguration } from "./starting.ts";
import { forkWorker } from "./worker.ts";
import type { Master } from "./world.ts";

const { transition } = arbiterMachine;

interface Loop {
  manage(runtime: Runtime, master: Master): void;
  exit(runtime: Runtime, master: Master, status: number): void;
}

/** reload(): a configuration that cannot be read ends the master. */
export function reload(runtime: Runtime, master: Master, loop: Loop): void {
  const { host } = runtime;
  const process = host.processes.get(master.pid);
  if (process === null) return;
  const before = master.config.bind.map(({ repr }) => repr).join();
  const config = loadConfig(configSources(runtime, process));
  if (isConfigFailure(config)) {
    for (const line of config.lines) printError(host, master, line);
    host.sim.fire(runtime.arbiter, master.entity, transition.stop, config.exit);
    loop.exit(runtime, master, config.exit);
    return;
  }
  host.sink.diagnose(config.diagnostics);
  master.config = config;
  master.limits = limitsOf(config);
  logConfiguration(runtime, master);
  master.numWorkers = numberOf(config, "workers");
  master.files = openLogFiles(host, master.logging);
  if (config.bind.map(({ repr }) => repr).join() !== before) rebind(runtime, master);
  removePidfile(runtime, master);
  createPidfile(runtime, master);
  host.sim.fire(runtime.arbiter, master.entity, transition.reload, master.numWorkers);
  for (let i = 0; i < master.numWorkers; i++) {
    host.sim.fire(runtime.arbiter, master.entity, transition.forkWorker, master.workerAge + 1);
    forkWorker(runtime, master);
  }
  host.sim.fire(runtime.arbiter, master.entity, transition.haveWorkers, master.workers.length);
  loop.manage(runtime, master);
}

/**
 * bind changed: old sockets are closed, new ones made.
 * Simplification: an address in use at a reload is given up at once, not retried.
 */
function rebind(runtime: Runtime, master: Master): void {
  for (const listener of master.listeners) runtime.host.network.unlisten(listener, master.pid);
  master.listeners = [];
  if (bindSockets(runtime, master) !== "bound") return;
  logError(runtime.host, master, {
    level: "INFO",
    text: `Listening at: ${listenersText(runtime, master)}`,
  });
}

/** reexec(): fork and exec of the original command with the sockets in its environment. */
export function reexec(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  const warn = (text: string): void => logError(host, master, { level: "WARNING", text });
  if (master.reexecPid !== 0) {
    warn("USR2 signal ignored. Child exists.");
    return;
  }
  if (master.masterPid !== 0) {
    warn("USR2 signal ignored. Parent exists.");
    return;
  }
  const process = host.processes.get(master.pid);
  if (process === null) return;
  const env = { ...process.env, GUNICORN_PID: String(master.pid) };
  const { argv, cwd, user, command, commandLine, commandAt, stdout, stderr, group } = process;
  const options = { parent: master.pid, argv, env, cwd, user, command, group };
  master.reexecPid = host.processes.start({
    ...options,
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(commandAt === undefined ? {} : { commandAt }),
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
  });
}

/** The old master is gone: the new one finds out at its next turn. */
export function orphanMaster(runtime: Runtime, pid: number): Master | undefined {
  const master = world(runtime).masters.get(pid);
  if (master !== undefined) master.orphaned = true;
  return master;
}
