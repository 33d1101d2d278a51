// nginx's own resolver: a name that a variable of proxy_pass gave is asked of the servers that `resolver` names, while
// nginx runs. Answers are kept for their TTL by each worker; a failure is not kept.
// Source: src/core/ngx_resolver.c; ngx_http_upstream_resolve_handler (1.22.1), and runs of the real program.
// Simplification: whatever address `resolver` names, 127.0.0.1 excepted, the scenario's recursive resolver answers there;
// where a scenario has no zones nobody answers. TCP after a cut answer and reverse names are left out.
import { fromMs, SECOND } from "../../kernel/time.ts";
import type { DnsMessage } from "../../wire/dns-message.ts";
import type { Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { argumentTexts } from "./config-tree.ts";
import { row, timeRow } from "./directive-rows.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest, RequestId } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";
import { parseTimeMs } from "./units.ts";

interface ResolverConf {
  readonly servers: readonly string[];
  /** valid=: instead of the TTL of answers; null: the TTL. */
  readonly validSec: number | null;
  readonly ipv6: boolean;
}

/** DNS servers for names that only become known with a request. */
export const resolverRow = row<ResolverConf>(
  "resolver",
  { servers: [], validSec: null, ipv6: true },
  (directive) => {
    const words = argumentTexts(directive);
    const bad = words.find((text) => text.includes("=") && !isOption(text));
    if (bad !== undefined) return { emerg: `invalid parameter: ${bad}` };
    const servers = words.filter((text) => !text.includes("="));
    const unknown = servers.find((text) => !/^(?:[\d.]+|\[[\da-fA-F:.]+\])(?::\d+)?$/.test(text));
    if (unknown !== undefined) return { emerg: `host not found in resolver "${unknown}"` };
    const valid = words.find((text) => text.startsWith("valid="));
    const validMs = valid === undefined ? null : parseTimeMs(valid.slice(6), true);
    return {
      servers: servers.map((text) => (/:\d+$/.test(text) ? text : `${text}:53`)),
      validSec: validMs === null ? null : validMs / 1000,
      ipv6: !words.includes("ipv6=off"),
    };
  },
);
export const resolverTimeoutRow = timeRow("resolver_timeout", 30_000);

function isOption(text: string): boolean {
  const [key, value] = text.split("=", 2);
  if (key === "valid") return parseTimeMs(value, true) !== null;
  if (key === "status_zone") return value !== "";
  return key === "ipv6" && (value === "on" || value === "off");
}

/** What came of a name: addresses, or what the error log says. */
export interface ResolverAnswer {
  readonly addresses: readonly string[];
  readonly problem: string | null;
  readonly cached: boolean;
  /** Seconds for which the addresses are kept. */
  readonly seconds: number;
}

/** A name that is being asked for, or whose addresses are known (ngx_resolver_node_t). */
interface KnownName {
  readonly name: string;
  readonly server: string;
  readonly validSec: number | null;
  readonly ipv6: boolean;
  addresses: readonly string[];
  ttlSec: number;
  /** Known up to this second; -1 while it is asked for. */
  validUntilSec: number;
  /** Questions without an answer yet. */
  pending: number;
  waiting: RequestId[];
}

interface ResolverState {
  /** By worker, resolver directive and name. */
  readonly names: Map<string, KnownName>;
  /** Questions under way: the name and type that a ticket is for. */
  readonly tickets: Map<number, string>;
  nextTicket: number;
}

/** How the answer to a request that waited is told. */
type Tell = (id: RequestId, answer: ResolverAnswer) => void;

interface Installed {
  readonly tell: Tell;
  readonly client: number;
  /** resolver_timeout of a request is over: a = request. */
  readonly timeout: number;
  /** A question is sent again: a = ticket. */
  readonly resend: number;
}

const NAME = "resolver";
/** Source: ngx_resolver_create: resend_timeout = 5 s. */
const RESEND_NS = 5 * SECOND;
/** Purpose of the draw that says at which address a round begins (ngx_random() in ngx_resolver_export). */
const ROTATE = 7200;

const installed = new WeakMap<NginxContext["sim"], Installed>();

function stateOf(context: NginxContext): ResolverState {
  return context.moduleState(NAME, () => ({ names: new Map(), tickets: new Map(), nextTicket: 1 }));
}

/** Registers events and the hearing of answers; call once, in a fixed order. */
export function installResolver(context: NginxContext, tell: Tell): void {
  const { sim, names } = context;
  const client =
    names?.client({
      resolved: () => undefined,
      answered: (ticket, message) => hearAnswer(context, ticket, message),
    }) ?? -1;
  installed.set(sim, {
    tell,
    client,
    timeout: sim.event("nginx resolver timeout", (id) => giveUp(context, id)),
    resend: sim.event("nginx resolver asks again", (ticket) => sendAgain(context, ticket)),
  });
}

function partsOf(context: NginxContext): Installed {
  return installed.get(context.sim) as Installed;
}

/** Finds the addresses of a name for a request, which hears of them by `tell`, perhaps at once. */
export function resolveName(context: NginxContext, request: NginxRequest, written: string): void {
  const { tell, timeout } = partsOf(context);
  const conf = valueAt(request.location, resolverRow);
  const name = written.toLowerCase().replace(/\.$/, "");
  if (conf.servers.length === 0) {
    tell(request.id, failure(`no resolver defined to resolve ${written}`));
    return;
  }
  const known = knownName(context, request, name, conf);
  const nowSec = Math.floor(context.nowMs() / 1000);
  if (known.pending === 0 && known.validUntilSec >= nowSec) {
    tell(request.id, found(context, request.id, known, true));
    return;
  }
  known.waiting.push(request.id);
  const limit = settingOf(request.location, resolverTimeoutRow);
  context.setTimer(request, fromMs(limit.value), timeout, {
    name: "resolver_timeout",
    span: limit.span,
    waitsFor: `the address of ${name}`,
    otherwise: "Nginx answers 502",
  });
  if (known.pending > 0) return;
  known.addresses = [];
  known.ttlSec = Number.POSITIVE_INFINITY;
  for (const type of conf.ipv6 ? ["A", "AAAA"] : ["A"]) ask(context, request, known, type);
}

const failure = (problem: string): ResolverAnswer => ({
  addresses: [],
  problem,
  cached: false,
  seconds: 0,
});

function keyOf(request: NginxRequest, name: string): string {
  const { span } = settingOf(request.location, resolverRow);
  return `${request.worker} ${span?.file}:${span?.line} ${name}`;
}

function knownName(
  context: NginxContext,
  request: NginxRequest,
  name: string,
  conf: ResolverConf,
): KnownName {
  const { names } = stateOf(context);
  const key = keyOf(request, name);
  const known = names.get(key);
  if (known !== undefined) return known;
  const made: KnownName = {
    name,
    server: conf.servers[0],
    validSec: conf.validSec,
    ipv6: conf.ipv6,
    addresses: [],
    ttlSec: 0,
    validUntilSec: -1,
    pending: 0,
    waiting: [],
  };
  names.set(key, made);
  return made;
}

function ask(context: NginxContext, request: NginxRequest, known: KnownName, type: string): void {
  const state = stateOf(context);
  const ticket = state.nextTicket++;
  known.pending++;
  state.tickets.set(ticket, `${keyOf(request, known.name)} ${type}`);
  const { worker, number } = request;
  send(context, known, { ticket, type, worker, number, isFirst: true });
}

interface Sending {
  readonly ticket: number;
  readonly type: string;
  readonly worker: number;
  readonly number: number;
  readonly isFirst: boolean;
}

function send(context: NginxContext, known: KnownName, sending: Sending): void {
  const { names, sim } = context;
  const { client, resend } = partsOf(context);
  const { ticket, type, number } = sending;
  const isDeaf = names === null || known.server.startsWith("127.0.0.1:");
  if (!isDeaf) names.dig({ name: known.name, type, request: number, client, ticket });
  else if (type === "A") logRefused(context, known, sending);
  sim.after(RESEND_NS, resend, ticket);
}

/**
 * Nobody listens there. One question is told by the next recv(); of two the second meets the error in send(), and the
 * first time both are sent at once more.
 */
function logRefused(context: NginxContext, known: KnownName, { worker, isFirst }: Sending): void {
  const call = known.ipv6 ? "send()" : "recv()";
  const text = `${call} failed (111: Connection refused) while resolving, resolver: ${known.server}`;
  context.logWorker(worker, "error", text);
  if (known.ipv6 && isFirst) context.logWorker(worker, "error", text);
}

function sendAgain(context: NginxContext, ticket: number): void {
  const state = stateOf(context);
  const asked = state.tickets.get(ticket);
  if (asked === undefined) return;
  const cut = asked.lastIndexOf(" ");
  const known = state.names.get(asked.slice(0, cut));
  const request = known === undefined ? null : context.request(known.waiting[0] ?? -1);
  if (known === undefined || request === null) {
    state.tickets.delete(ticket);
    if (known !== undefined) known.pending--;
    return;
  }
  const { worker, number } = request;
  send(context, known, { ticket, type: asked.slice(cut + 1), worker, number, isFirst: false });
}

/** Source: ngx_resolver_strerror. */
const PROBLEMS: Readonly<Record<string, string>> = {
  FORMERR: "1: Format error",
  SERVFAIL: "2: Server failure",
  NXDOMAIN: "3: Host not found",
  NOTIMP: "4: Unimplemented",
  REFUSED: "5: Operation refused",
};

function hearAnswer(context: NginxContext, ticket: number, message: DnsMessage): void {
  const state = stateOf(context);
  const asked = state.tickets.get(ticket);
  if (asked === undefined) return;
  state.tickets.delete(ticket);
  const key = asked.slice(0, asked.lastIndexOf(" "));
  const known = state.names.get(key);
  if (known === undefined) return;
  known.pending--;
  const addresses = message.answer.filter(({ type }) => type === "A" || type === "AAAA");
  known.addresses = [...known.addresses, ...addresses.map(({ data }) => data)].sort(ipv4First);
  for (const { ttl } of message.answer) known.ttlSec = Math.min(known.ttlSec, ttl);
  if (message.rcode !== "NOERROR") fail(context, key, known, PROBLEMS[message.rcode]);
  else if (known.pending === 0 && known.addresses.length === 0)
    fail(context, key, known, PROBLEMS.NXDOMAIN);
  else if (known.pending === 0) succeed(context, known);
}

const ipv4First = (a: string, b: string): number =>
  Number(a.includes(":")) - Number(b.includes(":"));

function succeed(context: NginxContext, known: KnownName): void {
  const nowSec = Math.floor(context.nowMs() / 1000);
  known.validUntilSec = nowSec + (known.validSec ?? known.ttlSec);
  for (const id of known.waiting.splice(0)) {
    answer(context, id, found(context, id, known, false));
  }
}

/** A failure is told to all who wait, and forgotten. */
function fail(context: NginxContext, key: string, known: KnownName, reason: string): void {
  stateOf(context).names.delete(key);
  const problem = `${known.name} could not be resolved (${reason})`;
  for (const id of known.waiting.splice(0)) answer(context, id, failure(problem));
}

function answer(context: NginxContext, id: RequestId, told: ResolverAnswer): void {
  const request = context.request(id);
  if (request === null || request.finished) return;
  context.clearTimer(request);
  partsOf(context).tell(id, told);
}

function found(
  context: NginxContext,
  id: RequestId,
  known: KnownName,
  cached: boolean,
): ResolverAnswer {
  const { addresses } = known;
  const first = (context.sim.draw(id, ROTATE) >>> 0) % addresses.length;
  return {
    addresses: [...addresses.slice(first), ...addresses.slice(0, first)],
    problem: null,
    cached,
    seconds: known.validSec ?? known.ttlSec,
  };
}

/** resolver_timeout is over for one request. */
function giveUp(context: NginxContext, id: RequestId): void {
  const { names } = stateOf(context);
  for (const [key, known] of names) {
    const at = known.waiting.indexOf(id);
    if (at < 0) continue;
    known.waiting.splice(at, 1);
    // Nobody waits any more: a later request asks anew.
    if (known.waiting.length === 0) names.delete(key);
    const problem = `${known.name} could not be resolved (110: Operation timed out)`;
    partsOf(context).tell(id, failure(problem));
    return;
  }
}

/** A worker has ended: what it knew is gone. */
export function forgetNames(context: NginxContext, worker: number): void {
  const { names } = stateOf(context);
  for (const key of names.keys()) if (key.startsWith(`${worker} `)) names.delete(key);
}

/** Why the name is asked for, for those who look. */
export function resolveFacts(request: NginxRequest, name: string): Facts {
  const setting = settingOf(request.location, resolverRow);
  const server = setting.value.servers[0] ?? "none: there is no resolver directive";
  return {
    values: { name, server },
    cause: causeOf(setting.span ?? request.location.span, "names the DNS server that nginx asks"),
  };
}

/** What the words about an answer need. */
export function answerValues(name: string, told: ResolverAnswer): NonNullable<Facts["values"]> {
  return {
    name,
    addresses: told.addresses.join(", "),
    cached: told.cached,
    seconds: told.seconds,
    reason: told.problem,
  };
}
