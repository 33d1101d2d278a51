// The recursive resolver's work on one question, as Unbound's iterator does it: from the deepest zone
// whose servers it knows down to the zone that has the answer, with names no longer than each server
// needs to see (QNAME minimisation, RFC 9156), aliases followed by new questions, and everything kept.
// Left out: DNSSEC validation, IPv6 transport, forwarding, prefetching.
import type { DnsMessage, DnsQuestion, DnsRecord } from "../../wire/dns-message.ts";
import { canonicalName, labelsOf, lastLabels, parentName } from "../../wire/dns-name.ts";
import {
  type Cache,
  type CachedMessage,
  cacheKey,
  countedDown,
  freshMessage,
  freshSet,
  TRUST,
} from "./cache.ts";
import { type DnsContext, dnsWorld, newId, type Task, type Waiter } from "./context.ts";
import { BAD_ANSWERS_MAX, DEPTH_MAX, MINIMISED_MAX, RESTARTS_MAX, RTT_BAND } from "./costs.ts";
import { localAnswer } from "./local-names.ts";
import { resolverQuery } from "./machine.ts";
import { dnsView } from "./message-facts.ts";
import { endTask, failTask } from "./resolver-answer.ts";
import { deepestZone, serversOfZone } from "./resolver-cache.ts";
import { askServer } from "./server-question.ts";
import { isUseful, UNKNOWN_SERVER } from "./server-timing.ts";

const steps = resolverQuery.transition;
/** Draws of the server to ask; each choice has its own. */
const CHOICE_PURPOSE = 0x0d160000;

/** A question for the resolver: answered from the cache, joined to the same one, or worked on. */
export function resolveQuestion(
  context: DnsContext,
  question: DnsQuestion,
  waiter: Waiter,
  from: { entity: number; depth: number },
): void {
  const { sim } = context.host;
  const world = dnsWorld(context);
  const key = cacheKey(question.name, question.type);
  if (waiter.kind === "client") world.asks++;
  const running = world.tasks.get(world.running.get(key) ?? -1);
  if (running !== undefined) {
    running.waiters.push(waiter);
    return;
  }
  const task: Task = {
    id: newId(context),
    entity: sim.spawn(context.machines.resolver, sim.requestOf(from.entity)),
    key,
    name: question.name,
    type: question.type,
    depth: from.depth,
    fine: question.type !== "A" || from.depth > 0,
    waiters: [waiter],
    currentName: question.name,
    chain: [],
    restarts: 0,
    zone: ".",
    minimisedLabels: 0,
    minimisedCount: 0,
    minimise: context.settings.qnameMinimisation,
    askedTypeA: false,
    purpose: "data",
    bad: new Map(),
    lastResort: "none",
    lookedUp: new Set(),
    question: 0,
  };
  world.tasks.set(task.id, task);
  world.running.set(key, task.id);
  if (!answerAtOnce(context, task)) stepTask(context, task);
}

/** Fires a transition of the task's machine with facts, when somebody looks. */
export function fireTask(
  context: DnsContext,
  task: Task,
  transition: number,
  facts: {
    readonly values?: Readonly<Record<string, string | number | boolean>>;
    readonly fine?: boolean;
    readonly message?: DnsMessage;
  } = {},
): void {
  const { sim } = context.host;
  const row = sim.fire(context.machines.resolver, task.entity, transition);
  if (!sim.recording(task.entity)) return;
  sim.note(row, {
    values: {
      name: task.name,
      type: task.type,
      current: task.currentName,
      zone: task.zone,
      ...facts.values,
    },
    ...(facts.message !== undefined && { messages: [dnsView("What arrived", facts.message)] }),
    ...((task.fine || facts.fine === true) && { fine: true as const }),
  });
}

function answerAtOnce(context: DnsContext, task: Task): boolean {
  const local = localAnswer(task.name, task.type);
  if (local !== null) {
    fireTask(context, task, steps.answerLocally, { values: { local: local.zone } });
    endTask(context, task, { ...local, authoritative: true });
    return true;
  }
  const failure = freshMessage(dnsWorld(context).cache, task.key, context.host.sim.now);
  if (failure?.rcode === "SERVFAIL") {
    fireTask(context, task, steps.hitFailure);
    failTask(context, task, { keep: false });
    return true;
  }
  return answerFromCache(context, task);
}

/** Follows cached aliases, then looks for a cached answer to the name at their end. */
function answerFromCache(context: DnsContext, task: Task): boolean {
  const { cache } = dnsWorld(context);
  const { now } = context.host.sim;
  const asked = freshMessage(cache, cacheKey(task.currentName, task.type), now);
  if (asked !== null && asked.rcode !== "SERVFAIL") {
    fireTask(context, task, steps.hitCache, { values: { negative: asked.negative } });
    // What is looked up for another task, or has asked servers before, is no answer from the cache.
    if (task.waiters[0].kind === "client" && task.question === 0) dnsWorld(context).cacheAnswers++;
    const records = recordsOf(cache, asked, now);
    endTask(context, task, {
      rcode: asked.rcode,
      answer: asked.negative ? records.filter(({ type }) => type !== "SOA") : records,
      authority: asked.negative ? records.filter(({ type }) => type === "SOA") : NO_RECORDS,
    });
    return true;
  }
  if (task.type === "ANY" && answerAny(context, task)) return true;
  const alias = freshSet(cache, cacheKey(task.currentName, "CNAME"), now);
  if (alias !== null && task.type !== "CNAME" && alias.trust === TRUST.answer) {
    return followAlias(context, task, countedDown(alias, now)[0]);
  }
  return false;
}

const NO_RECORDS: readonly DnsRecord[] = [];

/** The records of a cached message, their time counted down. */
function recordsOf(cache: Cache, message: CachedMessage, now: number): readonly DnsRecord[] {
  const records: DnsRecord[] = [];
  for (const key of message.sets) {
    const set = freshSet(cache, key, now);
    if (set !== null) records.push(...countedDown(set, now));
  }
  return records;
}

/** Types that a question for ANY is answered with, from the cache alone. Source: Unbound, fill_any. */
const ANY_TYPES = ["A", "AAAA", "MX", "SOA", "NS", "DNAME"] as const;

function answerAny(context: DnsContext, task: Task): boolean {
  const { now } = context.host.sim;
  const answer = ANY_TYPES.flatMap((type) => {
    const set = freshSet(dnsWorld(context).cache, cacheKey(task.currentName, type), now);
    const isOwn = set !== null && set.trust >= TRUST.authority;
    return isOwn ? countedDown(set, now) : [];
  });
  if (answer.length === 0) return false;
  fireTask(context, task, steps.hitCache, { values: { negative: false } });
  endTask(context, task, { rcode: "NOERROR", answer, authority: [] });
  return true;
}

/** Goes on with the target of a CNAME; true when that ended the task. */
export function followAlias(context: DnsContext, task: Task, alias: DnsRecord): boolean {
  task.chain.push(alias);
  const loops = task.chain.some(
    (record) => canonicalName(record.name) === canonicalName(alias.data),
  );
  fireTask(context, task, steps.followAlias, { values: { alias: alias.name, target: alias.data } });
  if (loops || ++task.restarts > RESTARTS_MAX) {
    giveUp(context, task);
    return true;
  }
  task.currentName = alias.data;
  task.minimisedLabels = 0;
  task.minimisedCount = 0;
  task.minimise = context.settings.qnameMinimisation;
  task.askedTypeA = false;
  task.lastResort = "none";
  task.bad.clear();
  return answerFromCache(context, task);
}

/** Chooses the zone, the server and the question that come next. */
export function stepTask(context: DnsContext, task: Task): void {
  const { sim } = context.host;
  const zone = deepestZone(context, task.currentName);
  if (sim.is(context.machines.resolver, task.entity, "received")) {
    task.zone = zone ?? ".";
    fireTask(context, task, steps.missCache, { values: { known: zone ?? "nothing" } });
  }
  if (zone === null) {
    prime(context, task);
    return;
  }
  if (task.lastResort === "none" && zone !== task.zone) enterZone(task, zone);
  if (task.lastResort !== "none") lastResort(context, task);
  else askZone(context, task);
}

export function enterZone(task: Task, zone: string): void {
  task.zone = zone;
  task.bad.clear();
  task.minimisedLabels = Math.max(task.minimisedLabels, labelsOf(zone).length);
}

/** The root's own NS set is asked of the hints before anything else (RFC 8109). */
function prime(context: DnsContext, task: Task): void {
  const ips = context.tree.hints.map((hint) => hint.ip);
  const ip = chooseServer(context, task, ips);
  if (ip === null) {
    giveUp(context, task);
    return;
  }
  task.purpose = "priming";
  ask(context, task, ip, { name: ".", type: "NS" });
}

function ask(context: DnsContext, task: Task, ip: string, question: DnsQuestion): void {
  fireTask(context, task, steps.ask, { fine: true, values: { ip, question: question.name } });
  askServer(context, task, ip, question);
}

function askZone(context: DnsContext, task: Task): void {
  const servers = serversOfZone(context, task.zone);
  const ip = chooseServer(
    context,
    task,
    servers.flatMap((server) => server.ips),
  );
  if (ip !== null) {
    task.purpose = "data";
    ask(context, task, ip, nextQuestion(context, task));
    return;
  }
  const unknown = servers.find(
    (server) => server.ips.length === 0 && !isBeingLookedUp(context, task, server.name),
  );
  if (unknown !== undefined && task.depth < DEPTH_MAX) {
    needAddress(context, task, unknown.name);
  } else {
    task.lastResort = "parent";
    lastResort(context, task);
  }
}

/** Whether the address was looked up already, or this task is itself part of looking it up. */
function isBeingLookedUp(context: DnsContext, task: Task, server: string): boolean {
  if (task.lookedUp.has(canonicalName(server)) || task.key === cacheKey(server, "A")) return true;
  return task.waiters.some((waiter) => {
    const above = waiter.kind === "task" ? dnsWorld(context).tasks.get(waiter.task) : undefined;
    return above !== undefined && isBeingLookedUp(context, above, server);
  });
}

function needAddress(context: DnsContext, task: Task, server: string): void {
  task.lookedUp.add(canonicalName(server));
  fireTask(context, task, steps.needAddress, { values: { server } });
  const from = { entity: task.entity, depth: task.depth + 1 };
  resolveQuestion(context, { name: server, type: "A" }, { kind: "task", task: task.id }, from);
}

/**
 * The server to ask: any within 400 ms of the fastest, at random (Unbound's RTT band); null when none
 * is left that is useful.
 */
function chooseServer(context: DnsContext, task: Task, ips: readonly string[]): string | null {
  const { timings } = dnsWorld(context);
  const timeoutOf = (ip: string) => (timings.get(ip) ?? UNKNOWN_SERVER).timeoutNs;
  const usable = ips.filter(
    (ip) =>
      isUseful(timings.get(ip) ?? UNKNOWN_SERVER) && (task.bad.get(ip) ?? 0) < BAD_ANSWERS_MAX,
  );
  if (usable.length === 0) return null;
  const best = Math.min(...usable.map(timeoutOf));
  const band = usable.filter((ip) => timeoutOf(ip) <= best + RTT_BAND);
  const purpose = CHOICE_PURPOSE + task.id;
  return band[context.host.sim.draw(task.entity, purpose + task.question * 97) % band.length];
}

/** The question for the zone's server: one label more than is known, of type A; at last the full one. */
function nextQuestion(context: DnsContext, task: Task): DnsQuestion {
  const { cache } = dnsWorld(context);
  for (;;) {
    const question = shortenedQuestion(task);
    const isFull = question.name === task.currentName && question.type === task.type;
    const key = cacheKey(question.name, question.type);
    const known = isFull ? null : freshMessage(cache, key, context.host.sim.now);
    if (known === null) return question;
    passStep(task, question, known.rcode);
  }
}

/** A shortened question is answered: the next one may be longer; after NXDOMAIN it is the full one. */
export function passStep(task: Task, question: DnsQuestion, rcode: string): void {
  const labels = labelsOf(question.name).length;
  if (rcode === "NXDOMAIN") task.minimise = false;
  else if (labels === labelsOf(task.currentName).length) task.askedTypeA = true;
  else {
    task.minimisedLabels = labels;
    task.minimisedCount++;
  }
}

function shortenedQuestion(task: Task): DnsQuestion {
  const full = { name: task.currentName, type: task.type };
  const labels = labelsOf(task.currentName).length;
  const zoneLabels = labelsOf(task.zone).length;
  if (!task.minimise || task.minimisedCount >= MINIMISED_MAX) return full;
  const next = Math.max(task.minimisedLabels, zoneLabels) + 1;
  if (next < labels) return { name: lastLabels(task.currentName, next), type: "A" };
  const isTop = zoneLabels === labels;
  if (task.type === "A" || task.askedTypeA || isTop) return full;
  return { name: task.currentName, type: "A" };
}

/**
 * When every server of the zone has failed: the parent is asked once more for the delegation, then the
 * zone's servers for their own names; new addresses are tried, without any the question fails.
 */
function lastResort(context: DnsContext, task: Task): void {
  if (task.lastResort === "parent" && task.zone !== ".") {
    task.lastResort = "names";
    const parent = deepestZone(context, parentName(task.zone)) ?? ".";
    const ips = serversOfZone(context, parent).flatMap((server) => server.ips);
    const ip = chooseServer(context, task, ips);
    if (ip !== null) {
      task.purpose = "parent";
      ask(context, task, ip, { name: task.zone, type: "A" });
      return;
    }
  }
  const server = serversOfZone(context, task.zone).find(({ ips }) => ips.length > 0);
  const isFirst = task.purpose !== "server name";
  const again = !isFirst && task.lastResort === "names" && wasRefused(task, server?.ips[0]);
  if (task.lastResort === "names" && server !== undefined && (isFirst || again)) {
    task.purpose = "server name";
    ask(context, task, server.ips[0], { name: server.name, type: "A" });
  } else giveUp(context, task);
}

/** Whether the server's last answer to the question for its own name was bad, so that it is asked again. */
function wasRefused(task: Task, ip: string | undefined): boolean {
  const count = ip === undefined ? 0 : (task.bad.get(ip) ?? 0);
  return count > BAD_ANSWERS_MAX && count < 2 * BAD_ANSWERS_MAX;
}

export function giveUp(context: DnsContext, task: Task): void {
  fireTask(context, task, steps.giveUp);
  failTask(context, task, { keep: true });
}

/** The address of a server has been looked up, or not. */
export function onAddress(context: DnsContext, id: number): void {
  const task = dnsWorld(context).tasks.get(id);
  if (task === undefined) return;
  fireTask(context, task, steps.haveAddress);
  stepTask(context, task);
}
