// The process table: commands become processes, signals reach programs, and whoever ends is reported
// to its parent. Everything that a program is told comes from an event, as from a kernel.
import { assert, ensure } from "../kernel/assert.ts";
import { renewed } from "../kernel/renewal.ts";
import { type Entity, NO_REQUEST, type Simulation } from "../kernel/simulation.ts";
import { MICROSECOND } from "../kernel/time.ts";
import { processMachine } from "./process-machine.ts";
import {
  type ExitStatus,
  NO_PID,
  type Pid,
  type Process,
  type Processes,
  type Program,
  SIGNAL_NUMBER,
  type Signal,
  type StartOptions,
} from "./processes.ts";

interface ProcessEntry extends Process {
  parent: Pid;
  entity: Entity;
  /** Signals that wait for SIGCONT. */
  pending: Signal[];
}

/** A literal of this type that leaves an optional field out does not compile: nothing is lost at a fork. */
type EveryField<T> = { [K in keyof Required<T>]: T[K] };

interface ProcessState {
  table: Map<Pid, ProcessEntry>;
  nextPid: Pid;
  exits: { pid: Pid; argv: readonly string[]; command: number; status: ExitStatus; at: number }[];
}

/** The first process that a scenario starts; init and the like have the numbers below. */
const FIRST_PID = 801;
const INIT_PID = 1;
/** From kill(2) to the handler, and from exit to the parent's SIGCHLD: a scheduler wake-up. */
const SIGNAL_DELIVERY_NS = 20 * MICROSECOND;

const SIGNALS = Object.keys(SIGNAL_NUMBER) as Signal[];
const signalNumbered = new Map(SIGNALS.map((signal) => [SIGNAL_NUMBER[signal], signal]));

/** What else must hear that a process is gone: sockets and cores. */
export interface ProcessEndings {
  processEnded(pid: Pid): void;
}

/** Makes the process table. `endings` is called before anybody else hears that a process ended. */
export function createProcesses(
  sim: Simulation,
  endings: ProcessEndings,
  firstPid = FIRST_PID,
): Processes {
  const machine = sim.machine(processMachine);
  const { transition } = processMachine;
  const programs = new Map<string, Program>();
  sim.world.processes = { table: new Map(), nextPid: firstPid, exits: [] } satisfies ProcessState;
  const state = (): ProcessState => sim.world.processes as ProcessState;
  const processesSoFar = (): number => state().nextPid;
  sim.renewal.addCounted(processesSoFar, () => {
    state().table = renewed(state().table);
    return state().table.size;
  });
  const living = (pid: Pid): ProcessEntry | null => {
    const entry = state().table.get(pid);
    return entry !== undefined && entry.exit === null ? entry : null;
  };
  const programOf = (entry: ProcessEntry): Program =>
    ensure(programs.get(entry.program), `program ${entry.program}`);

  const execEvent = sim.event("process: exec", (pid) => {
    const entry = living(pid);
    if (entry === null) return;
    sim.fire(machine, entry.entity, transition.exec, pid);
    programOf(entry).start(entry);
  });
  const signalEvent = sim.event("process: signal", (pid, number) => {
    const entry = living(pid);
    const signal = signalNumbered.get(number);
    if (entry !== null && signal !== undefined) deliver(entry, signal);
  });
  const childEvent = sim.event("process: child exited", (parent, child) => {
    const entry = living(parent);
    const gone = state().table.get(child);
    if (gone === undefined) return;
    state().table.delete(child);
    if (entry !== null && gone.exit !== null)
      programOf(entry).childExited(parent, child, gone.exit);
  });

  function add(
    entry: Omit<ProcessEntry, "pid" | "entity" | "startedAt" | "stopped" | "exit" | "pending">,
  ): ProcessEntry {
    const pid = state().nextPid++;
    const entity = sim.spawn(machine, NO_REQUEST);
    const full: EveryField<ProcessEntry> = {
      parent: entry.parent,
      program: entry.program,
      role: entry.role,
      argv: entry.argv,
      env: entry.env,
      cwd: entry.cwd,
      user: entry.user,
      group: entry.group,
      command: entry.command,
      commandLine: entry.commandLine,
      commandAt: entry.commandAt,
      stdout: entry.stdout,
      stderr: entry.stderr,
      inherits: entry.inherits,
      pid,
      entity,
      startedAt: sim.now,
      stopped: false,
      exit: null,
      pending: [],
    };
    state().table.set(pid, full);
    return full;
  }

  function start(options: StartOptions): Pid {
    const program = programNamed(options.argv[0] ?? "");
    assert(programs.has(program), `no program ${program}`);
    const entry = add({
      parent: options.parent === NO_PID ? INIT_PID : options.parent,
      program,
      role: "master",
      argv: options.argv,
      env: options.env ?? {},
      cwd: options.cwd ?? "/",
      user: options.user ?? "root",
      command: options.command ?? -1,
      commandLine: options.commandLine,
      commandAt: options.commandAt,
      stdout: options.stdout,
      stderr: options.stderr,
      group: options.group ?? state().nextPid,
      inherits: options.inherits,
    });
    sim.after(0, execEvent, entry.pid);
    return entry.pid;
  }

  function fork(parent: Pid, role: string, user?: string): Pid {
    const source = ensure(living(parent), `process ${parent}`);
    // Written out: an object that is spread has a layout of its own in V8's memory each time.
    const entry = add({
      parent,
      program: source.program,
      role,
      argv: source.argv,
      env: source.env,
      cwd: source.cwd,
      user: user ?? source.user,
      group: source.group,
      command: -1,
      commandLine: source.commandLine,
      commandAt: source.commandAt,
      stdout: source.stdout,
      stderr: source.stderr,
    });
    sim.fire(machine, entry.entity, transition.exec, entry.pid);
    return entry.pid;
  }

  function exit(pid: Pid, status: ExitStatus): void {
    const entry = living(pid);
    if (entry === null) return;
    const program = programOf(entry);
    entry.exit = status;
    sim.fire(machine, entry.entity, status < 0 ? transition.die : transition.exit, status);
    sim.retire(entry.entity);
    endings.processEnded(pid);
    program.ended(pid, status);
    for (const child of state().table.values()) {
      if (child.parent !== pid || child.exit !== null) continue;
      child.parent = INIT_PID;
      programOf(child).orphaned?.(child.pid);
    }
    if (entry.command >= 0)
      state().exits.push({ pid, argv: entry.argv, command: entry.command, status, at: sim.now });
    if (living(entry.parent) === null) state().table.delete(pid);
    else sim.after(SIGNAL_DELIVERY_NS, childEvent, entry.parent, pid);
  }

  function deliver(entry: ProcessEntry, signal: Signal): void {
    if (signal === "KILL") exit(entry.pid, -SIGNAL_NUMBER.KILL);
    else if (signal === "STOP") suspend(entry);
    else if (signal === "CONT") resume(entry);
    else if (entry.stopped) entry.pending.push(signal);
    else programOf(entry).signal(entry.pid, signal);
  }

  function suspend(entry: ProcessEntry): void {
    if (entry.stopped) return;
    entry.stopped = true;
    sim.fire(machine, entry.entity, transition.stop, entry.pid);
    programOf(entry).stopped?.(entry.pid, true);
  }

  function resume(entry: ProcessEntry): void {
    if (!entry.stopped) return;
    entry.stopped = false;
    sim.fire(machine, entry.entity, transition.continue, entry.pid);
    programOf(entry).stopped?.(entry.pid, false);
    const pending = entry.pending.splice(0);
    for (const signal of pending)
      if (living(entry.pid) !== null) programOf(entry).signal(entry.pid, signal);
  }

  return {
    start,
    fork,
    exit,
    register: (program) => void programs.set(program.name, program),
    kill: (pid, signal) =>
      void sim.after(SIGNAL_DELIVERY_NS, signalEvent, pid, SIGNAL_NUMBER[signal]),
    get: (pid) => state().table.get(pid) ?? null,
    alive: (pid) => living(pid) !== null,
    children: (pid) =>
      [...state().table.values()]
        .filter((entry) => entry.parent === pid && entry.exit === null)
        .map((entry) => entry.pid),
    living: () => [...state().table.values()].filter((entry) => entry.exit === null),
    exits: () => state().exits,
  };
}

/** `/usr/bin/gunicorn` is the program gunicorn. */
export function programNamed(argument: string): string {
  return argument.slice(argument.lastIndexOf("/") + 1);
}
