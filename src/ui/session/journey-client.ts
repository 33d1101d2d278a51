// Asks the worker. One question, one answer, matched by a ticket. A worker that dies fails every open
// question with words a reader can act on; one that works too long on a run (anybody can write a link)
// is ended, its question failed, and the others are asked again of a new worker.
import type { Checked } from "../../simulation/check-scenario.ts";
import type {
  Setting,
  SettingEdit,
  SettingId,
  SettingProblem,
  SettingValue,
} from "../../simulation/settings/setting.ts";
import type {
  Catalog,
  ComparedRuns,
  FromWorker,
  RunSpec,
  ToldJourney,
  ToWorker,
} from "../../worker/protocol.ts";

export interface JourneyClient {
  /** The scenarios to choose from and the machines to draw. */
  catalog(): Promise<Catalog>;
  /** Runs a scenario; rejects with the reason when it cannot be run. */
  run(spec: RunSpec): Promise<ToldJourney>;
  /** What the programs say of the texts, without a run. */
  check(spec: RunSpec): Promise<Checked>;
  /** The settings that the texts hold. */
  settings(spec: RunSpec): Promise<readonly Setting[]>;
  /** The text that a setting's new value makes. */
  set(spec: RunSpec, id: SettingId, value: SettingValue): Promise<SettingEdit | SettingProblem>;
  /** The scenario with its changes as the text of a file. */
  scenarioFile(spec: RunSpec): Promise<string>;
  /** What differs in the run of `spec` from that of `original`. */
  compare(spec: RunSpec, original: RunSpec): Promise<ComparedRuns>;
}

/** The part of a Worker that is used, so that a test can stand in for it. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  addEventListener(type: "message", listener: (event: { readonly data: FromWorker }) => void): void;
  addEventListener(type: "error", listener: (event: { readonly message?: string }) => void): void;
  terminate(): void;
}

export interface ClientOptions {
  /** Starts a worker: the first one, and one for each that was ended. */
  start(): WorkerPort;
  /** Calls back after some milliseconds; the answer cancels it. */
  later(task: () => void, delayMs: number): () => void;
}

/** The program's own scenarios take well below a second on a slow telephone. */
export const RUN_MAX_MS = 10_000;

/** What a run is told that was ended; `place` is where it was when it last said so. */
function tooLong(place: string | null): string {
  const where = place === null ? "" : ` at ${place}`;
  return `This run took longer than ${RUN_MAX_MS / 1000} seconds and was stopped${where}. Its files or actions ask for too much; the same scenario without them can be chosen above.`;
}

interface Waiting {
  readonly message: ToWorker;
  readonly resolve: (answer: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

/** A client that speaks to the workers that `start` makes. */
export function createJourneyClient({ start, later }: ClientOptions): JourneyClient {
  const waiting = new Map<number, Waiting>();
  let lastTicket = 0;
  let cancelWatch = (): void => {};
  let lastPlace: string | null = null;
  let port = open();

  function open(): WorkerPort {
    const opened = start();
    opened.addEventListener("message", ({ data }) => {
      if (opened === port) hear(data);
    });
    opened.addEventListener("error", ({ message }) => {
      if (opened === port) lose(message ?? "its file could not be loaded");
    });
    return opened;
  }

  function hear(answer: FromWorker): void {
    if (answer.kind === "at") {
      lastPlace = answer.place;
      return;
    }
    cancelWatch();
    lastPlace = null;
    if (answer.kind === "started") {
      cancelWatch = later(() => endRun(answer.ticket), RUN_MAX_MS);
      return;
    }
    const asker = waiting.get(answer.ticket);
    waiting.delete(answer.ticket);
    if (answer.kind === "failed") asker?.reject(new Error(answer.message));
    else asker?.resolve(answer);
  }

  function lose(reason: string): void {
    cancelWatch();
    const error = new Error(`The simulator stopped: ${reason}.`);
    for (const asker of waiting.values()) asker.reject(error);
    waiting.clear();
  }

  function endRun(ticket: number): void {
    port.terminate();
    waiting.get(ticket)?.reject(new Error(tooLong(lastPlace)));
    waiting.delete(ticket);
    lastPlace = null;
    port = open();
    for (const { message } of waiting.values()) port.postMessage(message);
  }

  function ask(question: (ticket: number) => ToWorker): Promise<FromWorker> {
    const message = question(++lastTicket);
    return new Promise((resolve, reject) => {
      waiting.set(message.ticket, { message, resolve, reject });
      port.postMessage(message);
    });
  }

  /** Asks, and gives the answer of the kind that fits the question. */
  async function answerOf<K extends FromWorker["kind"]>(
    kind: K,
    question: (ticket: number) => ToWorker,
  ): Promise<Extract<FromWorker, { readonly kind: K }>> {
    const answer = await ask(question);
    if (answer.kind !== kind) throw new Error("The simulator answered another question.");
    return answer as Extract<FromWorker, { readonly kind: K }>;
  }

  return {
    catalog: async () =>
      (await answerOf("catalog", (ticket) => ({ kind: "catalog", ticket }))).catalog,
    run: async (spec) =>
      (await answerOf("journey", (ticket) => ({ kind: "run", ticket, spec }))).told,
    check: async (spec) =>
      (await answerOf("checked", (ticket) => ({ kind: "check", ticket, spec }))).checked,
    settings: async (spec) =>
      (await answerOf("settings", (ticket) => ({ kind: "settings", ticket, spec }))).settings,
    set: async (spec, id, value) =>
      (await answerOf("set", (ticket) => ({ kind: "set", ticket, spec, id, value }))).edit,
    scenarioFile: async (spec) =>
      (await answerOf("scenario", (ticket) => ({ kind: "scenario", ticket, spec }))).text,
    compare: async (spec, original) =>
      (await answerOf("compared", (ticket) => ({ kind: "compare", ticket, spec, with: original })))
        .compared,
  };
}
