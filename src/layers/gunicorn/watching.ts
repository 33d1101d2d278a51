// Heartbeats. Each worker touches a file; the arbiter looks about once a second for one that has been
// silent longer than timeout. The model computes both from the times at which they would happen, and
// schedules a turn of the arbiter only when it can find something.
// Source: gunicorn/arbiter.py sleep, murder_workers; workers/workertmp.py; workers/sync.py wait 20.1.0.
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { SECOND } from "../../kernel/time.ts";
import { causeOf, numberOf } from "./config.ts";
import { ARBITER_TURN_NS, IDLE_WAIT_WITHOUT_TIMEOUT_NS } from "./costs.ts";
import { type Runtime, workerOf, world } from "./runtime.ts";
import type { Master, Worker } from "./world.ts";

/** When the worker last touched its file: an idle one does so at every turn of its own loop. */
export function lastBeatOf(worker: Worker, now: number, busySince = -1): number {
  const until = worker.stoppedAt >= 0 ? worker.stoppedAt : busySince >= 0 ? busySince : now;
  if (worker.phase !== "running" || worker.idleSince < 0) return worker.lastBeat;
  if (!worker.alive && worker.config.workerKind !== "sync") return worker.lastBeat;
  const period = idleTurnNs(worker);
  const since = Math.max(worker.idleSince, worker.lastBeat);
  return since + Math.floor((until - since) / period) * period;
}

/** How long an idle worker waits in select(): half the timeout for sync, one second for the others. */
export function idleTurnNs(worker: Worker): number {
  if (worker.config.workerKind !== "sync") return ARBITER_TURN_NS;
  const timeout = numberOf(worker.config, "timeout");
  return timeout === 0 ? IDLE_WAIT_WITHOUT_TIMEOUT_NS : (timeout * SECOND) / 2;
}

/** When the arbiter must look at this worker, or -1 while its heart cannot stop. */
function deadlineOf(runtime: Runtime, worker: Worker): number {
  const { now } = runtime.host.sim;
  const busySince = runtime.host.cpu.aloneSince(worker.pid);
  const timeout = numberOf(worker.config, "timeout");
  if (timeout === 0) return -1;
  if (worker.aborted) return now;
  const beats = worker.phase === "running" && worker.idleSince >= 0 && worker.stoppedAt < 0;
  if (busySince >= 0) return lastBeatOf(worker, now, busySince) + timeout * SECOND;
  if (beats && (worker.alive || worker.config.workerKind === "sync")) return -1;
  return lastBeatOf(worker, now) + timeout * SECOND;
}

/** A worker's heart may stop from now on: sees to it that the arbiter looks in time. */
export function watchWorker(runtime: Runtime, worker: Worker): void {
  const master = world(runtime).masters.get(worker.master);
  if (master === undefined || master.phase !== "sleeping" || master.turn !== NO_EVENT) return;
  const deadline = deadlineOf(runtime, worker);
  if (deadline >= 0) scheduleTurn(runtime, master, deadline);
}

/** A sync worker has touched its file and now serves: the arbiter's patience counts from here. */
export function beginSilence(runtime: Runtime, worker: Worker): void {
  const { sim } = runtime.host;
  const timeout = numberOf(worker.config, "timeout");
  if (timeout === 0 || !sim.recording(worker.entity)) return;
  const cause = causeOf(worker.config, "timeout");
  sim.setClock({
    ...{ entity: worker.entity, name: "timeout", handle: NO_EVENT },
    deadline: worker.lastBeat + timeout * SECOND,
    facts: {
      party: "gunicorn",
      waitsFor: "the worker's next heartbeat",
      otherwise: "at its next look the arbiter aborts the worker",
      ...(cause !== undefined && { cause: { ...cause, note: "how long a worker may be silent" } }),
    },
  });
}

/** The arbiter goes to sleep: its next turn is the first one that can find a silent worker. */
export function scheduleNextTurn(runtime: Runtime, master: Master): void {
  const { sim } = runtime.host;
  let earliest = master.orphaned ? sim.now : -1;
  for (const pid of master.workers) {
    const worker = workerOf(runtime, pid);
    if (worker === undefined) continue;
    const deadline = deadlineOf(runtime, worker);
    if (deadline >= 0 && (earliest < 0 || deadline < earliest)) earliest = deadline;
  }
  if (earliest >= 0) scheduleTurn(runtime, master, earliest);
}

/** Schedules the first natural turn after `time`; select() returns each second after it began. */
export function scheduleTurn(runtime: Runtime, master: Master, time: number): void {
  const { sim } = runtime.host;
  const turns = Math.max(1, Math.floor((time - master.sleepingSince) / ARBITER_TURN_NS) + 1);
  let at = master.sleepingSince + turns * ARBITER_TURN_NS;
  while (at <= sim.now) at += ARBITER_TURN_NS;
  if (master.turn !== NO_EVENT) {
    if (master.turnAt <= at) return;
    sim.cancel(master.turn);
  }
  master.turnAt = at;
  master.turn = sim.at(at, runtime.events.turn, master.pid);
}

/** Whether the arbiter finds the worker silent for longer than its timeout. */
export function isSilent(runtime: Runtime, worker: Worker): boolean {
  const { now } = runtime.host.sim;
  const timeout = numberOf(worker.config, "timeout");
  const busySince = runtime.host.cpu.aloneSince(worker.pid);
  return timeout > 0 && now - lastBeatOf(worker, now, busySince) > timeout * SECOND;
}

/**
 * A greenlet may compute and stop the heart of its worker: the arbiter looks when that can have lasted
 * for timeout seconds.
 */
export function watchGreenlets(runtime: Runtime, worker: Worker): void {
  const { sim } = runtime.host;
  const timeout = numberOf(worker.config, "timeout");
  const master = world(runtime).masters.get(worker.master);
  if (worker.config.workerKind !== "gevent" || timeout === 0 || master === undefined) return;
  if (master.phase === "sleeping" && master.turn === NO_EVENT)
    scheduleTurn(runtime, master, sim.now + timeout * SECOND);
}
