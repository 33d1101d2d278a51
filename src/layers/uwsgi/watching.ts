// The master's turns, a second apart: at each it looks for requests that have outlived harakiri.
// Source: uWSGI 2.0.21 core/master.c master_loop, core/master_checks.c uwsgi_master_check_workers_deadline.

import { NO_EVENT } from "../../kernel/event-queue.ts";
import { SECOND } from "../../kernel/time.ts";
import type { Cause } from "../layer.ts";
import { MASTER_CYCLE_NS } from "./costs.ts";
import { harakiriFacts } from "./facts.ts";
import { ctime, log } from "./log-lines.ts";
import { masterMachine } from "./machine.ts";
import { type Master, type Runtime, type UwsgiRequest, world } from "./world.ts";

/** Schedules the master's first turn after `time`, unless an earlier one is pending. */
export function scheduleCycle(runtime: Runtime, master: Master, time: number): void {
  const { sim } = runtime.host;
  if (master.cycle !== NO_EVENT || !master.config.switches.has("master")) return;
  const turns = Math.floor((time - master.cycleFrom) / MASTER_CYCLE_NS) + 1;
  master.cycle = sim.at(
    Math.max(sim.now, master.cycleFrom + turns * MASTER_CYCLE_NS),
    runtime.events.cycle,
    master.pid,
  );
}

const withCause = (cause: Cause | undefined): { cause?: Cause } =>
  cause === undefined ? {} : { cause };

/** The request's time counts from here; the master looks at it in its turns. */
export function beginHarakiri(runtime: Runtime, master: Master, request: UwsgiRequest): void {
  const { sim } = runtime.host;
  const deadline = sim.now + master.config.numbers.harakiri * SECOND;
  scheduleCycle(runtime, master, deadline);
  sim.setClock({
    ...{ entity: request.entity, name: "harakiri", deadline, handle: NO_EVENT },
    facts: {
      party: "uwsgi",
      waitsFor: "the application's whole answer",
      otherwise: "the master kills the worker",
      ...withCause(master.config.causes.get("harakiri")),
    },
  });
}

/** A turn: workers whose request is over its deadline are killed, the others looked at later. */
export function onCycle(runtime: Runtime, master: Master): void {
  master.cycle = NO_EVENT;
  const { sim } = runtime.host;
  const limit = master.config.numbers.harakiri * SECOND;
  let next = -1;
  for (const request of [...world(runtime).requests.values()]) {
    const worker = world(runtime).workers.get(request.worker);
    if (worker === undefined || worker.master !== master.pid || request.vars === null) continue;
    const deadline = request.startedAt + limit;
    if (deadline <= sim.now) killSlow(runtime, master, request);
    else if (next < 0 || deadline < next) next = deadline;
  }
  if (next >= 0) scheduleCycle(runtime, master, next);
}

function killSlow(runtime: Runtime, master: Master, request: UwsgiRequest): void {
  const { host } = runtime;
  const worker = world(runtime).workers.get(request.worker);
  if (worker === undefined || !host.processes.alive(worker.pid)) return;
  const seat = master.seats[worker.seat];
  host.sim.endClock(request.entity, "harakiri", true);
  const at = ctime(host);
  const value = (name: string): string => request.vars?.get(name) ?? "";
  const since = Math.floor((host.clock.nowMs() - (host.sim.now - request.startedAt) / 1e6) / 1000);
  const line = (text: string): void => log(host, master, `${at} - ${text}`, request.request);
  seat.harakiriTries++;
  line(
    `*** HARAKIRI ON WORKER ${seat.number} (pid: ${worker.pid}, try: ${seat.harakiriTries}) ***`,
  );
  line(`HARAKIRI !!! worker ${seat.number} status !!!`);
  line(
    `HARAKIRI [core ${request.core}] ${value("REMOTE_ADDR")} - ${value("REQUEST_METHOD")} ${value("REQUEST_URI")} since ${since}`,
  );
  line(`HARAKIRI !!! end of worker ${seat.number} status !!!`);
  const row = host.sim.fire(
    runtime.master,
    master.entity,
    masterMachine.transition.harakiri,
    worker.pid,
  );
  if (host.sim.recording(master.entity)) host.sim.note(row, harakiriFacts(master, request));
  host.processes.kill(worker.pid, "KILL");
}
