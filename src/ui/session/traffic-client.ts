// Asks the traffic worker: one question, one answer, matched by a ticket, in order. A worker that dies
// fails what is open and everything that is asked later.
import type { FromTrafficWorker, ToTrafficWorker } from "../../worker/traffic-protocol.ts";

/** The part of a Worker that is used, so that a test can stand in for it. */
export interface TrafficPort {
  postMessage(message: ToTrafficWorker): void;
  addEventListener(
    type: "message",
    listener: (event: { readonly data: FromTrafficWorker }) => void,
  ): void;
  addEventListener(type: "error", listener: (event: { readonly message?: string }) => void): void;
  terminate(): void;
}

/** A question without its ticket. */
export type TrafficQuestion = WithoutTicket<ToTrafficWorker>;
type WithoutTicket<T> = T extends unknown ? Omit<T, "ticket"> : never;

type AnswerKind = FromTrafficWorker["kind"];
export type TrafficAnswer<K extends AnswerKind> = Extract<FromTrafficWorker, { readonly kind: K }>;

export interface TrafficClient {
  /** Asks, and rejects with the worker's own words when the answer is not of `kind`. */
  ask<K extends AnswerKind>(question: TrafficQuestion, kind: K): Promise<TrafficAnswer<K>>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: FromTrafficWorker) => void;
  readonly reject: (error: Error) => void;
}

/** A client that speaks to the worker behind `port`. */
export function createTrafficClient(port: TrafficPort): TrafficClient {
  const waiting = new Map<number, Waiting>();
  let lastTicket = 0;
  let lost: Error | null = null;

  port.addEventListener("message", ({ data }) => {
    const asker = waiting.get(data.ticket);
    waiting.delete(data.ticket);
    asker?.resolve(data);
  });
  port.addEventListener("error", ({ message }) => {
    lost = new Error(`The simulator stopped: ${message ?? "its file could not be loaded"}.`);
    for (const asker of waiting.values()) asker.reject(lost);
    waiting.clear();
  });

  function send(question: TrafficQuestion): Promise<FromTrafficWorker> {
    if (lost !== null) return Promise.reject(lost);
    const ticket = ++lastTicket;
    return new Promise((resolve, reject) => {
      waiting.set(ticket, { resolve, reject });
      port.postMessage({ ...question, ticket } as ToTrafficWorker);
    });
  }

  return {
    async ask<K extends AnswerKind>(question: TrafficQuestion, kind: K) {
      const answer = await send(question);
      if (answer.kind === "failed") throw new Error(answer.message);
      if (answer.kind !== kind) throw new Error("The simulator answered another question.");
      return answer as TrafficAnswer<K>;
    },
    close: () => port.terminate(),
  };
}
