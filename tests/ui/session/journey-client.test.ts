// The client: answers find their questions, a worker that dies fails them with words, and one that
// works too long is ended and followed by another.
import { describe, expect, it } from "vitest";
import {
  createJourneyClient,
  RUN_MAX_MS,
  type WorkerPort,
} from "../../../src/ui/session/journey-client.ts";
import type { FromWorker, ToldJourney, ToWorker } from "../../../src/worker/protocol.ts";

function fakeWorker() {
  const asked: ToWorker[] = [];
  let isEnded = false;
  let onMessage: (event: { readonly data: FromWorker }) => void = () => {};
  let onError: (event: { readonly message?: string }) => void = () => {};
  const port = {
    postMessage: (message: ToWorker) => void asked.push(message),
    addEventListener: (type: string, listener: never) => {
      if (type === "message") onMessage = listener;
      else onError = listener;
    },
    terminate: () => {
      isEnded = true;
    },
  } as WorkerPort;
  return {
    ...{ port, asked },
    isEnded: () => isEnded,
    answer: (data: FromWorker) => onMessage({ data }),
    die: (message: string) => onError({ message }),
  };
}

/** A client whose workers and whose clock are in the test's hands. */
function fakeClient() {
  const workers: ReturnType<typeof fakeWorker>[] = [];
  const timers = new Map<() => void, number>();
  const client = createJourneyClient({
    start: () => {
      workers.push(fakeWorker());
      return workers[workers.length - 1].port;
    },
    later: (task, delayMs) => {
      timers.set(task, delayMs);
      return () => timers.delete(task);
    },
  });
  const ring = (): void => {
    for (const task of [...timers.keys()]) {
      timers.delete(task);
      task();
    }
  };
  return { client, workers, timers, ring };
}

const spec = { scenario: "first-visit", seed: null, files: {}, actions: [] };

describe("the client of the worker", () => {
  it("gives each answer to its question, in any order", async () => {
    const { client, workers } = fakeClient();
    const [worker] = workers;
    const first = client.catalog();
    const second = client.catalog();
    const [a, b] = worker.asked.map(({ ticket }) => ticket);
    const catalog = (title: string) => ({
      scenarios: [{ id: title, group: "The path", title, sentence: "" }],
      machines: [],
    });
    worker.answer({ kind: "catalog", ticket: b, catalog: catalog("b") });
    worker.answer({ kind: "catalog", ticket: a, catalog: catalog("a") });
    expect((await first).scenarios[0].id).toBe("a");
    expect((await second).scenarios[0].id).toBe("b");
  });

  it("rejects with the worker's reason", async () => {
    const { client, workers } = fakeClient();
    const [worker] = workers;
    const answer = client.catalog();
    worker.answer({ kind: "failed", ticket: worker.asked[0].ticket, message: "no such scenario" });
    await expect(answer).rejects.toThrow("no such scenario");
  });

  it("fails what is open when the worker dies", async () => {
    const { client, workers } = fakeClient();
    const [worker] = workers;
    const answer = client.catalog();
    worker.die("SyntaxError");
    await expect(answer).rejects.toThrow("The simulator stopped: SyntaxError.");
  });

  it("says how far a run had come that it ended", async () => {
    const { client, workers, ring } = fakeClient();
    const hostile = client.run(spec);
    const { ticket } = workers[0].asked[0];
    workers[0].answer({ kind: "started", ticket });
    workers[0].answer({ kind: "at", ticket, place: "timeline:12, 3.4 s into the run" });
    ring();
    await expect(hostile).rejects.toThrow("was stopped at timeline:12, 3.4 s into the run.");
  });

  it("ends a worker that works too long on a run, and asks another what was left", async () => {
    const { client, workers, timers, ring } = fakeClient();
    const hostile = client.run(spec);
    const other = client.run({ ...spec, scenario: "not-found" });
    expect(timers.size).toBe(0);
    workers[0].answer({ kind: "started", ticket: workers[0].asked[0].ticket });
    expect([...timers.values()]).toEqual([RUN_MAX_MS]);
    ring();
    await expect(hostile).rejects.toThrow("This run took longer than 10 seconds and was stopped.");
    expect(workers.map((worker) => worker.isEnded())).toEqual([true, false]);
    expect(workers[1].asked).toEqual([workers[0].asked[1]]);

    const told = {} as ToldJourney;
    const { ticket } = workers[1].asked[0];
    workers[0].answer({ kind: "failed", ticket, message: "a late word of the ended worker" });
    workers[1].answer({ kind: "journey", ticket, told });
    expect(await other).toBe(told);
  });

  it("leaves a worker alone that answers in time", async () => {
    const { client, workers, timers } = fakeClient();
    const answer = client.run(spec);
    const { ticket } = workers[0].asked[0];
    const told = {} as ToldJourney;
    workers[0].answer({ kind: "started", ticket });
    workers[0].answer({ kind: "journey", ticket, told });
    expect(await answer).toBe(told);
    expect(timers.size).toBe(0);
  });
});
