// The end of a resolver's task: the answer is made for everybody who waits, client or other task, and
// sent unless it comes too late.
import { type DnsMessage, type DnsRecord, dnsResponse, emitDns } from "../../wire/dns-message.ts";
import { cacheKey, setsOf } from "./cache.ts";
import { type DnsContext, dnsWorld, sendPacket, type Task, type Waiter } from "./context.ts";
import { ANSWER_TIME, EDNS_PAYLOAD, SERVFAIL_TTL, UDP_BYTES_MAX } from "./costs.ts";
import { storeMessage } from "./resolver-cache.ts";

export interface TaskEnd {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "SERVFAIL";
  /** The records of the name at the end of the aliases. */
  readonly answer: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  /** The resolver owns the name. */
  readonly authoritative?: boolean;
}

/** Ends a task with an answer. */
export function endTask(context: DnsContext, task: Task, end: TaskEnd): void {
  const answer = task.chain.length === 0 ? end.answer : [...task.chain, ...end.answer];
  if (task.chain.length > 0 && end.rcode === "NOERROR" && end.answer.length > 0) {
    const sets = [...setsOf(answer).keys()];
    storeMessage(context, task, { rcode: "NOERROR", sets, negative: false });
  }
  finish(context, task, { ...end, answer });
}

/** Ends a task with SERVFAIL, kept for five seconds when it is new. */
export function failTask(
  context: DnsContext,
  task: Task,
  { keep }: { readonly keep: boolean },
): void {
  if (keep) {
    const expiresAt = context.host.sim.now + SERVFAIL_TTL * 1e9;
    const failure = Object.freeze({
      rcode: "SERVFAIL" as const,
      sets: [],
      negative: true,
      expiresAt,
    });
    dnsWorld(context).cache.messages.set(cacheKey(task.name, task.type), failure);
  }
  finish(context, task, { rcode: "SERVFAIL", answer: [], authority: [] });
}

function finish(context: DnsContext, task: Task, end: TaskEnd): void {
  const world = dnsWorld(context);
  world.tasks.delete(task.id);
  world.running.delete(task.key);
  const waiters = task.waiters.slice();
  waiters.forEach((waiter, i) => {
    if (waiter.kind === "client")
      answerClient(context, waiter, { ...end, answer: rotated(context, task, end.answer, i) });
    else context.host.sim.after(0, context.events.resolverStep, waiter.task);
  });
  context.host.sim.retire(task.entity);
}

/** Draws of the order of answers. */
const ORDER_PURPOSE = 0x0d170000;

/** rrset-roundrobin: each answer begins at another record of the set. */
function rotated(
  context: DnsContext,
  task: Task,
  answer: readonly DnsRecord[],
  waiter: number,
): readonly DnsRecord[] {
  if (answer.length < 2) return answer;
  const result: DnsRecord[] = [];
  for (const set of setsOf(answer).values()) {
    const start = context.host.sim.draw(task.entity, ORDER_PURPOSE + task.id + waiter) % set.length;
    result.push(...set.slice(start), ...set.slice(0, start));
  }
  return result;
}

function answerClient(
  context: DnsContext,
  waiter: Extract<Waiter, { kind: "client" }>,
  end: TaskEnd,
): void {
  const { sim } = context.host;
  const { discardAfter, rttToResolver, resolverIp } = context.settings;
  if (discardAfter > 0 && sim.now - waiter.at > discardAfter) return;
  const message = clientAnswer(waiter.query, end);
  const delay = ANSWER_TIME + rttToResolver / 2;
  sendPacket(context, { message, to: waiter.to, key: waiter.key, ip: resolverIp }, delay);
}

/** The answer as the client gets it: RA, EDNS only if it asked with it, cut at 512 bytes without. */
export function clientAnswer(query: DnsMessage, end: TaskEnd): DnsMessage {
  const spelled = end.answer.map((record) =>
    query.question !== null &&
    record.name !== query.question.name &&
    cacheKey(record.name, "") === cacheKey(query.question.name, "")
      ? { ...record, name: query.question.name }
      : record,
  );
  const message = dnsResponse(query, {
    recursionAvailable: true,
    authoritative: end.authoritative ?? false,
    rcode: end.rcode,
    answer: spelled,
    authority: end.authority,
    edns: query.edns === null ? null : { udpPayload: EDNS_PAYLOAD, dnssecOk: query.edns.dnssecOk },
  });
  const limit = query.edns === null ? UDP_BYTES_MAX : Math.min(EDNS_PAYLOAD, query.edns.udpPayload);
  if (end.answer.length < 2 && end.answer.every(({ data }) => data.length < 200)) return message;
  if (emitDns(message).length <= limit) return message;
  return Object.freeze({ ...message, truncated: true, answer: [], authority: [] });
}
