// What can be seen of a busy server at a moment: how long each queue is, who works on what. Read from the
// layers' own worlds between two events; nothing here is kept and nothing is changed.

import { isDiskError } from "../../host/disk.ts";
import { memoByText } from "../../kernel/memo.ts";
import { parseServerSettings } from "../../layers/database/postgres-server.ts";
import type { DatabaseWorld } from "../../layers/database/world.ts";
import type { DnsWorld } from "../../layers/dns/context.ts";
import { threadsOf } from "../../layers/gunicorn/accepting.ts";
import { workerMachine } from "../../layers/gunicorn/machine.ts";
import { worldOf as gunicornWorldOf } from "../../layers/gunicorn/world.ts";
import { worldOf as nginxWorldOf } from "../../layers/nginx/world.ts";
import { CLIENT, type Listener, worldOf as tcpWorldOf } from "../../layers/tcp/state.ts";
import type { TlsWorld } from "../../layers/tls/state.ts";
import type { UwsgiWorld } from "../../layers/uwsgi/world.ts";
import type { Run } from "../run.ts";

/** One process of the application server. */
export interface WorkerNow {
  readonly pid: number;
  /** `stopped` hangs: it was sent SIGSTOP, and accepts and answers nothing. */
  readonly state: "booting" | "idle" | "busy" | "stopped" | "ending";
  readonly requests: readonly number[];
  /** How many requests it can serve at once. */
  readonly slots: number;
}

/** How often a cache had what was asked of it, since the run began. */
export interface HitCount {
  readonly hits: number;
  readonly asked: number;
}

export interface Gauges {
  readonly acceptQueue: number;
  readonly acceptQueueMax: number | null;
  /** Of those in the queue: connections that nobody waits for any more. */
  readonly acceptQueueLeft: number;
  /** Accepted by a threaded worker, and waiting for one of its threads. */
  readonly threadQueue: number;
  readonly workers: readonly WorkerNow[];
  /** Requests that workers have begun to serve since the run began. */
  readonly served: number;
  readonly busySlots: number;
  readonly slots: number;
  readonly nginxConnections: number;
  readonly nginxConnectionsMax: number;
  readonly databaseConnections: number;
  /** max_connections; null without PostgreSQL. */
  readonly databaseMax: number | null;
  readonly lockWaits: number;
  readonly coresBusy: number;
  readonly cores: number;
  readonly inFlight: number;
}

/** The listening sockets of the application server: connections wait there for a worker. */
export function applicationListeners(run: Run): Listener[] {
  const { processes, sim } = run.host;
  return [...tcpWorldOf(sim).listeners.values()].filter((listener) => {
    const program = processes.get(listener.holders[0])?.program;
    return program === "gunicorn" || program === "uwsgi";
  });
}

/** The workers of the application server, in order of pid. */
export function workersNow(run: Run): WorkerNow[] {
  const { sim } = run.host;
  const uwsgi = sim.world.uwsgi as UwsgiWorld | undefined;
  const workers = [...gunicornWorkers(run), ...(uwsgi === undefined ? [] : uwsgiWorkers(uwsgi))];
  const { processes } = run.host;
  const hangs = ({ pid }: WorkerNow): boolean => processes.get(pid)?.stopped === true;
  return workers
    .map((worker) => (hangs(worker) ? { ...worker, state: "stopped" as const } : worker))
    .sort((a, b) => a.pid - b.pid);
}

function gunicornWorkers(run: Run): WorkerNow[] {
  const { sim } = run.host;
  const { workers, connections } = gunicornWorldOf(sim);
  const { state } = workerMachine;
  return [...workers.values()].map((worker) => {
    const now = sim.stateOf(worker.entity);
    const served = worker.connections.flatMap((socket) => {
      const connection = connections.get(socket);
      return connection === undefined || connection.slot < 0 ? [] : [connection.request];
    });
    const booting = now === state.forked || now === state["loading the application"];
    const ending = now === state.finishing || now === state.exiting || now === state.ended;
    const isBusy = served.length > 0 || now === state.busy;
    return {
      pid: worker.pid,
      state: booting ? "booting" : ending ? "ending" : isBusy ? "busy" : "idle",
      requests: served,
      slots: threadsOf(worker),
    };
  });
}

function uwsgiWorkers({ workers, requests }: UwsgiWorld): WorkerNow[] {
  return [...workers.values()].map((worker) => {
    const served = worker.requests.flatMap((socket) => requests.get(socket)?.request ?? []);
    const state = served.length > 0 ? "busy" : "idle";
    return {
      pid: worker.pid,
      state: worker.phase === "running" ? state : worker.phase === "spawned" ? "booting" : "ending",
      requests: served,
      slots: worker.requests.length + worker.freeCores.length,
    };
  });
}

/** What gunicorn's workers have taken on, and uWSGI's that live. */
function servedBy({ host: { sim } }: Run): number {
  const uwsgi = sim.world.uwsgi as UwsgiWorld | undefined;
  const own = [...(uwsgi?.workers.values() ?? [])].reduce((sum, { served }) => sum + served, 0);
  return gunicornWorldOf(sim).served + own;
}

/** Connections that wait for a worker although their client has closed them. */
function leftIn({ host }: Run, listeners: readonly Listener[]): number {
  const { connections } = tcpWorldOf(host.sim);
  let left = 0;
  for (const { queue } of listeners)
    for (const id of queue) if (connections.get(id)?.sides[CLIENT].held !== true) left++;
  return left;
}

/** Everything at this moment. */
export function gaugesOf(run: Run, inFlight: number): Gauges {
  const { sim, cpu } = run.host;
  const listeners = applicationListeners(run);
  const workers = workersNow(run);
  const nginx = [...nginxWorldOf(sim).workers.values()];
  const database = [...(sim.world.database as DatabaseWorld).connections.values()];
  const living = workers.filter(({ state }) => state !== "booting" && state !== "ending");
  return {
    acceptQueue: listeners.reduce((sum, { queue }) => sum + queue.length, 0),
    acceptQueueMax: listeners.length === 0 ? null : listeners[0].backlog + 1,
    acceptQueueLeft: leftIn(run, listeners),
    threadQueue: [...gunicornWorldOf(sim).workers.values()].reduce(
      (sum, worker) => sum + worker.queue.length,
      0,
    ),
    workers,
    served: servedBy(run),
    busySlots: living.reduce((sum, { requests }) => sum + requests.length, 0),
    slots: living.reduce((sum, { slots }) => sum + slots, 0),
    nginxConnections: nginx.reduce((sum, { slots }) => sum + slots, 0),
    nginxConnectionsMax: nginx.reduce((sum, { slotsMax }) => sum + slotsMax, 0),
    databaseConnections: database.length,
    databaseMax: databaseMaxOf(run),
    lockWaits: database.filter(({ running }) => running !== null && running.waitsSince > 0).length,
    coresBusy: cpu.busy,
    cores: cpu.count,
    inFlight,
  };
}

const POSTGRES_CONFIGURATION = "/etc/postgresql/15/main/postgresql.conf";

/** max_connections as postgresql.conf has it now, once anybody has connected to a PostgreSQL. */
function databaseMaxOf({ host }: Run): number | null {
  const { servers } = host.sim.world.database as DatabaseWorld;
  if (servers.size === 0) return null;
  const node = host.disk.open(POSTGRES_CONFIGURATION);
  return settingsOfText(isDiskError(node) ? "" : (node.text ?? "")).maxConnections;
}

const settingsOfText = memoByText(parseServerSettings, 8);

export type CacheName = "dns" | "tls" | "nginx";

/** How often names, sessions and answers were there already, since the run began. */
export function hitsOf({ host }: Run): Readonly<Record<CacheName, HitCount>> {
  const { asks, cacheAnswers } = host.sim.world.dns as DnsWorld;
  const { handshakes, resumptions } = host.sim.world.tls as TlsWorld;
  const { cacheHits, cacheMisses } = nginxWorldOf(host.sim);
  return {
    dns: { hits: cacheAnswers, asked: asks },
    tls: { hits: resumptions, asked: handshakes },
    nginx: { hits: cacheHits, asked: cacheHits + cacheMisses },
  };
}
