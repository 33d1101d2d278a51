// Asks the worker. One question, one answer, matched by a ticket; a worker that dies fails every open
// question with words a reader can act on.
import type { Catalog, FromWorker, RunSpec, ToldJourney, ToWorker } from "../../worker/protocol.ts";

export interface JourneyClient {
  /** The scenarios to choose from and the machines to draw. */
  catalog(): Promise<Catalog>;
  /** Runs a scenario; rejects with the reason when it cannot be run. */
  run(spec: RunSpec): Promise<ToldJourney>;
}

/** The part of a Worker that is used, so that a test can stand in for it. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  addEventListener(type: "message", listener: (event: { readonly data: FromWorker }) => void): void;
  addEventListener(type: "error", listener: (event: { readonly message?: string }) => void): void;
}

interface Waiting {
  readonly resolve: (answer: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

/** A client that speaks to the worker behind `port`. */
export function createJourneyClient(port: WorkerPort): JourneyClient {
  const waiting = new Map<number, Waiting>();
  let lastTicket = 0;

  port.addEventListener("message", ({ data }) => {
    const asker = waiting.get(data.ticket);
    waiting.delete(data.ticket);
    if (data.kind === "failed") asker?.reject(new Error(data.message));
    else asker?.resolve(data);
  });
  port.addEventListener("error", ({ message }) => {
    const error = new Error(`The simulator stopped: ${message ?? "its file could not be loaded"}.`);
    for (const asker of waiting.values()) asker.reject(error);
    waiting.clear();
  });

  function ask(message: (ticket: number) => ToWorker): Promise<FromWorker> {
    const ticket = ++lastTicket;
    return new Promise((resolve, reject) => {
      waiting.set(ticket, { resolve, reject });
      port.postMessage(message(ticket));
    });
  }

  return {
    async catalog() {
      const answer = await ask((ticket) => ({ kind: "catalog", ticket }));
      if (answer.kind !== "catalog") throw new Error("The simulator answered another question.");
      return answer.catalog;
    },
    async run(spec) {
      const answer = await ask((ticket) => ({ kind: "run", ticket, spec }));
      if (answer.kind !== "journey") throw new Error("The simulator answered another question.");
      return answer.told;
    },
  };
}
