// The kinds of arrivals that a crowd can have, and how one kind becomes another that brings as many
// requests a second: what was said of the rate before goes on to hold.
import { exponential } from "../../kernel/random.ts";
import type { Arrivals } from "../traffic/traffic-spec.ts";

/** By the words with which they are chosen. */
export const ARRIVAL_KINDS = ["poisson", "constant", "bursts", "list", "users"] as const;
export type ArrivalKind = (typeof ARRIVAL_KINDS)[number];

/** A pause, a distance of bursts: what a kind begins with that says nothing of it. */
const SECOND_MS = 1000;
/** A list is an example to be replaced by instants that were recorded; it is no longer than this. */
const LIST_MAX = 2000;
/** The seed and the purpose of the draws of such a list. */
const LIST_SEED = 1;
const PURPOSE_LIST = 0x7a05;

/** Which kind these are. */
export function kindOf(arrivals: Arrivals): ArrivalKind {
  if ("atMs" in arrivals) return "list";
  if ("poisson" in arrivals) return "poisson";
  if ("constant" in arrivals) return "constant";
  return "bursts" in arrivals ? "bursts" : "users";
}

/** Requests a second, on average; of users: when every answer comes at once. */
export function meanRate(arrivals: Arrivals): number {
  if ("poisson" in arrivals) return arrivals.poisson;
  if ("constant" in arrivals) return arrivals.constant;
  if ("bursts" in arrivals) return (arrivals.bursts.size * SECOND_MS) / arrivals.bursts.everyMs;
  if ("users" in arrivals)
    return (arrivals.users * SECOND_MS) / Math.max(SECOND_MS / 1000, arrivals.thinkMs);
  const { length } = arrivals.atMs;
  const lastMs = arrivals.atMs[length - 1] ?? 0;
  return length < 2 || lastMs <= 0 ? 1 : (length * SECOND_MS) / lastMs;
}

/** Arrivals of another kind, as many a second. */
export function arrivalsOfKind(
  kind: ArrivalKind,
  { before, durationS }: { readonly before: Arrivals; readonly durationS: number },
): Arrivals {
  if (kind === kindOf(before)) return before;
  const rate = rounded(meanRate(before));
  // Of what comes less than once a second there is one at a time.
  const everyMs = rate < 1 ? rounded(SECOND_MS / rate) : SECOND_MS;
  const atOnce = Math.max(1, Math.round((rate * everyMs) / SECOND_MS));
  switch (kind) {
    case "poisson":
      return { poisson: rate };
    case "constant":
      return { constant: rate };
    case "bursts":
      return { bursts: { size: atOnce, everyMs } };
    case "users":
      return { users: atOnce, thinkMs: everyMs };
    case "list":
      return { atMs: exampleList(rate, durationS * SECOND_MS) };
  }
}

/**
 * The same kind of arrivals with another rate: bursts come as often and are larger. What has no rate of its
 * own, users and a list, becomes Poisson traffic.
 */
export function arrivalsAtRate(arrivals: Arrivals, rate: number): Arrivals {
  if ("constant" in arrivals) return { constant: rate };
  if (!("bursts" in arrivals)) return { poisson: rate };
  const { everyMs } = arrivals.bursts;
  return { bursts: { size: Math.max(1, Math.round((rate * everyMs) / SECOND_MS)), everyMs } };
}

/** Instants by chance, in ms with three digits, until the end or until there are enough of them. */
function exampleList(rate: number, endMs: number): readonly number[] {
  const atMs: number[] = [];
  let at = 0;
  while (atMs.length < LIST_MAX) {
    at += exponential(LIST_SEED, atMs.length, PURPOSE_LIST, SECOND_MS / rate);
    if (at > endMs) break;
    atMs.push(rounded(at));
  }
  return atMs.length === 0 ? [0] : atMs;
}

const rounded = (value: number): number => Number(value.toFixed(3));
