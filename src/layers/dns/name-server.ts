// The servers of the tree: a question arrives, the server searches its zones, the answer leaves.
import { BIND_TAILS, type DnsMessage } from "../../wire/dns-message.ts";
import type { Alternative, Cause } from "../layer.ts";
import { type Answered, answerQuery } from "./authoritative.ts";
import { type DnsContext, dnsWorld, type Packet, sendPacket } from "./context.ts";
import { ANSWER_TIME, RTT_TO_AUTHORITATIVE, RTT_TO_ROOT, RTT_TO_TLD } from "./costs.ts";
import { serverAnswer } from "./machine.ts";
import { dnsView } from "./message-facts.ts";
import type { NameServer } from "./tree.ts";
import type { ZoneRecord } from "./zone-file.ts";

const steps = serverAnswer.transition;

/** Half of the round trip between the resolver and a server. */
export function halfTripTo(server: NameServer | undefined): number {
  if (server?.role === "root") return RTT_TO_ROOT / 2;
  return (server?.role === "tld" ? RTT_TO_TLD : RTT_TO_AUTHORITATIVE) / 2;
}

/** A question has arrived at an address of the tree. Nobody there, or a silent server: no answer. */
export function serverReceives(context: DnsContext, packet: Packet): void {
  const server = context.tree.servers.get(packet.ip);
  if (server === undefined || server.silent) return;
  const answered = answerQuery(server.zones, packet.message);
  noteAnswer(context, { server, packet, answered });
  const question = dnsWorld(context).questions.get(packet.key);
  const message = question?.overTcp === true ? answered.message : fitUdp(answered.message);
  const { key, ip } = packet;
  sendPacket(context, { message, to: "question", key, ip }, ANSWER_TIME + halfTripTo(server));
}

/** Over UDP an answer larger than the client's limit goes out without records and with TC set. */
function fitUdp(message: DnsMessage): DnsMessage {
  const records = message.answer.length + message.authority.length + message.additional.length;
  if (records < 8 && !message.answer.some(({ data }) => data.length > 200)) return message;
  const limit = message.edns?.udpPayload ?? 512;
  const bytes = dnsView("", message, BIND_TAILS);
  if (bytes.kind !== "dns" || bytes.bytes.length <= limit) return message;
  return Object.freeze({ ...message, truncated: true, answer: [], authority: [], additional: [] });
}

interface Answering {
  readonly server: NameServer;
  readonly packet: Packet;
  readonly answered: Answered;
}

function noteAnswer(context: DnsContext, { server, packet, answered }: Answering): void {
  const { sim } = context.host;
  const question = dnsWorld(context).questions.get(packet.key);
  if (question === undefined) return;
  const entity = sim.spawn(context.machines.server, sim.requestOf(question.entity));
  const wanted = sim.recording(entity);
  const received = sim.fire(context.machines.server, entity, steps.receive);
  const row = sim.fire(context.machines.server, entity, transitionOf(answered));
  if (wanted) {
    const name = packet.message.question?.name ?? "";
    const type = packet.message.question?.type ?? "";
    sim.note(received, { fine: true, values: { name, type, server: server.name } });
    const { message, decided, zone } = answered;
    sim.note(row, {
      values: {
        name,
        type,
        server: server.name,
        ip: server.ip,
        role: ROLE_WORDS[server.role],
        zone: zone ?? "",
        data: decided?.data ?? "",
        next: decided?.name ?? "",
      },
      ...(decided !== null && { cause: causeOf(decided, NOTES[answered.outcome]) }),
      alternatives: alternativesOf(server, answered),
      messages: [dnsView(`${server.name} answers`, message, BIND_TAILS)],
      ...(question.fine && { fine: true as const }),
    });
  }
  sim.retire(entity);
}

const ROLE_WORDS = {
  root: "root server",
  tld: "top-level domain's server",
  authoritative: "zone's own server",
} as const;

const NOTES: Readonly<Record<Answered["outcome"], string>> = {
  answer: "the record that is asked for",
  referral: "the delegation to the next zone",
  "no data": "the SOA: the name has no record of this type",
  "no such name": "the SOA: no such name in the zone",
  refused: "",
  loop: "the CNAME that leads back",
};

function transitionOf({ outcome }: Answered): number {
  if (outcome === "answer") return steps.answer;
  if (outcome === "referral") return steps.refer;
  if (outcome === "refused") return steps.refuse;
  return outcome === "loop" ? steps.loop : steps.deny;
}

/** Where a record stands, when it stands in a file of the scenario. */
export function causeOf(record: ZoneRecord, note: string): Cause | undefined {
  if (record.line === 0) return undefined;
  const { file, line, start, end } = record;
  return { file, line, start, end, note };
}

function alternativesOf(server: NameServer, { zone }: Answered): readonly Alternative[] {
  if (server.zones.length < 2) return [];
  return server.zones.map(({ origin }) => ({
    text: `zone ${origin}`,
    verdict: origin === zone ? "the nearest zone around the name" : "not the nearest zone",
    chosen: origin === zone,
  }));
}
