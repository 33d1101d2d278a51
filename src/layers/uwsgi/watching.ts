// The master's turns, a second apart: at each it asks for workers that died, and when none did, looks
// for requests that have outlived harakiri, workers that do not end, a full listen queue and a file that
// was touched. uWSGI counts in whole seconds of the wall clock.
// Source: uWSGI 2.0.21 core/master.c master_loop, core/master_checks.c, core/utils.c set_harakiri.

import { type Host, NO_PID } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { MILLISECOND, SECOND } from "../../kernel/time.ts";
import type { Cause } from "../layer.ts";
import { MASTER_CYCLE_NS } from "./costs.ts";
import { harakiriFacts } from "./facts.ts";
import { log, logDated } from "./log-lines.ts";
import { masterMachine } from "./machine.ts";
import { reload } from "./reloading.ts";
import { reapOne } from "./workers.ts";
import { type Master, type Runtime, type Seat, type UwsgiRequest, world } from "./world.ts";

/** uwsgi_now(): whole seconds of the wall clock. */
export function wallSecond(host: Host): number {
  return Math.floor(host.clock.nowMs() / 1000);
}

/** The simulated time at which the wall clock begins to show a second. */
function timeOfSecond(host: Host, second: number): number {
  const startMs = host.clock.nowMs() - Math.floor(host.sim.now / MILLISECOND);
  return (second * 1000 - startMs) * MILLISECOND;
}

/**
 * The master begins its turns.
 * Simplification: they fall on whole seconds of the wall clock, where the real ones begin whenever the
 * master does; so harakiri = 1 kills after 1 to 2 s and never later.
 */
export function beginTurns({ host }: Runtime, master: Master): void {
  master.cycleFrom = timeOfSecond(host, wallSecond(host));
}

/** Schedules the master's first turn from `time` on, unless an earlier one is pending. */
export function scheduleCycle(runtime: Runtime, master: Master, time: number): void {
  const { sim } = runtime.host;
  if (!master.config.switches.has("master")) return;
  const wanted = Math.ceil((time - master.cycleFrom) / MASTER_CYCLE_NS);
  const next = Math.floor((sim.now - master.cycleFrom) / MASTER_CYCLE_NS) + 1;
  const at = master.cycleFrom + Math.max(wanted, next) * MASTER_CYCLE_NS;
  if (master.cycle !== NO_EVENT) {
    if (master.cycleAt <= at) return;
    sim.cancel(master.cycle);
  }
  master.cycleAt = at;
  master.cycle = sim.at(at, runtime.events.cycle, master.pid);
}

/** A signal wakes the master: its next turn is a second from now. */
export function wakeMaster(runtime: Runtime, master: Master): void {
  const { sim } = runtime.host;
  master.cycleFrom = sim.now;
  if (master.cycle !== NO_EVENT) sim.cancel(master.cycle);
  master.cycle = NO_EVENT;
  scheduleCycle(runtime, master, sim.now);
}

const withCause = (cause: Cause | undefined): { cause?: Cause } =>
  cause === undefined ? {} : { cause };

/**
 * The request's time counts from here. A worker has one deadline for all its threads: each request sets
 * it anew. Without a master an alarm ends the process.
 */
export function beginHarakiri(runtime: Runtime, master: Master, request: UwsgiRequest): void {
  const { host } = runtime;
  const { sim } = host;
  const { harakiri } = master.config.numbers;
  const seat = seatOf(runtime, master, request);
  seat.harakiriAt = wallSecond(host) + harakiri;
  const isSupervised = master.config.switches.has("master");
  const deadline = isSupervised
    ? timeOfSecond(host, seat.harakiriAt + 1)
    : sim.now + harakiri * SECOND;
  if (isSupervised) scheduleCycle(runtime, master, deadline);
  else sim.at(deadline, runtime.events.alarm, request.socket, request.slot);
  sim.setClock({
    ...{ entity: request.entity, name: "harakiri", deadline, handle: NO_EVENT },
    facts: {
      party: "uwsgi",
      waitsFor: "the application's whole answer",
      otherwise: isSupervised ? "the master kills the worker" : "uWSGI ends itself",
      ...withCause(master.config.causes.get("harakiri")),
    },
  });
}

/** The end of any request of a worker ends the deadline of all. */
export function endHarakiri(runtime: Runtime, master: Master, request: UwsgiRequest): void {
  seatOf(runtime, master, request).harakiriAt = 0;
}

function seatOf(runtime: Runtime, master: Master, request: UwsgiRequest): Seat {
  return master.seats[world(runtime).workers.get(request.worker)?.seat ?? 0];
}

/** A turn: the dead first; only when nobody died, everything else. */
export function onCycle(runtime: Runtime, master: Master): void {
  master.cycle = NO_EVENT;
  const dead = master.seats.filter(({ death }) => death !== null);
  for (const seat of dead) reapOne(runtime, master, seat);
  if (world(runtime).masters.get(master.pid) !== master) return;
  if (dead.length === 0) checkAll(runtime, master);
  planNext(runtime, master);
}

function checkAll(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  const now = wallSecond(host);
  checkMercy(runtime, master, now);
  checkListenQueue(runtime, master);
  for (const seat of master.seats) {
    if (seat.harakiriAt > 0 && seat.harakiriAt < now) killSlow(runtime, master, seat);
  }
  checkTouch(runtime, master);
}

/** Whether a further turn is needed, and when. */
function planNext(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  const { config, phase, seats } = master;
  const waits =
    config.texts["touch-reload"] !== undefined ||
    ((phase === "reloading" || phase === "stopping") && seats.some(({ pid }) => pid !== NO_PID)) ||
    seats.some(({ death }) => death !== null);
  if (waits) scheduleCycle(runtime, master, host.sim.now);
  const isBusy = seats.some(
    ({ pid }) => (world(runtime).workers.get(pid)?.requests ?? []).length > 0,
  );
  if (isBusy) watchListenQueue(runtime, master);
  for (const { harakiriAt } of seats) {
    if (harakiriAt > 0) scheduleCycle(runtime, master, timeOfSecond(host, harakiriAt + 1));
  }
}

/** A worker that was told to end and has not after reload-mercy seconds is killed. */
function checkMercy(runtime: Runtime, master: Master, now: number): void {
  const mercy = master.config.numbers["worker-reload-mercy"];
  for (const seat of master.seats) {
    const { number, pid, death, cursedAt } = seat;
    if (cursedAt < 0 || death !== null || now <= cursedAt + mercy) continue;
    const text = `worker ${number} (pid: ${pid}) is taking too much time to die...NO MERCY !!!`;
    logDated(runtime.host, master, text);
    seat.cursedAt = now;
    runtime.host.processes.kill(pid, "KILL");
  }
}

/** Only TCP tells the length of its queue. Source: core/socket.c, TCP_INFO's tcpi_unacked. */
function fullQueues({ host: { network } }: Runtime, master: Master): string[] {
  return master.listeners.flatMap(({ id }, i) => {
    const waiting = network.waiting(id);
    const { listen } = master.config.numbers;
    const isRouted = master.config.sockets[i].protocol === "router";
    if (isRouted || network.addressOf(id).kind !== "tcp" || waiting < listen) return [];
    const name = `"${master.config.sockets[i].text}" (fd: ${3 + i})`;
    return [`*** uWSGI listen queue of socket ${name} full !!! (${waiting}/${listen}) ***`];
  });
}

function checkListenQueue(runtime: Runtime, master: Master): void {
  for (const text of fullQueues(runtime, master)) logDated(runtime.host, master, text);
}

/** A worker is busy: from the next turn on the master looks at the queues, which may fill now. */
export function watchListenQueue(runtime: Runtime, master: Master): void {
  const { sim, network } = runtime.host;
  if (master.listeners.some(({ id }) => network.addressOf(id).kind === "tcp"))
    scheduleCycle(runtime, master, sim.now);
}

/** The modification time of touch-reload's file, in seconds. */
export function touchTime({ host }: Runtime, master: Master): number | null {
  const path = master.config.texts["touch-reload"];
  const node = path === undefined ? null : host.disk.open(path, "root");
  return node === null || "error" in node ? null : node.mtime;
}

function checkTouch(runtime: Runtime, master: Master): void {
  const path = master.config.texts["touch-reload"];
  if (path === undefined || master.phase !== "running") return;
  const before = master.touched;
  master.touched = touchTime(runtime, master);
  const isNewer = master.touched !== null && (before === null || master.touched > before);
  if (!isNewer && (master.touched !== null || before === null)) return;
  logDated(runtime.host, master, `*** ${path} has been touched... grace them all !!! ***`);
  reload(runtime, master, true);
}

/** Source: core/master_utils.c trigger_harakiri, uwsgi_dump_worker: every core with a request has a line. */
function killSlow(runtime: Runtime, master: Master, seat: Seat): void {
  const { host } = runtime;
  const worker = world(runtime).workers.get(seat.pid);
  if (worker === undefined || !host.processes.alive(worker.pid)) return;
  const requests = worker.requests.flatMap((socket) => world(runtime).requests.get(socket) ?? []);
  const first = requests[0];
  const line = (text: string): void => logDated(host, master, text, first?.request);
  seat.harakiriTries++;
  line(
    `*** HARAKIRI ON WORKER ${seat.number} (pid: ${worker.pid}, try: ${seat.harakiriTries}) ***`,
  );
  line(`HARAKIRI !!! worker ${seat.number} status !!!`);
  for (const request of requests.sort((a, b) => a.core - b.core)) {
    host.sim.endClock(request.entity, "harakiri", true);
    line(`HARAKIRI [core ${request.core}] ${statusOf(host, request)}`);
  }
  line(`HARAKIRI !!! end of worker ${seat.number} status !!!`);
  const { harakiri } = masterMachine.transition;
  const row = host.sim.fire(runtime.master, master.entity, harakiri, worker.pid);
  if (host.sim.recording(master.entity) && first !== undefined)
    host.sim.note(row, harakiriFacts(master, first));
  host.processes.kill(worker.pid, "KILL");
}

function statusOf(host: Host, request: UwsgiRequest): string {
  const value = (name: string): string => request.vars?.get(name) ?? "";
  const since = Math.floor((host.clock.nowMs() - (host.sim.now - request.startedAt) / 1e6) / 1000);
  return `${value("REMOTE_ADDR")} - ${value("REQUEST_METHOD")} ${value("REQUEST_URI")} since ${since}`;
}

/** SIGALRM without a master: the process ends in the middle of its request. Source: core/uwsgi.c harakiri. */
export function onAlarm(runtime: Runtime, master: Master, request: UwsgiRequest): void {
  const { host } = runtime;
  const line = (text: string): void => log(host, master, text, request.request);
  line("");
  line(`F*CK !!! i must kill myself (pid: ${request.worker} app_id: ${request.application})...`);
  line(
    "*** if you want your workers to be automatically respawned consider enabling the uWSGI master process ***",
  );
  host.sim.endClock(request.entity, "harakiri", true);
  host.processes.exit(request.worker, 0);
}
