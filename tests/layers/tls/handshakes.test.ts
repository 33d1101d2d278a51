import { describe, expect, test } from "vitest";
import { fillerChunk, textChunk } from "../../../src/host/network.ts";
import {
  CHROMIUM,
  CURL,
  recordsAt,
  SERVER_CONFIG,
  secureClient,
  secureServer,
  secureWorld,
  transitionsOf,
} from "./tls-bench.ts";

const OK = [textChunk("H".repeat(230))];
const CLIENT_SIDE = "TLS handshake, client side";
const SERVER_SIDE = "TLS handshake, server side";
const HALF_AN_RTT = 0.5;

describe("round trips of 100 ms to the first byte of the response", () => {
  test("TLS 1.3: 3, one more than http", () => {
    const w = secureWorld(SERVER_CONFIG);
    secureServer(w, OK);
    const { got } = secureClient(w, CURL);
    w.sim.runUntil(10e9);
    expect(got.firstMs / 100).toBeCloseTo(3, 0);
    expect(Math.abs(got.firstMs / 100 - 3)).toBeLessThan(HALF_AN_RTT / 5);
    expect(got.bytes).toBe(230);
  });
});
