// The machine's memory: what each process holds, the limits of groups (a systemd unit's MemoryMax=) and
// the kernel's answer when one is passed, the OOM killer, which ends the process that holds the most.
// Source: Linux 6.1, mm/oom_kill.c, oom_badness(); Documentation/admin-guide/cgroup-v2.rst, memory.max.
// Simplification: only what application servers and their views hold is counted, shared pages once for
// each process; no page cache, no swap, no other programs, so that memory.high and pressure are left out.
import type { Simulation } from "../kernel/simulation.ts";
import { NO_REQUEST } from "../kernel/simulation.ts";
import type { Clock, LogSink, Memory, Pid, Processes } from "./processes.ts";

interface Limit {
  bytes: number;
  /** The event that tells of a kill in this group, and what it carries. */
  kind: number;
  a: number;
}

interface MemoryState {
  held: Map<Pid, number>;
  limits: Map<Pid, Limit>;
}

export interface MemoryParts {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly totalBytes: number;
}

export interface OwnedMemory extends Memory {
  processEnded(pid: Pid): void;
}

/** Makes the memory of a machine with `totalBytes`. */
export function createMemory(parts: MemoryParts): OwnedMemory {
  const { sim, processes, totalBytes } = parts;
  sim.world.memory = { held: new Map(), limits: new Map() } satisfies MemoryState;
  const state = (): MemoryState => sim.world.memory as MemoryState;

  const checkEvent = sim.event("memory: checked", (pid) => {
    const root = limitedRoot(pid);
    const limit = root === null ? undefined : state().limits.get(root);
    if (root !== null && limit !== undefined)
      relieve(membersOf(root), limit.bytes, "Memory cgroup o");
    relieve([...state().held.keys()], totalBytes, "O");
  });

  /** The limited group that a process belongs to. */
  function limitedRoot(pid: Pid): Pid | null {
    const group = processes.get(pid)?.group;
    return group !== undefined && state().limits.has(group) ? group : null;
  }

  const membersOf = (root: Pid): Pid[] =>
    [...state().held.keys()].filter((pid) => limitedRoot(pid) === root);

  const heldBy = (pids: readonly Pid[]): number =>
    pids.reduce((sum, pid) => sum + (state().held.get(pid) ?? 0), 0);

  /** Kills the largest until the rest fits. */
  function relieve(pids: readonly Pid[], limitBytes: number, cause: string): void {
    let left = pids;
    while (heldBy(left) > limitBytes) {
      const victim = left.reduce((a, b) => (heldBy([b]) > heldBy([a]) ? b : a));
      left = left.filter((pid) => pid !== victim);
      kill(victim, cause);
    }
  }

  function kill(victim: Pid, cause: string): void {
    const root = limitedRoot(victim);
    const limit = root === null ? undefined : state().limits.get(root);
    logKill(parts, victim, heldBy([victim]), cause);
    // It gives everything back at once, so that nobody else is killed for it.
    state().held.set(victim, 0);
    processes.kill(victim, "KILL");
    if (limit !== undefined) sim.after(0, limit.kind, limit.a, victim);
  }

  return {
    add(pid, bytes) {
      const { held } = state();
      held.set(pid, Math.max(0, (held.get(pid) ?? 0) + bytes));
      if (bytes > 0) sim.after(0, checkEvent, pid);
    },
    held: (pid) => state().held.get(pid) ?? 0,
    limit(root, bytes, kind, a) {
      state().limits.set(root, { bytes, kind, a });
    },
    processEnded(pid) {
      state().held.delete(pid);
      state().limits.delete(pid);
    },
  };
}

/** What the kernel writes. Simplification: without the sizes of page tables and shared memory. */
function logKill(
  { sink, clock, processes }: MemoryParts,
  pid: Pid,
  bytes: number,
  cause: string,
): void {
  if (!sink.wants(NO_REQUEST)) return;
  const [day, month, , ...time] = clock.logDate().split(/[/: ]/);
  const name = processes.get(pid)?.program ?? "";
  const size = Math.round(bytes / 1024);
  sink.log(
    "journal",
    `${month} ${day} ${time.slice(0, 3).join(":")} server kernel: ${cause}ut of memory: Killed process ${pid} (${name}), anon-rss:${size}kB`,
    NO_REQUEST,
  );
}
