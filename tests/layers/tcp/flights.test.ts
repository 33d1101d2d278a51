import { describe, expect, test } from "vitest";
import { fillerChunk } from "../../../src/host/network.ts";
import {
  bytesAfterRoundTrips,
  newWindow,
  type Path,
  sendFlights,
} from "../../../src/layers/tcp/flights.ts";
import { CLIENT_IP, CLIENT_PID, SERVER_IP, server, tcpAddress, world } from "./network-bench.ts";
import { recorded } from "./recorded.ts";

const MS = 1e6;
const PATH: Path = {
  rttNs: 100 * MS,
  bytesPerSecond: Infinity,
  slowStartAfterIdle: true,
  loses: () => false,
};

function flightsOf(sizes: readonly (readonly [ms: number, bytes: number])[], path = PATH) {
  const window = newWindow();
  return sizes.flatMap(([ms, bytes]) => sendFlights(window, path, ms * MS, bytes));
}

describe("slow start", () => {
  test("brings 14 480 (2^k - 1) bytes in k round trips", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(bytesAfterRoundTrips)).toEqual([
      14480, 43440, 101360, 217200, 448880, 912240, 1838960,
    ]);
    for (const k of [1, 2, 3, 4, 5]) {
      expect(flightsOf([[0, bytesAfterRoundTrips(k)]])).toHaveLength(k);
      expect(flightsOf([[0, bytesAfterRoundTrips(k) + 1]])).toHaveLength(k + 1);
    }
  });

  test("sends the flights that were recorded for a body of 14 480 bytes and its head", () => {
    const real = recorded("tcp-slowstart-14480").summary.flights_from_server ?? [];
    const flights = flightsOf([[0, 14_480 + 256]]);
    expect(flights.map(({ bytes, segments }) => [segments, bytes])).toEqual(
      real.map(({ bytes, segments }) => [segments, bytes]),
    );
  });

  test("begins again after 3 s of idleness, as recorded", () => {
    const real = recorded("tcp-slowstart-after-idle").summary.flights_from_server ?? [];
    const flights = flightsOf([
      [200, 102_658],
      [3602, 102_658],
    ]);
    expect(flights.map(({ bytes, segments }) => [segments, bytes])).toEqual(
      real.map(({ bytes, segments }) => [segments, bytes]),
    );
    for (const [i, flight] of flights.entries()) {
      expect(Math.abs(flight.leavesAt / MS - real[i].t_ms)).toBeLessThan(4);
    }
  });

  test("goes on where it was when the next response follows at once", () => {
    const flights = flightsOf([
      [0, 43_440],
      [250, 43_440],
    ]);
    expect(flights.map(({ bytes }) => bytes)).toEqual([14_480, 28_960, 43_440]);
  });

  test("is not opened by handshake flights of two segments", () => {
    const flights = flightsOf([
      [0, 2381],
      [101, 20_000],
    ]);
    expect(flights.map(({ bytes }) => bytes)).toEqual([2381, 14_480, 5520]);
  });

  test("shrinks the window by 0.7 after a loss and repairs it one round trip later", () => {
    const flights = flightsOf([[0, 40_000]], { ...PATH, loses: (flight) => flight === 0 });
    expect(flights[0]).toMatchObject({ lost: true, arrivesAt: 150 * MS });
    expect(flights[1].window).toBeLessThanOrEqual(8);
  });
});

describe("a link of 1 MB/s", () => {
  test("carries a large body at its rate once the window covers the path", () => {
    const flights = flightsOf([[0, 5_000_000]], { ...PATH, bytesPerSecond: 1e6 });
    const seconds = (flights.at(-1)?.arrivesAt ?? 0) / 1e9;
    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(6);
    expect(flights.length).toBeLessThan(60);
  });
});

test("a body of 100 KB over http reaches the client (1 + k) round trips after connect(), in k parts", () => {
  const w = world();
  server(w, 80, [fillerChunk(102_400)], false);
  const parts: string[] = [];
  const handlers = w.network.handlers({
    connected: (socket) => w.network.send(socket, fillerChunk(88), 0),
    readable: (socket) => {
      for (let chunk = w.network.read(socket); chunk !== null; chunk = w.network.read(socket)) {
        parts.push(`${Math.round(w.sim.now / MS)} ms: ${chunk.bytes} from ${chunk.fillerOffset}`);
      }
    },
  });
  const to = tcpAddress(80, SERVER_IP);
  w.network.connect({ pid: CLIENT_PID, handlers, to, fromIp: CLIENT_IP, request: 0 });
  w.sim.runUntil(10e9);
  expect(parts).toEqual([
    "200 ms: 14480 from 0",
    "300 ms: 28960 from 0",
    "400 ms: 57920 from 0",
    "500 ms: 1040 from 0",
  ]);
});
