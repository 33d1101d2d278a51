// What the resolver makes of an answer: the root's servers, a referral to a closer zone, a step on the
// way, the records, an alias, or nothing; and which answers it does not trust.
import type { DnsMessage, DnsQuestion, DnsRecord } from "../../wire/dns-message.ts";
import { canonicalName, isAtOrBelow } from "../../wire/dns-name.ts";
import { cacheKey, countedDown, freshSet, TRUST } from "./cache.ts";
import { type DnsContext, dnsWorld, type Task } from "./context.ts";
import { BAD_ANSWERS_MAX, TTL_MAX } from "./costs.ts";
import { resolverQuery } from "./machine.ts";
import { enterZone, fireTask, followAlias, passStep, stepTask } from "./resolver.ts";
import { endTask } from "./resolver-answer.ts";
import { storeMessage, storeRecords, storeSet } from "./resolver-cache.ts";

const steps = resolverQuery.transition;

/** A question to a server has ended. Every task that waited for it goes on. */
export function onQuestionEnd(
  context: DnsContext,
  tasks: readonly number[],
  end: { readonly ip: string; readonly question: DnsQuestion; readonly message: DnsMessage | null },
): void {
  const waiting = tasks.flatMap((id) => dnsWorld(context).tasks.get(id) ?? []);
  // The question that a person follows goes on first, so that its steps stand in their order.
  const ordered = [...waiting.filter((task) => !task.fine), ...waiting.filter((task) => task.fine)];
  for (const task of ordered) {
    if (end.message === null) {
      fireTask(context, task, steps.loseServer, { values: { ip: end.ip } });
      afterBad(context, task, end.ip, true);
    } else receive(context, task, { ...end, message: end.message });
  }
}

interface Received {
  readonly ip: string;
  readonly question: DnsQuestion;
  readonly message: DnsMessage;
}

function receive(context: DnsContext, task: Task, received: Received): void {
  const { message, ip } = received;
  const isBad = message.rcode !== "NOERROR" && message.rcode !== "NXDOMAIN";
  if (isBad || isLame(task, message)) {
    fireTask(context, task, steps.distrust, { values: { ip, rcode: message.rcode } });
    afterBad(context, task, ip, false);
  } else if (task.purpose === "priming") learnRoot(context, task, message);
  else if (isReferral(message)) followReferral(context, task, message);
  else if (task.purpose === "server name" || task.purpose === "parent") {
    storeRecords(context, task, message.answer, TRUST.answer);
    fireTask(context, task, steps.descend, { fine: true });
    stepTask(context, task);
  } else receiveData(context, task, received);
}

function isReferral(message: DnsMessage): boolean {
  const hasNs = message.authority.some(({ type }) => type === "NS");
  return hasNs && !message.authoritative && message.answer.length === 0;
}

/** Neither authoritative nor a step further down: the server does not serve the zone. */
function isLame(task: Task, message: DnsMessage): boolean {
  if (message.authoritative) return false;
  const cut = message.authority.find(({ type }) => type === "NS");
  if (cut === undefined) return true;
  const name = canonicalName(cut.name);
  const isCloser = isAtOrBelow(name, task.zone) && name !== task.zone;
  return !isCloser && task.purpose === "data";
}

function learnRoot(context: DnsContext, task: Task, message: DnsMessage): void {
  storeRecords(context, task, message.answer, TRUST.answer);
  storeRecords(context, task, message.additional, TRUST.glue);
  fireTask(context, task, steps.learnRoot, {
    fine: true,
    message,
    values: { count: message.answer.length },
  });
  stepTask(context, task);
}

function followReferral(context: DnsContext, task: Task, message: DnsMessage): void {
  const cuts = message.authority.filter(({ type }) => type === "NS");
  const zone = canonicalName(cuts[0].name);
  storeRecords(context, task, cuts, TRUST.referral);
  const glue = message.additional.filter(({ name }) => isAtOrBelow(canonicalName(name), task.zone));
  storeRecords(context, task, glue, TRUST.glue);
  if (task.purpose === "data") {
    // The server's own step has told of the referral; this one is for who looks closer.
    fireTask(context, task, steps.followReferral, {
      fine: true,
      message,
      values: {
        next: zone,
        server: cuts[0].data,
        ttl: Math.min(cuts[0].ttl, TTL_MAX),
        glue: glue[0]?.data ?? "",
      },
    });
    enterZone(task, zone);
  } else fireTask(context, task, steps.descend, { fine: true });
  stepTask(context, task);
}

/** An authoritative answer: to the full question, or to a shortened one on the way. */
function receiveData(context: DnsContext, task: Task, received: Received): void {
  const { question, message } = received;
  const isFull = canonicalName(question.name) === canonicalName(task.currentName);
  const isWanted = isFull && question.type === task.type;
  keepData(context, task, message);
  if (isWanted) {
    conclude(context, task, received);
    return;
  }
  if (message.answer.length === 0) keepNegative(context, task, question, message);
  passStep(task, question, message.rcode);
  const alias = isFull ? aliasOf(message, question.name) : undefined;
  if (alias !== undefined) {
    if (!followAlias(context, task, alias)) stepTask(context, task);
    return;
  }
  fireTask(context, task, steps.descend, { fine: true, values: { rcode: message.rcode } });
  stepTask(context, task);
}

/** Keeps what belongs to the zone: the answer's first step, its NS set, its servers' addresses. */
function keepData(context: DnsContext, task: Task, message: DnsMessage): void {
  const first = message.answer[0];
  const isAlias = first?.type === "CNAME" && task.type !== "CNAME" && task.type !== "ANY";
  const answer = isAlias ? [first] : message.answer;
  storeRecords(context, task, answer, TRUST.answer);
  const inside = (record: DnsRecord) => isAtOrBelow(canonicalName(record.name), task.zone);
  const cuts = message.authority.filter((record) => record.type === "NS" && inside(record));
  storeRecords(context, task, cuts, TRUST.authority);
  const addresses = message.additional.filter((record) => record.type !== "OPT" && inside(record));
  storeRecords(context, task, addresses, TRUST.glue);
}

function aliasOf(message: DnsMessage, name: string): DnsRecord | undefined {
  return message.answer.find(
    (record) => record.type === "CNAME" && canonicalName(record.name) === canonicalName(name),
  );
}

function conclude(context: DnsContext, task: Task, { question, message }: Received): void {
  const wantsAlias = task.type === "CNAME" || task.type === "ANY";
  const alias = wantsAlias ? undefined : aliasOf(message, task.currentName);
  if (alias !== undefined) {
    if (!followAlias(context, task, alias)) stepTask(context, task);
    return;
  }
  const records = message.answer.filter(
    (record) =>
      canonicalName(record.name) === canonicalName(task.currentName) &&
      (record.type === task.type || task.type === "ANY"),
  );
  const key = cacheKey(task.currentName, task.type);
  if (records.length > 0) {
    fireTask(context, task, steps.answer, {
      message,
      values: { data: records[0].data, ttl: records[0].ttl },
    });
    storeMessage(
      context,
      { name: task.currentName, type: task.type },
      { rcode: "NOERROR", sets: [key], negative: false },
    );
    endTask(context, task, { rcode: "NOERROR", answer: records, authority: [] });
  } else concludeNegatively(context, task, { question, message });
}

/** No such name, or no such type: kept for as long as the SOA says (RFC 2308). */
function concludeNegatively(
  context: DnsContext,
  task: Task,
  { message }: Pick<Received, "question" | "message">,
): void {
  const rcode = message.rcode === "NXDOMAIN" ? "NXDOMAIN" : "NOERROR";
  const ttl = message.authority.find(({ type }) => type === "SOA")?.ttl ?? 0;
  fireTask(context, task, steps.answerNegatively, { message, values: { rcode, ttl } });
  const authority = keepNegative(
    context,
    task,
    { name: task.currentName, type: task.type },
    message,
  );
  endTask(context, task, { rcode, answer: [], authority });
}

/** Keeps a negative answer with its SOA; returns the SOA as the cache counts it down. */
function keepNegative(
  context: DnsContext,
  task: Task,
  question: DnsQuestion,
  message: DnsMessage,
): readonly DnsRecord[] {
  const soa = message.authority.find(({ type }) => type === "SOA");
  if (soa === undefined) return [];
  const key = cacheKey(soa.name, "SOA");
  const rcode = message.rcode === "NXDOMAIN" ? "NXDOMAIN" : "NOERROR";
  storeSet(context, task, { key, set: [soa], trust: TRUST.authority, negative: true });
  storeMessage(context, question, { rcode, sets: [key], negative: true });
  const { now } = context.host.sim;
  const kept = freshSet(dnsWorld(context).cache, key, now);
  return kept === null ? [soa] : countedDown(kept, now);
}

function afterBad(context: DnsContext, task: Task, ip: string, wasSilent: boolean): void {
  if (!wasSilent) task.bad.set(ip, (task.bad.get(ip) ?? 0) + 1);
  if (task.purpose === "parent") task.lastResort = "names";
  else if (task.purpose === "server name") {
    const isOver = wasSilent || (task.bad.get(ip) ?? 0) >= 2 * BAD_ANSWERS_MAX;
    if (isOver) task.lastResort = "over";
  }
  stepTask(context, task);
}
