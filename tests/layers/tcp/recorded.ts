// The recordings of real packets, as these tests need them.
import { readFileSync } from "node:fs";

export interface RecordedPacket {
  readonly t_ms: number;
  readonly from: string;
  readonly layer: string;
  readonly what: string;
  readonly bytes: number;
  readonly conn?: number;
  readonly certificate_bytes?: readonly number[];
  readonly window?: number;
  readonly ip_bytes?: number;
  readonly options?: readonly string[];
}

export interface Recorded {
  readonly observed: readonly RecordedPacket[];
  readonly summary: {
    readonly flights_from_server?: readonly {
      readonly t_ms: number;
      readonly segments: number;
      readonly bytes: number;
    }[];
    readonly syn_times_s?: readonly number[];
    readonly last_byte_ms?: number;
  };
  readonly result: unknown;
  readonly round_trips_to_first_byte?: { readonly round_trips: number };
}

export function recorded(name: string): Recorded {
  const url = new URL(`../../recordings/net/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Recorded;
}
