// The clients of a crowd: which request each makes, from which address, and with which habits. A table
// for each spec, made once and frozen, so that what is derived from a request is derived once.

import { deepFreeze } from "../../kernel/freeze.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import type { RequestSpec } from "../../layers/browser/request-spec.ts";
import { DEFAULT_CLIENTS, type MixPart, type TrafficSpec } from "./traffic-spec.ts";

export interface Crowd {
  readonly clients: number;
  /** Sums of the weights so far, the last one being 1. */
  readonly shares: readonly number[];
  /** By part of the mix, then by client. */
  readonly requests: readonly (readonly RequestSpec[])[];
}

/** Addresses of the network for benchmarks. Source: RFC 2544, appendix C.2.2: 198.18.0.0/15. */
function addressOf(client: number): string {
  const host = client + 1;
  return `198.${18 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
}

/** The crowd of a spec whose mix is complete. */
export const crowdOf = memoByIdentity((spec: TrafficSpec): Crowd => {
  const { mix = [], clients = DEFAULT_CLIENTS, keepAlive = false, giveUpMs = 0 } = spec;
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  const shares = mix.map(({ weight }) => {
    sum += weight;
    return sum / total;
  });
  const requests = mix.map(({ request }) =>
    Array.from({ length: clients }, (_, client) =>
      Object.freeze({
        ...request,
        ip: request.ip ?? addressOf(client),
        overlap: true as const,
        ...(keepAlive && { keepalive: true, pool: `client ${client}` }),
        ...(giveUpMs > 0 && { timeout: giveUpMs }),
      }),
    ),
  );
  return Object.freeze({ clients, shares, requests });
});

/** The spec with its mix filled in and frozen all through, so that keyframes share it. */
export function completeSpec(spec: TrafficSpec, otherwise: RequestSpec): TrafficSpec {
  const mix: readonly MixPart[] = spec.mix ?? [{ weight: 1, request: otherwise }];
  return deepFreeze({ ...spec, mix });
}
