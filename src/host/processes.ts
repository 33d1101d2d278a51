// The process table: who runs, whose child it is, how it ended. Programs are started by commands and
// hear of signals and of their children's ends; KILL, STOP and CONT never reach a program.
import type { Simulation } from "../kernel/simulation.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { ListenerId, Network } from "./network.ts";

export type Pid = number;
export const NO_PID: Pid = -1;

export type Signal =
  | "HUP"
  | "INT"
  | "QUIT"
  | "ABRT"
  | "KILL"
  | "USR1"
  | "USR2"
  | "TERM"
  | "CHLD"
  | "CONT"
  | "STOP"
  | "WINCH"
  | "TTIN"
  | "TTOU"
  | "PIPE";

/** How a process ended: its exit code, or minus the number of the signal that killed it. */
export type ExitStatus = number;

export const SIGNAL_NUMBER: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ABRT: 6,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TTIN: 21,
  TTOU: 22,
  WINCH: 28,
};

/** Where the text of a command stands: a file of the scenario, or `command:N` (from 1) for its own commands. */
export interface CommandPlace {
  readonly file: string;
  readonly line: number;
  /** Character offset of the command's first character in that text. */
  readonly start: number;
}

export interface Process {
  readonly pid: Pid;
  readonly parent: Pid;
  /** Name of the program that handles its signals: "nginx", "gunicorn". */
  readonly program: string;
  /** What it is within the program: "master", "worker". */
  readonly role: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: string;
  /** Which of the scenario's commands started it (for `command:N` causes), or -1. */
  readonly command: number;
  readonly startedAt: number;
  /** The command as it was written, when it is known: offsets of causes count in it. */
  readonly commandLine?: string;
  /** Where that text stands, for causes. */
  readonly commandAt?: CommandPlace;
  /** Where standard output and error go, as log streams, when a supervisor redirected them; forks inherit it. */
  readonly stdout?: string;
  readonly stderr?: string;
  /** The process whose start it descends from by fork, adopted or not: what a unit's control group is. */
  readonly group: Pid;
  /** Listening sockets passed by who started it (LISTEN_FDS), as file descriptors 3 and up. */
  readonly inherits?: readonly ListenerId[];
  stopped: boolean;
  exit: ExitStatus | null;
}

export interface StartOptions {
  readonly parent: Pid;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly user?: string;
  readonly command?: number;
  readonly commandLine?: string;
  /** Where that text stands, for causes. */
  readonly commandAt?: CommandPlace;
  readonly stdout?: string;
  readonly stderr?: string;
  /** Its own group unless given. */
  readonly group?: Pid;
  readonly inherits?: readonly ListenerId[];
}

/** A program as the machine knows it. Registered by name at install. */
export interface Program {
  readonly name: string;
  /** exec(): the process exists; the program reads its arguments and begins. */
  start(process: Process): void;
  /** A signal that can be caught. */
  signal(pid: Pid, signal: Signal): void;
  /** SIGCHLD: a child has ended; its process is already gone from the table's living ones. */
  childExited(pid: Pid, child: Pid, status: ExitStatus): void;
  /** The process was killed (KILL, or its own exit): forget what is kept for it. Sockets are closed already. */
  ended(pid: Pid, status: ExitStatus): void;
  /** The parent died and the process was adopted. */
  orphaned?(pid: Pid): void;
  /** STOP and CONT. */
  stopped?(pid: Pid, stopped: boolean): void;
}

export interface Processes {
  register(program: Program): void;
  /** fork and exec of a command line; the program's `start` is called from an event right after. */
  start(options: StartOptions): Pid;
  /** fork without exec: a worker of the same program; nothing is called. `user` when it gives up root (setuid). */
  fork(parent: Pid, role: string, user?: string): Pid;
  /** The process ends by itself. Its sockets close, its parent hears of it, its children are orphaned. */
  exit(pid: Pid, status: ExitStatus): void;
  kill(pid: Pid, signal: Signal): void;
  get(pid: Pid): Process | null;
  alive(pid: Pid): boolean;
  children(pid: Pid): readonly Pid[];
  /** Living processes in order of pid. */
  living(): readonly Process[];
  /** Tells when a process that nobody in the simulation waits for has ended: { pid, status }. */
  exits(): readonly {
    readonly pid: Pid;
    readonly argv: readonly string[];
    readonly command: number;
    readonly status: ExitStatus;
    readonly at: number;
  }[];
}

/** Log lines and observed facts go to whoever records; a run without a recorder makes none. */
export interface LogSink {
  /** What is wrong with, or not simulated of, a text that a program has read. */
  diagnose(diagnostics: readonly Diagnostic[]): void;
  /** Whether lines of this request are wanted: ask before building one. -1 asks for lines of no request. */
  wants(request: number): boolean;
  /**
   * A line of a log: `stream` is an absolute path, or "nginx:start", "gunicorn", "uwsgi", "django",
   * "supervisor", "journal" for what has no file.
   */
  log(stream: string, text: string, request: number, cause?: { readonly level?: string }): void;
  /** Part of a request's observation (see simulation/observation.ts), merged over what is there. */
  observe(request: number, part: Readonly<Record<string, unknown>>): void;
  /** What is observed of a request so far. */
  observed(request: number): Readonly<Record<string, unknown>>;
}

export interface Cpu {
  /**
   * Uses a core for `ns`, then raises event `kind` with (a, b). When more want to run than there are
   * cores they take turns, as Linux's fair scheduler does.
   */
  run(pid: Pid, ns: number, kind: number, a: number, b: number): void;
  /** The process does one job at a time from now on: a program whose greenlets share one thread. */
  alone(pid: Pid): void;
  /** Since when such a process does the job that it does, or -1. */
  aloneSince(pid: Pid): number;
  /** Forgets the work of a process that ended or was interrupted (all its jobs with this `a`). */
  cancel(pid: Pid, kind: number, a: number): void;
  /** Cores busy now. */
  readonly busy: number;
  /** How many there are now. */
  readonly count: number;
  /** The machine gets or loses cores while it runs, as a virtual one can; work on a lost one waits. */
  resize(count: number): void;
}

/** The machine's memory, as far as it can run out. */
export interface Memory {
  /** The process takes (or, below 0, gives back) memory. A limit that is passed kills right after. */
  add(pid: Pid, bytes: number): void;
  /** Bytes that a process holds. */
  held(pid: Pid): number;
  /** A limit for a process and its descendants; a kill among them raises event `kind` with (a, pid). */
  limit(root: Pid, bytes: number, kind: number, a: number): void;
}

/** The machine under the programs. */
export interface Host {
  readonly sim: Simulation;
  readonly disk: import("./disk.ts").Disk;
  readonly processes: Processes;
  readonly network: Network;
  readonly cpu: Cpu;
  readonly memory: Memory;
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly settings: HostSettings;
}

/** The wall clock of the simulated world: the scenario's `start` plus simulated time. */
export interface Clock {
  /** Milliseconds since 1970 now. */
  nowMs(): number;
  /** `Sat, 21 Nov 2026 00:11:20 GMT` for HTTP headers. `nowMs` when no time is given. */
  httpDate(ms?: number): string;
  /** `21/Nov/2026:00:11:20 +0000` for access logs. */
  logDate(ms?: number): string;
  /** `2026/11/21 00:11:20` for nginx's error log. */
  errorLogDate(ms?: number): string;
  /** `2026-11-21 00:11:20` (gunicorn, supervisor, PostgreSQL). */
  isoDate(ms?: number): string;
}

export interface HostSettings {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly sysctl: Readonly<Record<string, string>>;
  readonly hostname: string;
  /** Addresses of the server beside loopback. */
  readonly addresses: readonly string[];
}
