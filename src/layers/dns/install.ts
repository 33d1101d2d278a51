// Installs the DNS around a scenario: the tree of servers, the recursive resolver, and the stubs that
// clients ask. What travels between them are messages in the real format.
import type { Host } from "../../host/processes.ts";
import { fromMs, type Span } from "../../kernel/time.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { dnsQuery } from "../../wire/dns-message.ts";
import type { KnownAddress, NameLookup, NameQuestion, NameQuestions } from "../name-lookup.ts";
import { readResolvConf } from "./client-files.ts";
import {
  type DnsContext,
  type DnsEvents,
  type DnsTrouble,
  dnsWorld,
  emptyDnsWorld,
  newId,
  type Packet,
  randomId,
  renewWorld,
  sendPacket,
} from "./context.ts";
import { DISCARD_AFTER, EDNS_PAYLOAD, RTT_TO_RESOLVER } from "./costs.ts";
import { cacheEntry, resolverQuery, serverAnswer, serverQuestion, stubLookup } from "./machine.ts";
import { serverReceives } from "./name-server.ts";
import { onAddress, resolveQuestion } from "./resolver.ts";
import { warmCache } from "./resolver-cache.ts";
import { onQuestionEnd } from "./resolver-receive.ts";
import { questionReceives, questionTimesOut } from "./server-question.ts";
import { beginLookup, onHostsRead, onStubRefused, onStubTimer, stubReceives } from "./stub.ts";
import { buildTree, type DnsTree } from "./tree.ts";

export interface DnsOptions {
  /** Zone texts by origin, as in the scenario. */
  readonly zones: Readonly<Record<string, string>>;
  /** Round trip between the client and its resolver, ms. */
  readonly links?: { readonly rttMs?: number };
  /** The resolver has every name of the zones in its cache when the run begins. */
  readonly warm?: boolean;
  /** The client's own files. */
  readonly resolvConf?: string;
  readonly hosts?: string;
  /** Addresses of name servers that never answer. */
  readonly silent?: readonly string[];
  readonly resolver?: { readonly qnameMinimisation?: boolean; readonly discardTimeoutMs?: number };
}

export interface Dns extends NameLookup, NameQuestions {
  /** The addresses that the zones give, for clients that have looked everything up before. */
  knownAddresses(): readonly KnownAddress[];
  /** The tree as built: for the stage and the file panel. */
  readonly tree: DnsTree;
  readonly diagnostics: readonly Diagnostic[];
}

/** The client's files when it gives none. Source: Debian's defaults behind a home router. */
const RESOLVER_IP = "10.0.0.53";
const HOSTS = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";

/** Installs the layer: its machines, events and state. Call once, in a fixed order. */
export function installDns(host: Host, options: DnsOptions): Dns {
  const { sim } = host;
  const tree = buildTree(options.zones, { silent: options.silent });
  const conf = readResolvConf(options.resolvConf ?? `nameserver ${RESOLVER_IP}\n`);
  const discardMs = options.resolver?.discardTimeoutMs;
  const rttToResolver: Span =
    options.links?.rttMs === undefined ? RTT_TO_RESOLVER : fromMs(options.links.rttMs);
  const events: DnsEvents = {
    packet: 0,
    stubTimer: 0,
    stubRefused: 0,
    questionTimer: 0,
    stubDone: 0,
    resolverStep: 0,
  };
  const context: DnsContext = {
    host,
    tree,
    conf,
    hosts: options.hosts ?? HOSTS,
    settings: {
      resolverIp: conf.nameservers.includes(RESOLVER_IP) ? RESOLVER_IP : conf.nameservers[0],
      rttToResolver,
      qnameMinimisation: options.resolver?.qnameMinimisation ?? true,
      discardAfter: discardMs === undefined ? DISCARD_AFTER : fromMs(discardMs),
    },
    clients: [],
    machines: {
      stub: sim.machine(stubLookup),
      resolver: sim.machine(resolverQuery),
      question: sim.machine(serverQuestion),
      server: sim.machine(serverAnswer),
      entry: sim.machine(cacheEntry),
    },
    events,
  };
  sim.world.dns = emptyDnsWorld();
  const questionsSoFar = (): number => dnsWorld(context).nextId;
  sim.renewal.addCounted(questionsSoFar, () => renewWorld(dnsWorld(context)));
  registerEvents(context);
  if (options.warm === true) warmCache(context);
  return {
    tree,
    diagnostics: [...tree.diagnostics, ...conf.diagnostics],
    client: (client) => context.clients.push(client) - 1,
    lookup: (lookup) => beginLookup(context, lookup),
    dig: (question) => dig(context, question),
    knownAddresses: () => knownAddresses(tree),
  };
}

function knownAddresses(tree: DnsTree): readonly KnownAddress[] {
  return tree.files.flatMap(({ records }) =>
    records
      .filter(({ type }) => type === "A")
      .map(({ name, data, ttl }) => ({
        name: name.replace(/\.$/, "").toLowerCase(),
        address: data,
        ttlSeconds: ttl,
      })),
  );
}

function registerEvents(context: DnsContext): void {
  const { sim } = context.host;
  const { events } = context;
  events.packet = sim.event("dns message arrives", (id) => onPacket(context, id));
  events.stubTimer = sim.event("stub waits no longer", (id) => onStubTimer(context, id));
  events.stubRefused = sim.event("icmp reaches the stub", (id, wait) =>
    onStubRefused(context, id, wait),
  );
  events.questionTimer = sim.event("resolver waits no longer", (id) => {
    questionTimesOut(context, id, onQuestionEnd);
  });
  events.stubDone = sim.event("stub has read hosts", (id) => onHostsRead(context, id));
  events.resolverStep = sim.event("resolver has an address", (id) => onAddress(context, id));
}

function onPacket(context: DnsContext, id: number): void {
  const { packets } = dnsWorld(context);
  const packet = packets.get(id);
  if (packet === undefined) return;
  packets.delete(id);
  if (packet.to === "server") serverReceives(context, packet);
  else if (packet.to === "question") {
    questionReceives(context, packet.key, packet.message, onQuestionEnd);
  } else if (packet.to === "stub") stubReceives(context, packet.key, packet.message);
  else if (packet.to === "dig") digReceives(context, packet);
  else resolverReceives(context, packet);
}

/** A client's question reaches the resolver. Only the first of the client's servers answers. */
function resolverReceives(context: DnsContext, packet: Packet): void {
  const { message, key } = packet;
  const world = dnsWorld(context);
  const digging = world.digs.get(key);
  const asking = digging ?? world.lookups.get(key);
  const isHere = packet.ip === context.settings.resolverIp;
  if (message.question === null || asking === undefined || !isHere) return;
  if (world.trouble !== null && world.trouble.resolver !== "up") {
    refuse(context, world.trouble, key);
    return;
  }
  const to = digging === undefined ? "stub" : "dig";
  const waiter = { kind: "client", query: message, to, key, at: context.host.sim.now } as const;
  resolveQuestion(context, message.question, waiter, { entity: asking.entity, depth: 0 });
}

/**
 * Where the resolver was killed, its host sends an ICMP message: the port is unreachable. One that hangs says
 * nothing. Simplification: what reaches a resolver that hangs is lost; the real one reads it when it goes on.
 */
function refuse(context: DnsContext, { resolver, delayNs }: DnsTrouble, key: number): void {
  const lookup = dnsWorld(context).lookups.get(key);
  if (resolver === "stopped" || lookup === undefined) return;
  const { events, settings, host } = context;
  const backNs = settings.rttToResolver / 2 + delayNs;
  host.sim.after(backNs, events.stubRefused, lookup.id, lookup.wait);
}

/** Draws of the message ids of single questions. */
const DIG_PURPOSE = 0x0d190000;

function dig(context: DnsContext, options: NameQuestion): void {
  const { sim } = context.host;
  const { settings, machines } = context;
  const key = newId(context);
  const entity = sim.spawn(machines.stub, options.request);
  const { client, ticket } = options;
  dnsWorld(context).digs.set(key, { entity, client, ticket });
  const message = dnsQuery(
    randomId(context, entity, DIG_PURPOSE + key),
    { name: options.name.endsWith(".") ? options.name : `${options.name}.`, type: options.type },
    {
      recursionDesired: true,
      edns: options.edns === true ? { udpPayload: EDNS_PAYLOAD, dnssecOk: false } : null,
    },
  );
  sim.fire(machines.stub, entity, stubLookup.transition.ask);
  const ip = settings.resolverIp;
  sendPacket(context, { message, to: "resolver", key, ip }, settings.rttToResolver / 2);
}

function digReceives(context: DnsContext, { key, message }: Packet): void {
  const { sim } = context.host;
  const world = dnsWorld(context);
  const asked = world.digs.get(key);
  if (asked === undefined) return;
  world.digs.delete(key);
  sim.fire(context.machines.stub, asked.entity, stubLookup.transition.resolve);
  sim.retire(asked.entity);
  context.clients[asked.client]?.answered?.(asked.ticket, message);
}
