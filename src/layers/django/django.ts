// What Django's behaviour files share: the machine below, the database, the servers it answers, its
// state machines, and the small verbs that every step uses.
import type { Host, Pid } from "../../host/processes.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import type { Entity, MachineHandle, Simulation } from "../../kernel/simulation.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { WsgiServer } from "../application.ts";
import type { ConnectionId, DatabaseServer } from "../database-client.ts";
import type { Facts } from "../layer.ts";
import { type applicationMachine, type queryMachine, requestMachine } from "./machine.ts";
import type { CachedResponse } from "./page-cache.ts";
import type { Project, ProjectParts } from "./project.ts";
import type { PyException } from "./python-values.ts";
import type { Run } from "./run.ts";
import type { Settings } from "./settings.ts";
import type { Urlconf } from "./urlconf.ts";

type HandleOf<M> = MachineHandle<StateOf<M>, TransitionOf<M>>;

export interface Django {
  readonly host: Host;
  readonly sim: Simulation;
  readonly database: DatabaseServer;
  readonly servers: readonly WsgiServer[];
  readonly parts: ProjectParts;
  readonly requests: HandleOf<typeof requestMachine>;
  readonly applications: HandleOf<typeof applicationMachine>;
  readonly queries: HandleOf<typeof queryMachine>;
  readonly events: { readonly cpu: number; readonly timer: number };
}

/** What a process has imported. */
export interface LoadedApp {
  readonly project: Project;
  readonly entity: Entity;
  urlconf: Urlconf | null;
  /** The page cache of LocMemCache, by key. */
  readonly cache: Map<string, CachedResponse>;
  /** Sessions of the cache backends, by key. */
  readonly cachedSessions: Map<string, Readonly<Record<string, string>>>;
  /** The language that is active in each thread, by slot. */
  readonly languages: Map<number, string>;
}

/** A thread's connection to the database, as django.db.connection wraps it. */
export interface ThreadConnection {
  id: ConnectionId;
  readonly pid: Pid;
  openedAt: number;
  /** When close_old_connections closes it: simulated time, or -1 for never. */
  closeAt: number;
  inAtomic: boolean;
  /** Names of the open savepoints; null for an atomic block without one. */
  savepoints: (string | null)[];
  savepointCount: number;
  needsRollback: boolean;
  errorsOccurred: boolean;
}

export interface DjangoWorld {
  runs: Map<number, Run>;
  readonly processes: Map<Pid, LoadedApp>;
  connections: Map<number, ThreadConnection>;
  /** Pages of cache backends that all processes share. */
  readonly sharedCache: Map<string, CachedResponse>;
  /** What was wrong, or not simulated, in the files that were read: by place and message. */
  readonly diagnostics: Map<string, Diagnostic>;
  /** Sessions of the file backend, by key: they outlive processes. */
  readonly sessionFiles: Map<string, Readonly<Record<string, string>>>;
}

export function worldOf(django: Django): DjangoWorld {
  return django.sim.world.django as DjangoWorld;
}

export function appOf(django: Django, run: Run): LoadedApp {
  return worldOf(django).processes.get(run.pid) as LoadedApp;
}

export function settingsOf(django: Django, run: Run): Settings {
  return appOf(django, run).project.settings;
}

/** Keeps what reading the project's files found, once each. */
export function keepDiagnostics(django: Django, found: readonly Diagnostic[]): void {
  const { diagnostics } = worldOf(django);
  for (const item of found)
    diagnostics.set(`${item.file}:${item.line}:${item.message}`, Object.freeze(item));
  django.host.sink.diagnose(found);
}

/** A call is over: its slot may be used again. */
export function forgetRun(django: Django, run: Run): void {
  const { runs } = worldOf(django);
  if (runs.get(run.slot) !== run) return;
  runs.delete(run.slot);
  if (run.heldBytes > 0) django.host.memory.add(run.pid, -run.heldBytes);
  django.sim.retire(run.entity);
}

type RequestTransition = TransitionOf<typeof requestMachine>;

/** What the server takes part in. All else is seen by nobody but who looks into the process. */
const OUTER: ReadonlySet<RequestTransition> = new Set<RequestTransition>([
  "startResponse",
  "sendItem",
  "closeResponse",
  "crash",
  "interrupt",
]);
const isOuter = Uint8Array.from(requestMachine.transitionNames, (name) =>
  OUTER.has(name) ? 1 : 0,
);

/** Takes a transition of the request and returns its row; -1 when it is written only for who looks. */
export function fire(django: Django, run: Run, transition: RequestTransition, value = 0): number {
  const { sim, requests } = django;
  const number = requestMachine.transition[transition];
  return isOuter[number] === 1
    ? sim.fire(requests, run.entity, number, value)
    : sim.fireInner(requests, run.entity, number, value);
}

/** Attaches facts to a row when somebody looks at the request. */
export function note(django: Django, run: Run, row: number, facts: () => Facts): void {
  if (django.sim.recording(run.entity)) django.sim.note(row, facts());
}

/** Tells the recorder that the request has come through a middleware. */
export function passed(django: Django, run: Run, name: string, how: string): void {
  if (django.host.sink.wants(run.request)) run.observed.middleware.push(`${name} ${how}`);
}

export function isIn(django: Django, run: Run, state: StateOf<typeof requestMachine>): boolean {
  return django.sim.is(django.requests, run.entity, state);
}

/** Uses the processor: the run goes on when the work is done, or owes it when nobody looks. */
export function pay(django: Django, run: Run, ns: number): void {
  if (ns <= 0) return;
  const wholeNs = Math.round(ns);
  if (run.isWatched) occupyProcessor(django, run, wholeNs);
  else run.owedNs += wholeNs;
}

/** Does the work that is owed: the clock comes to where the call is. Paid when that is over. */
export function settle(django: Django, run: Run): void {
  occupyProcessor(django, run, run.owedNs);
}

function occupyProcessor(django: Django, run: Run, ns: number): void {
  run.wait = "cpu";
  django.host.cpu.run(run.pid, ns, django.events.cpu, run.slot, 0);
}

export function sleep(django: Django, run: Run, ns: number): void {
  run.wait = "sleep";
  run.timer = django.sim.after(ns, django.events.timer, run.slot);
}

const ALPHABET_62 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const ALPHABET_36 = "abcdefghijklmnopqrstuvwxyz0123456789";
/** Purposes of Django's draws: one range, a number for each text drawn in a request. */
const RANDOM_TEXT = 0x646a0000;

/** A random text, drawn by request and order within it. */
export function randomText(django: Django, run: Run, length: number, lowerCase: boolean): string {
  const alphabet = lowerCase ? ALPHABET_36 : ALPHABET_62;
  let text = "";
  for (let i = 0; i < length; i++) {
    text += alphabet[django.sim.draw(run.request, RANDOM_TEXT + run.draws++) % alphabet.length];
  }
  return text;
}

/** A date some seconds from now, for `expires`. */
export function dateAfter(django: Django, seconds: number): string {
  return django.host.clock.httpDate(django.host.clock.nowMs() + seconds * 1000);
}

export function isException(value: object | null): value is PyException {
  return value !== null && "message" in value && "name" in value;
}
