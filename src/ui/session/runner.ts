// Asks the worker for journeys and holds the last one. A newer question makes an older answer void.
import type { StoreApi } from "zustand/vanilla";
import type { Catalog, ComparedRuns, RunSpec, ToldJourney } from "../../worker/protocol.ts";
import type { PlayheadStore } from "../playback/playhead.ts";
import type { JourneyClient } from "./journey-client.ts";

export interface RunState {
  readonly status: "running" | "ready" | "failed";
  /** Counts the journeys received; what depends on the journey depends on this. */
  readonly version: number;
  readonly spec: RunSpec | null;
  /** The catalogue is there. */
  readonly isListed: boolean;
  /** Why there is no journey, when the run failed. */
  readonly failure: string | null;
  /** What a link could not restore. */
  readonly losses: readonly string[];
  /** What differs in the run shown from the one without the reader's changes, once that is known. */
  readonly compared: ComparedRuns | null;
}

export interface Runner {
  told(): ToldJourney | null;
  catalog(): Catalog;
  /** Loads the catalogue once; false when there is none, which is a failure. */
  loadCatalog(): Promise<boolean>;
  /** Loads it beside a journey that is shown already: without it there is only less to choose. */
  list(): Promise<void>;
  /** Asks for a journey; false when it failed or another question overtook it. */
  ask(spec: RunSpec): Promise<boolean>;
  /** Shows a journey that another worker told; answers that are still to come are void. */
  accept(answer: ToldJourney): void;
}

export interface RunnerOptions {
  readonly client: JourneyClient;
  readonly run: StoreApi<RunState>;
  readonly playhead: PlayheadStore;
}

/** A runner that reports to the store `run`. */
export function createRunner({ client, run, playhead }: RunnerOptions): Runner {
  let told: ToldJourney | null = null;
  let catalog: Catalog = { scenarios: [], machines: [] };
  let question = 0;

  function fail(error: unknown): false {
    run.setState({ status: "failed", failure: (error as Error).message });
    return false;
  }

  async function list(): Promise<void> {
    if (catalog.scenarios.length > 0) return;
    catalog = await client.catalog();
    if (catalog.scenarios.length === 0) throw new Error("This version holds no scenarios.");
    run.setState({ isListed: true });
  }

  return {
    told: () => told,
    catalog: () => catalog,
    loadCatalog: () => list().then(() => true, fail),
    list: () => list().catch(() => undefined),
    accept(answer) {
      question += 1;
      told = answer;
      playhead.setState({ isPlaying: false, step: 0, count: answer.journey.steps.length });
    },
    async ask(spec) {
      const mine = ++question;
      playhead.setState({ isPlaying: false });
      run.setState({ status: "running", spec, failure: null, compared: null });
      try {
        const answer = await client.run(spec);
        if (mine !== question) return false;
        told = answer;
        playhead.setState({ step: 0, count: answer.journey.steps.length });
        return true;
      } catch (error) {
        return mine === question && fail(error);
      }
    },
  };
}
