// The client: answers find their questions, and a worker that dies fails them with words.
import { describe, expect, it } from "vitest";
import { createJourneyClient, type WorkerPort } from "../../../src/ui/session/journey-client.ts";
import type { FromWorker, ToWorker } from "../../../src/worker/protocol.ts";

function fakeWorker() {
  const asked: ToWorker[] = [];
  let onMessage: (event: { readonly data: FromWorker }) => void = () => {};
  let onError: (event: { readonly message?: string }) => void = () => {};
  const port = {
    postMessage: (message: ToWorker) => void asked.push(message),
    addEventListener: (type: string, listener: never) => {
      if (type === "message") onMessage = listener;
      else onError = listener;
    },
  } as WorkerPort;
  return {
    ...{ port, asked },
    answer: (data: FromWorker) => onMessage({ data }),
    die: (message: string) => onError({ message }),
  };
}

describe("the client of the worker", () => {
  it("gives each answer to its question, in any order", async () => {
    const worker = fakeWorker();
    const client = createJourneyClient(worker.port);
    const first = client.catalog();
    const second = client.catalog();
    const [a, b] = worker.asked.map(({ ticket }) => ticket);
    const catalog = (title: string) => ({
      scenarios: [{ id: title, title, sentence: "" }],
      machines: [],
    });
    worker.answer({ kind: "catalog", ticket: b, catalog: catalog("b") });
    worker.answer({ kind: "catalog", ticket: a, catalog: catalog("a") });
    expect((await first).scenarios[0].id).toBe("a");
    expect((await second).scenarios[0].id).toBe("b");
  });

  it("rejects with the worker's reason", async () => {
    const worker = fakeWorker();
    const answer = createJourneyClient(worker.port).catalog();
    worker.answer({ kind: "failed", ticket: worker.asked[0].ticket, message: "no such scenario" });
    await expect(answer).rejects.toThrow("no such scenario");
  });

  it("fails what is open when the worker dies", async () => {
    const worker = fakeWorker();
    const answer = createJourneyClient(worker.port).catalog();
    worker.die("SyntaxError");
    await expect(answer).rejects.toThrow("The simulator stopped: SyntaxError.");
  });
});
