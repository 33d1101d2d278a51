// The stub resolver of a client: glibc's getaddrinfo, and Chromium's own resolver before it. It asks the
// recursive resolver and keeps nothing. Simplification: an answer cut at 512 bytes counts as one without
// addresses; the client has no route for IPv6, so that IPv4 addresses are the ones that are tried.
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { fromSeconds } from "../../kernel/time.ts";
import { isIpv4 } from "../../wire/dns-data.ts";
import { type DnsMessage, dnsQuery } from "../../wire/dns-message.ts";
import { canonicalName } from "../../wire/dns-name.ts";
import type { LookupError, LookupOptions, LookupResult } from "../name-lookup.ts";
import { addressesInHosts, candidateNames, waitSeconds } from "./client-files.ts";
import {
  type DnsContext,
  dnsWorld,
  type Lookup,
  newId,
  randomId,
  type StubQuestion,
  sendPacket,
} from "./context.ts";
import { CHROMIUM_GIVES_UP, CHROMIUM_RETRY, HOSTS_TIME, STUB_EDNS_PAYLOAD } from "./costs.ts";
import { stubLookup } from "./machine.ts";
import { dnsView } from "./message-facts.ts";

const steps = stubLookup.transition;
const ID_PURPOSE = 0x0d180000;

/** Begins a lookup; its client is told the result by an event. */
export function beginLookup(context: DnsContext, options: LookupOptions): void {
  const { sim } = context.host;
  const lookup: Lookup = {
    id: newId(context),
    entity: sim.spawn(context.machines.stub, options.request),
    options,
    names: candidateNames(options.name, context.conf),
    nameIndex: 0,
    server: 0,
    round: 0,
    wait: 0,
    timer: NO_EVENT,
    questions: [],
    oneByOne: context.conf.singleRequest,
    fellBack: false,
    sawNoData: false,
    sawFailure: false,
    httpsRecord: false,
  };
  dnsWorld(context).lookups.set(lookup.id, lookup);
  if (isIpv4(options.name) || options.name.includes(":")) {
    fireStub(context, lookup, steps.takeLiteral, { fine: true });
    sim.after(0, context.events.stubDone, lookup.id);
    return;
  }
  fireStub(context, lookup, steps.readHosts);
  sim.after(HOSTS_TIME, context.events.stubDone, lookup.id);
}

interface StubFacts {
  readonly values?: Readonly<Record<string, string | number | boolean>>;
  readonly message?: { readonly title: string; readonly message: DnsMessage };
  readonly fine?: boolean;
}

function fireStub(
  context: DnsContext,
  lookup: Lookup,
  transition: number,
  facts: StubFacts = {},
): void {
  const { sim } = context.host;
  const row = sim.fire(context.machines.stub, lookup.entity, transition);
  if (!sim.recording(lookup.entity)) return;
  const { message } = facts;
  sim.note(row, {
    values: { name: lookup.options.name, resolver: context.settings.resolverIp, ...facts.values },
    ...(message !== undefined && { messages: [dnsView(message.title, message.message)] }),
    ...(facts.fine === true && { fine: true as const }),
  });
}

/** Whether somebody looks, so that facts are worth making. */
function isRecorded(context: DnsContext, lookup: Lookup): boolean {
  return context.host.sim.recording(lookup.entity);
}

/** /etc/hosts has been read: its answer, or the first question to the resolver. */
export function onHostsRead(context: DnsContext, id: number): void {
  const { sim } = context.host;
  const lookup = dnsWorld(context).lookups.get(id);
  if (lookup === undefined) return;
  const { name } = lookup.options;
  if (!sim.is(context.machines.stub, lookup.entity, "reading hosts")) {
    finish(context, lookup, { addresses: [name], error: null, ttlSeconds: 0 });
    return;
  }
  const addresses = addressesInHosts(context.hosts, name);
  const fitting = lookup.options.family === "inet" ? addresses.filter(isIpv4) : addresses;
  if (fitting.length > 0) {
    fireStub(context, lookup, steps.findInHosts, { values: { address: fitting[0] } });
    finish(context, lookup, { addresses: fitting, error: null, ttlSeconds: 0 });
  } else {
    newQuestions(context, lookup);
    askAll(context, lookup, steps.ask);
  }
}

function isChromium(lookup: Lookup): boolean {
  return lookup.options.how === "chromium" && !lookup.fellBack;
}

/** The types a lookup asks for, the address last for Chromium and first for glibc. */
function typesOf(lookup: Lookup): readonly string[] {
  if (isChromium(lookup)) return ["HTTPS", "A"];
  if (lookup.options.how === "chromium" || lookup.options.family === "inet") return ["A"];
  return ["A", "AAAA"];
}

function newQuestions(context: DnsContext, lookup: Lookup): void {
  lookup.questions = typesOf(lookup).map((type, i) => ({
    type,
    messageId: randomId(context, lookup.entity, ID_PURPOSE + lookup.wait * 4 + i),
    answer: null,
    sent: false,
  }));
}

/** Sends what is not answered yet, both questions back to back or one by one, and waits. */
function askAll(context: DnsContext, lookup: Lookup, transition: number): void {
  const open = lookup.questions.filter((question) => question.answer === null);
  const now = lookup.oneByOne ? open.slice(0, 1) : open;
  for (const question of now) send(context, lookup, question, transition);
  lookup.wait++;
  const seconds = waitSeconds(context.conf, lookup.server);
  const wait = isChromium(lookup)
    ? lookup.round === 0
      ? CHROMIUM_RETRY
      : CHROMIUM_GIVES_UP - CHROMIUM_RETRY
    : fromSeconds(seconds);
  const { sim } = context.host;
  sim.cancel(lookup.timer);
  lookup.timer = sim.after(wait, context.events.stubTimer, lookup.id);
}

function send(
  context: DnsContext,
  lookup: Lookup,
  question: StubQuestion,
  transition: number,
): void {
  const { conf, settings } = context;
  const { type, messageId } = question;
  const name = questionName(lookup, type);
  const isChromiums = isChromium(lookup);
  const message = dnsQuery(
    messageId,
    { name, type },
    {
      recursionDesired: true,
      authenticData: conf.trustAd && !isChromiums,
      edns: conf.edns0 && !isChromiums ? { udpPayload: STUB_EDNS_PAYLOAD, dnssecOk: false } : null,
    },
  );
  question.sent = true;
  const facts: StubFacts | undefined = isRecorded(context, lookup)
    ? {
        values: { type, asked: name, round: lookup.round + 1 },
        message: { title: `Question to the resolver ${settings.resolverIp}`, message },
        fine: type !== "A",
      }
    : undefined;
  fireStub(context, lookup, transition, facts);
  sendPacket(
    context,
    { message, to: "resolver", key: lookup.id, ip: context.conf.nameservers[lookup.server] ?? "" },
    settings.rttToResolver / 2,
  );
}

/** Chromium asks for the HTTPS record of another port under a name of its own (RFC 9460 section 2.3). */
function questionName(lookup: Lookup, type: string): string {
  const name = lookup.names[lookup.nameIndex];
  const { port } = lookup.options;
  const isUsual = port === undefined || port === 80 || port === 443;
  return type === "HTTPS" && !isUsual ? `_${port}._https.${name}` : name;
}

/** An answer from the resolver. */
export function stubReceives(context: DnsContext, id: number, message: DnsMessage): void {
  const lookup = dnsWorld(context).lookups.get(id);
  const question = lookup?.questions.find(
    (candidate) => candidate.messageId === message.id && candidate.answer === null,
  );
  if (lookup === undefined || question === undefined || message.question === null) return;
  if (canonicalName(message.question.name) !== canonicalName(questionName(lookup, question.type)))
    return;
  question.answer = message;
  if (question.type === "HTTPS") {
    lookup.httpsRecord = message.answer.some(({ type }) => type === "HTTPS");
  }
  const isLast = lookup.questions.every(({ answer }) => answer !== null);
  if (!isLast) {
    fireStub(context, lookup, steps.receive, {
      fine: true,
      values: { type: question.type, asked: message.question.name, rcode: message.rcode },
      message: { title: "Answer of the resolver", message },
    });
    if (lookup.oneByOne) askAll(context, lookup, steps.ask);
    return;
  }
  judge(context, lookup);
}

/** The answers of a round to the questions for addresses. */
function addressAnswers(lookup: Lookup): readonly DnsMessage[] {
  const answers: DnsMessage[] = [];
  for (const { type, answer } of lookup.questions) {
    if (type !== "HTTPS" && answer !== null) answers.push(answer);
  }
  return answers;
}

/** The addresses of answers, IPv6 first, and the least time they may be kept. */
function addressesIn(
  answers: readonly DnsMessage[],
): Pick<LookupResult, "addresses" | "ttlSeconds"> {
  const six: string[] = [];
  const four: string[] = [];
  let ttlSeconds = Infinity;
  for (const { answer } of answers) {
    for (const { type, data, ttl } of answer) {
      if (type === "A") four.push(data);
      else if (type === "AAAA") six.push(data);
      else continue;
      ttlSeconds = Math.min(ttlSeconds, ttl);
    }
  }
  return { addresses: [...six, ...four], ttlSeconds };
}

/** All questions of a round are answered. */
function judge(context: DnsContext, lookup: Lookup): void {
  const answers = addressAnswers(lookup);
  const { addresses, ttlSeconds } = addressesIn(answers);
  if (addresses.length > 0) {
    const facts = isRecorded(context, lookup)
      ? resolveFacts(answers, addresses, ttlSeconds)
      : undefined;
    fireStub(context, lookup, steps.resolve, facts);
    finish(context, lookup, { addresses, error: null, ttlSeconds });
  } else if (answers.some(({ rcode }) => rcode !== "NOERROR" && rcode !== "NXDOMAIN")) {
    afterFailure(context, lookup);
  } else {
    if (answers.some(({ rcode }) => rcode === "NOERROR")) lookup.sawNoData = true;
    afterNegative(context, lookup);
  }
}

function resolveFacts(
  answers: readonly DnsMessage[],
  addresses: readonly string[],
  ttl: number,
): StubFacts {
  const main = answers.find((answer) => answer.question?.type === "A") ?? answers[0];
  return {
    values: { address: addresses.find(isIpv4) ?? addresses[0], ttl },
    message: { title: "Answer of the resolver", message: main },
  };
}

/** No such name or no address: the next name of the search list, Chromium's glibc, or the end. */
function afterNegative(context: DnsContext, lookup: Lookup): void {
  if (isChromium(lookup) && !lookup.sawNoData) fallBack(context, lookup);
  else if (lookup.nameIndex + 1 < lookup.names.length && lookup.options.how === "glibc") {
    lookup.nameIndex++;
    lookup.server = 0;
    lookup.round = 0;
    newQuestions(context, lookup);
    askAll(context, lookup, steps.askNextName);
  } else fail(context, lookup);
}

/** SERVFAIL, REFUSED, NOTIMP: the next server at once. The rounds still count. */
function afterFailure(context: DnsContext, lookup: Lookup): void {
  lookup.sawFailure = true;
  lookup.oneByOne = !isChromium(lookup);
  nextTry(context, lookup, steps.askNextServer);
}

/** Nothing came back in time. */
export function onStubTimer(context: DnsContext, id: number): void {
  const lookup = dnsWorld(context).lookups.get(id);
  if (lookup === undefined) return;
  nextTry(context, lookup, steps.askAgain);
}

/** Source: glibc, resolv/res_send.c: ECONNREFUSED, which ICMP makes of a send, leads to the next server. */
export function onStubRefused(context: DnsContext, id: number, wait: number): void {
  const lookup = dnsWorld(context).lookups.get(id);
  if (lookup === undefined || lookup.wait !== wait) return;
  nextTry(context, lookup, steps.askNextServer);
}

function nextTry(context: DnsContext, lookup: Lookup, transition: number): void {
  const { nameservers, attempts } = context.conf;
  if (isChromium(lookup)) {
    if (++lookup.round >= 2) {
      fallBack(context, lookup);
      return;
    }
  } else if (++lookup.server >= nameservers.length) {
    lookup.server = 0;
    if (++lookup.round >= attempts) {
      if (!lookup.questions.some(({ answer }) => answer !== null)) lookup.sawFailure = true;
      fail(context, lookup);
      return;
    }
  }
  newQuestions(context, lookup);
  askAll(context, lookup, transition);
}

function fallBack(context: DnsContext, lookup: Lookup): void {
  lookup.fellBack = true;
  lookup.server = 0;
  lookup.round = 0;
  newQuestions(context, lookup);
  askAll(context, lookup, steps.fallBack);
}

function fail(context: DnsContext, lookup: Lookup): void {
  const error = errorOf(lookup);
  const answer = lookup.questions.find(
    ({ type, answer: got }) => type === "A" && got !== null,
  )?.answer;
  fireStub(context, lookup, steps.fail, {
    values: { error, text: ERROR_TEXTS[error] },
    ...(answer !== undefined &&
      answer !== null && { message: { title: "Answer of the resolver", message: answer } }),
  });
  finish(context, lookup, { addresses: [], error, ttlSeconds: 0 });
}

function errorOf(lookup: Lookup): LookupError {
  if (lookup.questions.every(({ answer }) => answer === null)) return "TIMEOUT";
  if (lookup.sawFailure) return "SERVFAIL";
  return lookup.sawNoData ? "NODATA" : "NXDOMAIN";
}

/** Source: gai_strerror of glibc. */
const ERROR_TEXTS: Readonly<Record<LookupError, string>> = {
  NXDOMAIN: "Name or service not known",
  NODATA: "No address associated with hostname",
  SERVFAIL: "Temporary failure in name resolution",
  TIMEOUT: "Temporary failure in name resolution",
};

function finish(
  context: DnsContext,
  lookup: Lookup,
  result: Omit<LookupResult, "httpsRecord">,
): void {
  const { client, ticket } = lookup.options;
  dnsWorld(context).lookups.delete(lookup.id);
  context.host.sim.cancel(lookup.timer);
  context.host.sim.retire(lookup.entity);
  const { addresses, error, ttlSeconds } = result;
  const { httpsRecord } = lookup;
  context.clients[client]?.resolved(ticket, { addresses, error, ttlSeconds, httpsRecord });
}
