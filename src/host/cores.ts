// The CPU cores: jobs run at once while a core is free, and take turns when there are more jobs than
// cores. Source: Linux 6.1, kernel/sched/fair.c, sysctl_sched_min_granularity 0.75 ms times
// 1 + log2(cores), which is 1.5 ms on two cores.
// Simplification: one run queue for all cores, no priorities, no cost for a context switch.
import { type EventHandle, NO_EVENT } from "../kernel/event-queue.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { MILLISECOND } from "../kernel/time.ts";
import type { Cpu, Pid } from "./processes.ts";

const SLICE_NS = 1.5 * MILLISECOND;

interface Job {
  pid: Pid;
  remainingNs: number;
  kind: number;
  a: number;
  b: number;
  /** When the process asked for it, or began it when it waited for another of its own. */
  begunAt: number;
  /** When it was given its core. */
  startedAt: number;
  /** Up to when its time has been taken off `remainingNs`. */
  countedAt: number;
  /** Somebody waits: it gives its core up when its slice is over. */
  sliced: boolean;
  end: EventHandle;
  /** The place of its end among events of equal time; what is run in a row keeps it. */
  place: number;
}

function newJob(): Job {
  return {
    pid: -1,
    remainingNs: 0,
    kind: -1,
    a: 0,
    b: 0,
    begunAt: 0,
    startedAt: 0,
    countedAt: 0,
    sliced: false,
    end: NO_EVENT,
    place: 0,
  };
}

interface CoreState {
  /** One place a core: the job it runs. */
  running: (Job | null)[];
  waiting: Job[];
  /** Processes that do one job at a time, with those that wait for the one before. */
  alone: Map<Pid, Job[]>;
}

export interface Cores extends Cpu {
  processEnded(pid: Pid): void;
}

/** Makes the cores of the machine. */
export function createCores(sim: Simulation, cores: number): Cores {
  sim.world.cores = {
    running: new Array<Job | null>(cores).fill(null),
    waiting: [],
    alone: new Map(),
  } satisfies CoreState;
  const state = (): CoreState => sim.world.cores as CoreState;
  /** Within an event: the job that is done, on the core that its process keeps if it works on at once. */
  let done: Job | null = null;
  let doneOn = 0;
  /** Jobs that are done and nobody's any more, at most as many as ever ran at a time: the next ones are made of them. */
  const spare: Job[] = [];

  const endEvent = sim.event("core: job or slice ends", (core) => {
    const { running } = state();
    const job = running[core];
    if (job === null) return;
    job.remainingNs -= sim.now - job.countedAt;
    job.countedAt = sim.now;
    if (job.remainingNs > 0) {
      takeTurns(core, job);
      return;
    }
    done = job;
    doneOn = core;
    sim.raise(job.kind, job.a, job.b);
    if (done !== job) return;
    done = null;
    release(core);
    beginNext(job.pid);
    spare.push(job);
  });

  /** The job of a process, on a core or waiting for one. */
  function jobOf(pid: Pid): Job | undefined {
    const { running, waiting } = state();
    return (
      running.find((job) => job?.pid === pid) ?? waiting.find((job) => job.pid === pid) ?? undefined
    );
  }

  function beginNext(pid: Pid): void {
    const { alone } = state();
    if (alone.size === 0 || jobOf(pid) !== undefined) return;
    const next = alone.get(pid)?.shift();
    if (next === undefined) return;
    next.begunAt = sim.now;
    begin(next);
  }

  function begin(job: Job): void {
    const { running, waiting } = state();
    const core = running.indexOf(null);
    if (core >= 0) {
      place(core, job);
      return;
    }
    waiting.push(job);
    cutOne();
  }

  function takeTurns(core: number, job: Job): void {
    const { running, waiting } = state();
    running[core] = null;
    waiting.push(job);
    place(core, waiting.shift() as Job);
  }

  function release(core: number): void {
    const { running, waiting } = state();
    running[core] = null;
    const next = waiting.shift();
    if (next !== undefined) place(core, next);
  }

  function place(core: number, job: Job): void {
    const { running, waiting } = state();
    running[core] = job;
    job.startedAt = sim.now;
    job.countedAt = sim.now;
    job.sliced = waiting.length > 0;
    job.place = sim.queue.takePlace();
    setEnd(core, job);
  }

  function setEnd(core: number, job: Job): void {
    const end = sim.now + job.remainingNs;
    const at = job.sliced ? Math.min(end, Math.max(sim.now, job.startedAt + SLICE_NS)) : end;
    job.end = sim.atPlace(job.place, at, endEvent, core);
  }

  /** Somebody waits now: the job that has run longest gives its core up when its slice is over. */
  function cutOne(): void {
    const { running } = state();
    let longest = 0;
    for (let core = 1; core < running.length; core++) {
      if ((running[core] as Job).startedAt < (running[longest] as Job).startedAt) longest = core;
    }
    const job = running[longest] as Job;
    job.sliced = true;
    if (job === done) return;
    const end = job.countedAt + job.remainingNs;
    if (Math.max(sim.now, job.startedAt + SLICE_NS) >= end) return;
    sim.cancel(job.end);
    job.remainingNs -= sim.now - job.countedAt;
    job.countedAt = sim.now;
    setEnd(longest, job);
  }

  /** The process whose job is just done works on: it keeps its core, its slice and its place. */
  function goOn(core: number, job: Job, ns: number): void {
    job.remainingNs = ns;
    done = null;
    if (job.sliced && job.startedAt + SLICE_NS <= sim.now) takeTurns(core, job);
    else setEnd(core, job);
  }

  function remove(matches: (job: Job) => boolean): void {
    const { running, waiting } = state();
    for (let i = waiting.length - 1; i >= 0; i--) if (matches(waiting[i])) waiting.splice(i, 1);
    for (let core = 0; core < running.length; core++) {
      const job = running[core];
      if (job === null || !matches(job)) continue;
      if (job === done) done = null;
      sim.cancel(job.end);
      release(core);
    }
  }

  /** A core goes offline: its job is moved to another one. Source: Linux, Documentation/core-api/cpu_hotplug. */
  function takeAway(core: number): void {
    const { running, waiting } = state();
    const job = running[core];
    running.length = core;
    if (job === null) return;
    sim.cancel(job.end);
    job.remainingNs -= sim.now - job.startedAt;
    waiting.unshift(job);
  }

  return {
    run(pid, ns, kind, a, b) {
      const { alone } = state();
      const remainingNs = Math.max(0, Math.round(ns));
      if (done !== null && done.pid === pid) {
        done.kind = kind;
        done.a = a;
        done.b = b;
        goOn(doneOn, done, remainingNs);
        return;
      }
      const job = spare.pop() ?? newJob();
      job.pid = pid;
      job.remainingNs = remainingNs;
      job.kind = kind;
      job.a = a;
      job.b = b;
      job.begunAt = sim.now;
      const lane = alone.size === 0 ? undefined : alone.get(pid);
      if (lane !== undefined && jobOf(pid) !== undefined) lane.push(job);
      else begin(job);
    },
    alone: (pid) => void state().alone.set(pid, []),
    aloneSince: (pid) => (state().alone.has(pid) ? (jobOf(pid)?.begunAt ?? -1) : -1),
    cancel(pid, kind, a) {
      const matches = (job: Job): boolean => job.pid === pid && job.kind === kind && job.a === a;
      const lane = state().alone.get(pid);
      if (lane !== undefined)
        state().alone.set(
          pid,
          lane.filter((job) => !matches(job)),
        );
      remove(matches);
      beginNext(pid);
    },
    processEnded(pid) {
      state().alone.delete(pid);
      remove((job) => job.pid === pid);
    },
    resize(count) {
      const { running, waiting } = state();
      while (running.length > count) takeAway(running.length - 1);
      while (running.length < count) running.push(null);
      for (let core = 0; core < count && waiting.length > 0; core++) {
        if (running[core] === null) place(core, waiting.shift() as Job);
      }
      if (waiting.length > 0) cutOne();
    },
    get count() {
      return state().running.length;
    },
    get busy() {
      return state().running.reduce((count, job) => count + (job === null ? 0 : 1), 0);
    },
  };
}
