// What the DNS layer keeps in the simulation's world, and what stays the same while it runs. Messages
// travel as frozen objects; each is on its way for half a round trip.
import type { Host } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { Entity, MachineHandle } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import type { DnsMessage, DnsQuestion, DnsRecord } from "../../wire/dns-message.ts";
import type { LookupClient, LookupOptions } from "../name-lookup.ts";
import { type Cache, newCache } from "./cache.ts";
import type { ResolvConf } from "./client-files.ts";
import type {
  cacheEntry,
  resolverQuery,
  serverAnswer,
  serverQuestion,
  stubLookup,
} from "./machine.ts";
import type { ServerTiming } from "./server-timing.ts";
import type { DnsTree } from "./tree.ts";

type Handle<M> = MachineHandle<StateOf<M>, TransitionOf<M>>;

export interface DnsContext {
  readonly host: Host;
  readonly tree: DnsTree;
  readonly conf: ResolvConf;
  readonly hosts: string;
  readonly settings: DnsSettings;
  readonly clients: LookupClient[];
  readonly machines: {
    readonly stub: Handle<typeof stubLookup>;
    readonly resolver: Handle<typeof resolverQuery>;
    readonly question: Handle<typeof serverQuestion>;
    readonly server: Handle<typeof serverAnswer>;
    readonly entry: Handle<typeof cacheEntry>;
  };
  readonly events: DnsEvents;
}

export interface DnsEvents {
  /** A message arrives: its number. */
  packet: number;
  /** The stub's wait is over: the lookup's number, the wait's. */
  stubTimer: number;
  /** Nobody listens where the stub has asked: the lookup's number, the wait's. */
  stubRefused: number;
  /** A question to a server was not answered in time: the question's number. */
  questionTimer: number;
  /** A lookup that needs no message ends: its number. */
  stubDone: number;
  /** The resolver goes on with a question: its number. */
  resolverStep: number;
}

export interface DnsSettings {
  readonly resolverIp: string;
  readonly rttToResolver: Span;
  /** Unbound's qname-minimisation and discard-timeout. */
  readonly qnameMinimisation: boolean;
  readonly discardAfter: Span;
}

export interface Packet {
  readonly message: DnsMessage;
  readonly to: "resolver" | "server" | "stub" | "dig" | "question";
  /** The lookup, question or client query it belongs to. */
  readonly key: number;
  readonly ip: string;
  readonly sentAt: Instant;
}

/** A single question sent as dig sends it. */
export interface DigQuery {
  readonly entity: Entity;
  readonly client: number;
  readonly ticket: number;
}

/** One question of a lookup, waiting for its answer. */
export interface StubQuestion {
  readonly type: string;
  readonly messageId: number;
  answer: DnsMessage | null;
  sent: boolean;
}

export interface Lookup {
  readonly id: number;
  readonly entity: Entity;
  readonly options: LookupOptions;
  readonly names: readonly string[];
  nameIndex: number;
  server: number;
  round: number;
  /** Numbers the waits, so that each has ids of its own. */
  wait: number;
  /** Ends the wait that is on. */
  timer: EventHandle;
  questions: StubQuestion[];
  oneByOne: boolean;
  /** Chromium's own resolver has handed over to glibc. */
  fellBack: boolean;
  sawNoData: boolean;
  sawFailure: boolean;
  httpsRecord: boolean;
}

/** Who waits for a resolver's answer: a client, or another question that needs an address. */
export type Waiter =
  | {
      readonly kind: "client";
      readonly query: DnsMessage;
      readonly to: "stub" | "dig";
      readonly key: number;
      readonly at: Instant;
    }
  | { readonly kind: "task"; readonly task: number };

export interface Task {
  readonly id: number;
  readonly entity: Entity;
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly depth: number;
  readonly fine: boolean;
  readonly waiters: Waiter[];
  /** The name worked on now: the end of the CNAMEs so far. */
  currentName: string;
  readonly chain: DnsRecord[];
  restarts: number;
  /** Zone whose servers are asked. */
  zone: string;
  /** Labels of the last shortened name that was answered. */
  minimisedLabels: number;
  minimisedCount: number;
  minimise: boolean;
  /** The full name was asked with type A before the type that is wanted. */
  askedTypeA: boolean;
  purpose: "data" | "priming" | "parent" | "server name";
  /** Bad answers by address. */
  readonly bad: Map<string, number>;
  lastResort: "none" | "parent" | "names" | "over";
  /** Name servers whose addresses were looked up. */
  readonly lookedUp: Set<string>;
  question: number;
}

/** A question to one server; several tasks may wait for it. */
export interface ServerQuestion {
  readonly id: number;
  readonly entity: Entity;
  readonly ip: string;
  readonly key: string;
  readonly question: DnsQuestion;
  readonly fine: boolean;
  readonly tasks: number[];
  sends: number;
  messageId: number;
  timeoutNs: Span;
  sentAt: Instant;
  timer: EventHandle;
  overTcp: boolean;
}

/** What is wrong on a way that messages take. */
export interface WayTrouble {
  /** Each way. */
  readonly delayNs: Span;
  readonly lossRate: number;
  readonly held: boolean;
}

/** What is wrong between the clients and their resolver, and beyond it. */
export interface DnsTrouble extends WayTrouble {
  /** Between the resolver and the name servers, those of the root and of the domains. */
  readonly beyond: WayTrouble;
  /** One that is stopped is silent; where one was killed, its host says that nobody listens. */
  readonly resolver: "up" | "stopped" | "killed";
}

export interface DnsWorld {
  /** Null as long as nothing was broken. */
  trouble: DnsTrouble | null;
  nextId: number;
  packets: Map<number, Packet>;
  lookups: Map<number, Lookup>;
  readonly digs: Map<number, DigQuery>;
  tasks: Map<number, Task>;
  /** Tasks by their key, so that the same question joins. */
  running: Map<string, number>;
  questions: Map<number, ServerQuestion>;
  asked: Map<string, number>;
  readonly cache: Cache;
  /** Questions of clients, and those that the resolver's cache answered. */
  asks: number;
  cacheAnswers: number;
  readonly timings: Map<string, ServerTiming>;
}

export function emptyDnsWorld(): DnsWorld {
  return {
    trouble: null,
    nextId: 1,
    packets: new Map(),
    lookups: new Map(),
    digs: new Map(),
    tasks: new Map(),
    running: new Map(),
    questions: new Map(),
    asked: new Map(),
    cache: newCache(),
    asks: 0,
    cacheAnswers: 0,
    timings: new Map(),
  };
}

/** Makes the maps anew that questions pass through (kernel/renewal.ts). */
export function renewWorld(world: DnsWorld): number {
  world.packets = renewed(world.packets);
  world.lookups = renewed(world.lookups);
  world.tasks = renewed(world.tasks);
  world.running = renewed(world.running);
  world.questions = renewed(world.questions);
  world.asked = renewed(world.asked);
  return world.packets.size + world.lookups.size + world.tasks.size + world.questions.size;
}

export function dnsWorld(context: DnsContext): DnsWorld {
  return context.host.sim.world.dns as DnsWorld;
}

export function newId(context: DnsContext): number {
  return dnsWorld(context).nextId++;
}

/** Puts a message on its way; it arrives after `delayNs`. */
export function sendPacket(
  context: DnsContext,
  packet: Omit<Packet, "sentAt">,
  delayNs: Span,
): void {
  const { sim } = context.host;
  const id = newId(context);
  const { message, to, key, ip } = packet;
  const lateNs = troubleOnTheWay(context, id, to);
  if (lateNs === null) return;
  dnsWorld(context).packets.set(id, { message, to, key, ip, sentAt: sim.now });
  sim.after(delayNs + lateNs, context.events.packet, id);
}

/** Purpose of the draws of losses (random.ts). */
const LOSS_PURPOSE = 0x0d1a0000;

/** How much later a message arrives, or null when it never does: UDP repairs nothing. */
function troubleOnTheWay(context: DnsContext, id: number, to: Packet["to"]): Span | null {
  const { trouble } = dnsWorld(context);
  return trouble === null ? 0 : delayIn(trouble, context, id, to);
}

// Simplification: a question over TCP is lost as one over UDP is; really TCP sends its segments again.
function delayIn(
  trouble: DnsTrouble,
  context: DnsContext,
  id: number,
  to: Packet["to"],
): Span | null {
  const isBeyond = to === "server" || to === "question";
  const { held, lossRate, delayNs } = isBeyond ? trouble.beyond : trouble;
  if (held || (!isBeyond && to !== "resolver" && trouble.resolver !== "up")) return null;
  const isLost = lossRate > 0 && context.host.sim.uniform(id, LOSS_PURPOSE) < lossRate;
  return isLost ? null : delayNs;
}

/** A random message id. Source: RFC 5452 section 9.2. */
export function randomId(context: DnsContext, entity: Entity, purpose: number): number {
  return context.host.sim.draw(entity, purpose) & 0xffff;
}
