// What the session knows of a run of traffic without having loaded anything of it: what a link said of it,
// which of its requests the journey shows, and what the traffic screen, once it is there, does with keys.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { StepId } from "../../simulation/journey.ts";

export interface CrowdState {
  /** What a link says of the run, as it was read, until the traffic screen takes it up; null for nothing. */
  readonly wanted: unknown;
  /** The step that a link shows of the request it opens. */
  readonly wantedStep: StepId | null;
  /** The request of the run that the journey shows; null for a journey of its own. */
  readonly opened: number | null;
  /** The numbers of its tries in order, itself among them, when its client sent it again; else empty. */
  readonly tries: readonly number[];
  /** What a link should say of the run now; null before there is one. */
  readonly describe: (() => unknown) | null;
  /** Of everything that happened up to the moment shown; null while the run goes on. */
  readonly hash: string | null;
  /** Does what a command (commands.ts) means for the run. */
  readonly steer: ((command: string) => void) | null;
  /** Raised when the link should be written anew. */
  readonly version: number;
}

export type CrowdStore = StoreApi<CrowdState>;

/** A session that has not seen any traffic. */
export function createCrowd(): CrowdStore {
  return createStore<CrowdState>(() => ({
    ...{ wanted: null, wantedStep: null, opened: null, describe: null, hash: null },
    ...{ tries: [], steer: null, version: 0 },
  }));
}

/** What a link says of the run: what is wanted, or what there is. */
export function crowdLink(crowd: CrowdStore): unknown {
  const { wanted, describe } = crowd.getState();
  return wanted ?? describe?.() ?? null;
}
