import { describe, expect, test } from "vitest";
import { fillerChunk, textChunk } from "../../../src/host/network.ts";
import { CLIENT_IP, client, SERVER_IP, server, tcpAddress, world } from "./network-bench.ts";

describe("a request over a link of 100 ms", () => {
  test("gets its first byte after two round trips", () => {
    const w = world();
    server(w, 80, [textChunk("HTTP/1.1 200 OK\r\n\r\nhello")], false);
    client(w, tcpAddress(80, SERVER_IP), CLIENT_IP);
    w.sim.runUntil(10e9);
    expect(w.transcript()).toEqual([
      "100 client connected",
      "150 server acceptable",
      "150 server readable",
      "200 client readable",
    ]);
  });

  test("and is closed by FIN from each side when the server closes", () => {
    const w = world();
    server(w, 80, [textChunk("HTTP/1.1 200 OK\r\n\r\nhello")], true);
    client(w, tcpAddress(80, SERVER_IP), CLIENT_IP);
    w.sim.runUntil(10e9);
    expect(w.transcript().slice(3)).toEqual(["200 client readable", "200 client ended"]);
    const world_ = w.sim.world.tcp as { connections: Map<number, unknown> };
    expect(world_.connections.size).toBe(0);
  });

  test("within the machine it takes microseconds", () => {
    const w = world();
    server(w, 8000, [textChunk("HTTP/1.1 200 OK\r\n\r\n"), fillerChunk(1000)], true);
    client(w, tcpAddress(8000, "127.0.0.1"));
    w.sim.runUntil(10e9);
    expect(w.sim.now).toBe(10e9);
    expect(w.heard.map(({ what }) => what)).toEqual([
      "client connected",
      "server acceptable",
      "server readable",
      "client readable",
      "client ended",
    ]);
    expect(w.sim.eventCount).toBeLessThanOrEqual(5);
  });
});
