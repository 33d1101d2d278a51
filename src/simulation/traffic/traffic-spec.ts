// What a scenario says of its traffic: when requests arrive, which ones, and what their clients do when
// no answer comes. Key `traffic` of a scenario in format 2. Times are milliseconds, as in all files.
import type { RequestSpec } from "../../layers/browser/request-spec.ts";
import type { Scenario } from "../scenario.ts";

/** Open loop: requests come whether or not earlier ones were answered. `users` is a closed loop. */
export type Arrivals =
  | { readonly poisson: number }
  /** As many a second, evenly spaced. */
  | { readonly constant: number }
  /** `size` requests at once, every `everyMs`. */
  | { readonly bursts: { readonly size: number; readonly everyMs: number } }
  /** The very instants, from the beginning of the traffic. */
  | { readonly atMs: readonly number[] }
  /** Each user asks, waits for the answer, thinks, and asks again; a think time is exponential unless said. */
  | {
      readonly users: number;
      readonly thinkMs: number;
      readonly thinking?: "exponential" | "constant";
    };

/** What a client does when it got no answer, or one of 500 and above (429 and 503 too). */
export interface RetrySpec {
  /** How often at most after the first try. */
  readonly times: number;
  /** The pause before the first retry. */
  readonly afterMs: number;
  /** By what the pause grows each time; 1 unless given. */
  readonly factor?: number;
  /** Draws each pause uniformly between nothing and its full length. */
  readonly jitter?: boolean;
}

/** One kind of request in the mix. */
export interface MixPart {
  /** How often beside the others: 9 and 1 make 90 % and 10 %. */
  readonly weight: number;
  readonly request: RequestSpec;
}

export interface TrafficSpec {
  readonly arrivals: Arrivals;
  /** Arrivals come from the run's zero until then; 60 unless given. */
  readonly durationS?: number;
  /** The scenario's own first request unless given. */
  readonly mix?: readonly MixPart[];
  /** After so long a client closes its connection and counts the request as failed. */
  readonly giveUpMs?: number;
  readonly retry?: RetrySpec;
  /** Clients keep their connections open and use them again. */
  readonly keepAlive?: boolean;
  /** How many client addresses the requests come from in turn; 250 unless given. */
  readonly clients?: number;
}

export const DEFAULT_RATE_PER_SECOND = 200;
export const DEFAULT_DURATION_S = 60;
export const DEFAULT_CLIENTS = 250;

/** The traffic of a scenario that says nothing of it. */
export const DEFAULT_TRAFFIC: TrafficSpec = Object.freeze({
  arrivals: Object.freeze({ poisson: DEFAULT_RATE_PER_SECOND }),
});

/** The traffic that a scenario asks for. */
export function trafficOf(scenario: Scenario): TrafficSpec {
  return scenario.traffic ?? DEFAULT_TRAFFIC;
}
