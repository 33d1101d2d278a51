import { describe, expect, test } from "vitest";
import { fillerChunk, textChunk } from "../../../src/host/network.ts";
import type { Facts, Message } from "../../../src/layers/layer.ts";
import { synSchedule } from "../../../src/layers/tcp/syn-schedule.ts";
import {
  CLIENT_IP,
  CLIENT_PID,
  client,
  connectionsLeft,
  SERVER_IP,
  server,
  tcpAddress,
  transitionsOf,
  type World,
  world,
} from "./network-bench.ts";
import { recorded } from "./recorded.ts";

const CLIENT_SIDE = "TCP connection, client side";
const SERVER_SIDE = "TCP connection, server side";
const HELLO = [textChunk("HTTP/1.1 200 OK\r\n\r\nhello")];

/** The fields of the first segment that a transition showed. */
function segmentAt(w: World, machine: string, transition: string): Record<string, string> {
  const row = w.rows.find(
    (candidate) =>
      candidate.machine.spec.name === machine &&
      candidate.machine.transitionNames[candidate.transition] === transition,
  );
  const facts = w.facts.get(row?.row ?? -1) as Facts;
  const message = facts.messages?.[0] as Message & { kind: "segment" };
  return Object.fromEntries(message.fields.map(({ name, value }) => [name, value]));
}

describe("a request over a link of 100 ms", () => {
  test("gets its first byte after two round trips", () => {
    const w = world();
    server(w, 80, HELLO, false);
    client(w, tcpAddress(80, SERVER_IP), CLIENT_IP);
    w.sim.runUntil(10e9);
    expect(w.transcript()).toEqual([
      "100 client connected",
      "150 server acceptable",
      "150 server readable",
      "200 client readable",
    ]);
  });

  test("walks both machines from SYN to the last ACK when the server closes", () => {
    const w = world();
    server(w, 80, HELLO, true);
    client(w, tcpAddress(80, SERVER_IP), CLIENT_IP);
    w.sim.runUntil(10e9);
    expect(w.transcript().slice(3)).toEqual(["200 client readable", "200 client ended"]);
    expect(transitionsOf(w, CLIENT_SIDE)).toEqual([
      "sendSyn",
      "receiveSynAck",
      "sendData",
      "receiveData",
      "receiveFin",
      "sendLastFin",
      "receiveLastAck",
    ]);
    expect(transitionsOf(w, SERVER_SIDE)).toEqual([
      "receiveSyn",
      "receiveAck",
      "receiveData",
      "sendData",
      "sendFin",
      "receiveAckOfFin",
      "receiveLastFin",
    ]);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("shows the segments that were recorded", () => {
    const w = world();
    server(w, 80, HELLO, true);
    client(w, tcpAddress(80, SERVER_IP), CLIENT_IP);
    w.sim.runUntil(10e9);
    const { observed } = recorded("tcp-keepalive-timeout-0");
    const syn = observed[0];
    expect(segmentAt(w, CLIENT_SIDE, "sendSyn")).toMatchObject({
      Flags: syn.what,
      Window: `${syn.window} bytes`,
      Options: syn.options?.join(", "),
      "IP packet": `${syn.ip_bytes} bytes`,
    });
    expect(segmentAt(w, SERVER_SIDE, "receiveSyn")).toMatchObject({
      Flags: "SYN, ACK",
      Window: `${observed[1].window} bytes`,
      Acknowledgement: "1",
    });
    expect(segmentAt(w, CLIENT_SIDE, "sendData")).toMatchObject({
      Flags: "PSH, ACK",
      "Sequence number": "1",
      Data: "18 bytes",
      "IP packet": "70 bytes",
    });
  });

  test("is refused after one round trip when nobody listens", () => {
    const w = world();
    client(w, tcpAddress(81, SERVER_IP), CLIENT_IP);
    w.sim.runUntil(10e9);
    expect(w.transcript()).toEqual(["100 client failed 111"]);
    expect(segmentAt(w, CLIENT_SIDE, "receiveRefusal")).toMatchObject({
      Flags: "RST, ACK",
      "IP packet": `${recorded("tcp-refused").observed[1].ip_bytes} bytes`,
    });
    expect(connectionsLeft(w)).toBe(0);
  });
});

describe("a request within the machine", () => {
  test("takes microseconds and few events", () => {
    const w = world();
    server(w, 8000, [textChunk("HTTP/1.1 200 OK\r\n\r\n"), fillerChunk(1000)], true);
    client(w, tcpAddress(8000, "127.0.0.1"));
    w.sim.runUntil(1e6);
    expect(w.heard.map(({ what }) => what)).toEqual([
      "client connected",
      "server acceptable",
      "server readable",
      "client readable",
      "client ended",
    ]);
    expect(w.sim.eventCount).toBeLessThanOrEqual(5);
    expect(segmentAt(w, CLIENT_SIDE, "sendSyn")).toMatchObject({
      Options: "mss 65495, sackOK, timestamps, wscale 10",
    });
    expect(connectionsLeft(w)).toBe(0);
  });
});

describe("SYNs that nobody answers", () => {
  const seconds = (times: readonly number[]): number[] => times.map((time) => time / 1e9);

  test("are sent again after 1, 3, 7 … s, with ETIMEDOUT after 127 s (Debian 12's kernel)", () => {
    const schedule = synSchedule(6, 0);
    expect(seconds(schedule.sendsNs)).toEqual([0, 1, 3, 7, 15, 31, 63]);
    const real = recorded("tcp-connect-dropped-linear0").summary.syn_times_s ?? [];
    for (const [i, time] of seconds(schedule.sendsNs).entries()) {
      expect(Math.abs(real[i] - time)).toBeLessThan(0.1 + time * 0.05);
    }
    expect(schedule.giveUpNs).toBe(127e9);
  });

  test("start four times at 1 s from Linux 6.5 on", () => {
    const { sendsNs, giveUpNs } = synSchedule(6, 4);
    const real = recorded("tcp-connect-dropped-linux-default").summary.syn_times_s ?? [];
    expect(sendsNs.length).toBe(real.length);
    for (const [i, time] of seconds(sendsNs).entries()) {
      expect(Math.abs(real[i] - time)).toBeLessThan(0.1 + time * 0.05);
    }
    expect(giveUpNs).toBe(131e9);
  });

  test("end with ETIMEDOUT for an address that is not there", () => {
    const w = world();
    client(w, tcpAddress(80, "198.51.100.1"));
    w.sim.runUntil(200e9);
    expect(w.transcript()).toEqual(["127000 client failed 110"]);
    expect(transitionsOf(w, CLIENT_SIDE)).toEqual([
      "sendSyn",
      ...Array.from({ length: 6 }, () => "resendSyn"),
      "giveUp",
    ]);
  });

  test("stop when the program gives up first", () => {
    const w = world();
    const socket = client(w, tcpAddress(80, "198.51.100.1"));
    w.sim.runUntil(5e9);
    w.network.close(socket);
    w.sim.runUntil(200e9);
    expect(w.transcript()).toEqual([]);
    expect(transitionsOf(w, CLIENT_SIDE).at(-1)).toBe("abandon");
  });
});

describe("a link that loses packets", () => {
  test("delays connect() by the schedule and still delivers everything", () => {
    const w = world({ lossRate: 0.3 });
    server(w, 80, [fillerChunk(100_000)], true);
    let bytes = 0;
    const handlers = w.program("client", {
      connected: (socket) => w.network.send(socket, textChunk("GET"), 0),
      readable: (socket) => {
        bytes += w.network.read(socket)?.bytes ?? 0;
      },
      ended: (socket) => w.network.close(socket),
    });
    const to = tcpAddress(80, SERVER_IP);
    w.network.connect({ pid: CLIENT_PID, handlers, to, fromIp: CLIENT_IP, request: 0 });
    w.sim.runUntil(100e9);
    expect(bytes).toBe(100_000);
    expect(connectionsLeft(w)).toBe(0);
  });
});
