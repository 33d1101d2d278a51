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
  startedAt: number;
  end: EventHandle;
}

interface CoreState {
  /** One place a core: the job it runs. */
  running: (Job | null)[];
  waiting: Job[];
}

export interface Cores extends Cpu {
  processEnded(pid: Pid): void;
}

/** Makes the cores of the machine. */
export function createCores(sim: Simulation, cores: number): Cores {
  sim.world.cores = {
    running: new Array<Job | null>(cores).fill(null),
    waiting: [],
  } satisfies CoreState;
  const state = (): CoreState => sim.world.cores as CoreState;

  const endEvent = sim.event("core: job or slice ends", (core) => {
    const { running, waiting } = state();
    const job = running[core];
    if (job === null) return;
    job.remainingNs -= sim.now - job.startedAt;
    running[core] = null;
    if (job.remainingNs > 0) waiting.push(job);
    const next = waiting.shift();
    if (next !== undefined) place(core, next);
    if (job.remainingNs <= 0) sim.soon(job.kind, job.a, job.b);
  });

  function place(core: number, job: Job): void {
    const { running, waiting } = state();
    running[core] = job;
    job.startedAt = sim.now;
    const slice = waiting.length > 0 ? Math.min(job.remainingNs, SLICE_NS) : job.remainingNs;
    job.end = sim.after(slice, endEvent, core);
  }

  /** Somebody waits now: the job that has run longest gives its core up when its slice is over. */
  function cutOne(): void {
    const { running } = state();
    let longest = 0;
    for (let core = 1; core < running.length; core++) {
      if ((running[core] as Job).startedAt < (running[longest] as Job).startedAt) longest = core;
    }
    const job = running[longest] as Job;
    const sliceEnd = Math.max(sim.now, job.startedAt + SLICE_NS);
    if (sliceEnd >= sim.queue.timeOf(job.end)) return;
    sim.cancel(job.end);
    job.end = sim.at(sliceEnd, endEvent, longest);
  }

  function remove(matches: (job: Job) => boolean): void {
    const { running, waiting } = state();
    for (let i = waiting.length - 1; i >= 0; i--) if (matches(waiting[i])) waiting.splice(i, 1);
    for (let core = 0; core < running.length; core++) {
      const job = running[core];
      if (job === null || !matches(job)) continue;
      sim.cancel(job.end);
      running[core] = null;
      const next = waiting.shift();
      if (next !== undefined) place(core, next);
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
      const { running, waiting } = state();
      const job: Job = {
        pid,
        remainingNs: Math.max(0, Math.round(ns)),
        kind,
        a,
        b,
        startedAt: 0,
        end: NO_EVENT,
      };
      const core = running.indexOf(null);
      if (core >= 0) {
        place(core, job);
        return;
      }
      waiting.push(job);
      cutOne();
    },
    cancel: (pid, kind, a) => remove((job) => job.pid === pid && job.kind === kind && job.a === a),
    processEnded: (pid) => remove((job) => job.pid === pid),
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
