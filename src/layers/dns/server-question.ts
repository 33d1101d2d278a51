// One question of the resolver to one server: sent over UDP with a random id, sent again when nothing
// comes back, repeated over TCP when the answer was cut. Questions that are alike share one message.
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { type DnsMessage, type DnsQuestion, dnsQuery } from "../../wire/dns-message.ts";
import { cacheKey } from "./cache.ts";
import {
  type DnsContext,
  dnsWorld,
  newId,
  randomId,
  type ServerQuestion,
  sendPacket,
  type Task,
} from "./context.ts";
import { EDNS_PAYLOAD, SENDS_PER_TRY, USELESS_TIMEOUT } from "./costs.ts";
import { serverQuestion } from "./machine.ts";
import { dnsView } from "./message-facts.ts";
import { halfTripTo } from "./name-server.ts";
import { afterAnswer, afterLoss, isUseful, UNKNOWN_SERVER } from "./server-timing.ts";

const steps = serverQuestion.transition;

/** Draws of message ids; each send has its own. */
const ID_PURPOSE = 0x0d150000;

/** What became of a question: the answer, or null when the server stayed silent. */
export type QuestionEnd = (
  context: DnsContext,
  tasks: readonly number[],
  end: {
    readonly ip: string;
    readonly question: DnsQuestion;
    readonly message: DnsMessage | null;
  },
) => void;

/** Asks a server for a task, or joins the same question that is already in flight. */
export function askServer(
  context: DnsContext,
  task: Task,
  ip: string,
  question: DnsQuestion,
): void {
  const { sim } = context.host;
  const world = dnsWorld(context);
  const key = `${ip} ${cacheKey(question.name, question.type)}`;
  const known = world.questions.get(world.asked.get(key) ?? -1);
  if (known !== undefined) {
    known.tasks.push(task.id);
    task.question = known.id;
    return;
  }
  const entity = sim.spawn(context.machines.question, sim.requestOf(task.entity));
  const timing = world.timings.get(ip) ?? UNKNOWN_SERVER;
  const asked: ServerQuestion = {
    id: newId(context),
    entity,
    ip,
    key,
    question: Object.freeze({ ...question }),
    fine: question.type !== "A" || task.depth > 0,
    tasks: [task.id],
    sends: 0,
    messageId: 0,
    timeoutNs:
      task.purpose === "server name" && !isUseful(timing) ? USELESS_TIMEOUT : timing.timeoutNs,
    sentAt: sim.now,
    timer: NO_EVENT,
    overTcp: false,
  };
  world.questions.set(asked.id, asked);
  world.asked.set(key, asked.id);
  task.question = asked.id;
  sendQuestion(context, asked, task);
}

function sendQuestion(context: DnsContext, asked: ServerQuestion, task: Task | null): void {
  const { sim } = context.host;
  const server = context.tree.servers.get(asked.ip);
  const transition = asked.overTcp
    ? steps.repeatOverTcp
    : asked.sends === 0
      ? steps.send
      : steps.resend;
  asked.sends++;
  asked.messageId = randomId(context, asked.entity, ID_PURPOSE + asked.sends);
  asked.sentAt = sim.now;
  const message = dnsQuery(asked.messageId, asked.question, {
    checkingDisabled: true,
    edns: { udpPayload: EDNS_PAYLOAD, dnssecOk: true },
  });
  const row = sim.fire(context.machines.question, asked.entity, transition, asked.sends);
  if (sim.recording(asked.entity)) {
    const { name, type } = asked.question;
    const target = server?.name ?? asked.ip;
    sim.note(row, {
      values: {
        name,
        type,
        server: target,
        ip: asked.ip,
        full: task?.name ?? name,
        shortened: task !== null && task.currentName !== name,
        timeoutMs: asked.timeoutNs / 1e6,
      },
      messages: [dnsView(`Question to ${target}`, message)],
      ...(asked.fine && { fine: true as const }),
    });
  }
  const { id: key, ip } = asked;
  const tripsBefore = asked.overTcp ? 3 : 1;
  sendPacket(context, { message, to: "server", key, ip }, tripsBefore * halfTripTo(server));
  asked.timer = sim.after(asked.timeoutNs, context.events.questionTimer, asked.id);
}

/** An answer has arrived. */
export function questionReceives(
  context: DnsContext,
  id: number,
  message: DnsMessage,
  end: QuestionEnd,
): void {
  const { sim } = context.host;
  const world = dnsWorld(context);
  const asked = world.questions.get(id);
  if (asked === undefined || message.id !== asked.messageId) return;
  sim.cancel(asked.timer);
  if (!asked.overTcp) {
    const timing = world.timings.get(asked.ip) ?? UNKNOWN_SERVER;
    world.timings.set(asked.ip, afterAnswer(timing, sim.now - asked.sentAt));
  }
  if (message.truncated && !asked.overTcp) {
    asked.overTcp = true;
    sendQuestion(context, asked, null);
    return;
  }
  const row = sim.fire(context.machines.question, asked.entity, steps.receive);
  if (sim.recording(asked.entity)) {
    const { name, type } = asked.question;
    sim.note(row, { fine: true, values: { name, type, ip: asked.ip, rcode: message.rcode } });
  }
  finish(context, asked, message, end);
}

/** The wait for an answer is over. */
export function questionTimesOut(context: DnsContext, id: number, end: QuestionEnd): void {
  const { sim } = context.host;
  const world = dnsWorld(context);
  const asked = world.questions.get(id);
  if (asked === undefined) return;
  const timing = afterLoss(world.timings.get(asked.ip) ?? UNKNOWN_SERVER, asked.timeoutNs);
  world.timings.set(asked.ip, timing);
  if (asked.sends < SENDS_PER_TRY && isUseful(timing)) {
    sendQuestion(context, asked, null);
    return;
  }
  const row = sim.fire(context.machines.question, asked.entity, steps.lose, asked.sends);
  if (sim.recording(asked.entity)) {
    const { name, type } = asked.question;
    sim.note(row, { values: { name, type, ip: asked.ip, sends: asked.sends } });
  }
  finish(context, asked, null, end);
}

function finish(
  context: DnsContext,
  asked: ServerQuestion,
  message: DnsMessage | null,
  end: QuestionEnd,
): void {
  const world = dnsWorld(context);
  world.questions.delete(asked.id);
  world.asked.delete(asked.key);
  context.host.sim.retire(asked.entity);
  end(context, asked.tasks, { ip: asked.ip, question: asked.question, message });
}
