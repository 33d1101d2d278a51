// The paths between clients and the server: loopback for what is on it, the scenario's link for
// clients on the internet.
import type { Link } from "../host/transport.ts";
import { fromMs, MICROSECOND } from "../kernel/time.ts";
import type { Scenario } from "./scenario.ts";

/** Clients of the recordings sat on the recorded machine itself, in a network namespace of their own. */
const SAME_MACHINE: Link = Object.freeze({
  rttNs: 60 * MICROSECOND,
  bytesPerSecond: Infinity,
  lossRate: 0,
});
const MEGABIT_BYTES = 125_000;

/** The link of a scenario's clients to its server. */
export function clientLink(scenario: Scenario): Link {
  const spec = scenario.links?.client;
  if (spec === undefined) return SAME_MACHINE;
  return Object.freeze({
    rttNs: fromMs(spec.rttMs ?? 40),
    bytesPerSecond: spec.rateMbps === undefined ? Infinity : spec.rateMbps * MEGABIT_BYTES,
    lossRate: spec.loss ?? 0,
  });
}
