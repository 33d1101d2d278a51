import { describe, expect, test } from "vitest";
import { type Address, textChunk } from "../../../src/host/network.ts";
import {
  CLIENT_IP,
  CLIENT_PID,
  connectionsLeft,
  readAll,
  SERVER_IP,
  SERVER_PID,
  tcpAddress,
  transitionsOf,
  type World,
  world,
} from "./network-bench.ts";
import { recorded } from "./recorded.ts";

const SOCKET: Address = { kind: "unix", path: "/run/gunicorn.sock" };

function listen(w: World, address: Address, backlog: number, options = {}): number {
  const handlers = w.program("server");
  const result = w.network.listen(SERVER_PID, address, { backlog, handlers, ...options });
  if (typeof result !== "number") throw new Error(`errno ${result.errno}`);
  return result;
}

function connect(w: World, to: Address, pid = CLIENT_PID): number {
  const handlers = w.program("client");
  return w.network.connect({ pid, handlers, to, request: 0 });
}

function whatHappened(w: World, untilMs: number): string[] {
  w.sim.runUntil(untilMs * 1e6);
  return w.heard.map(({ what }) => what);
}

describe("the accept queue", () => {
  test("takes backlog + 1, and drops the next SYN in silence", () => {
    const w = world();
    const listener = listen(w, tcpAddress(80), 1);
    for (let i = 0; i < 4; i++) connect(w, tcpAddress(80, "127.0.0.1"));
    const outcomes = recorded("tcp-backlog-full").result as { outcome: string }[];
    const connected = outcomes.filter(({ outcome }) => outcome === "connected").length;
    expect(whatHappened(w, 900)).toEqual(
      Array.from({ length: connected }, () => "client connected"),
    );
    expect(w.network.waiting(listener)).toBe(2);
    expect(transitionsOf(w, "listening socket")).toEqual([
      "listen",
      "enqueue",
      "enqueue",
      "fill",
      "dropSyn",
      "dropSyn",
    ]);
  });

  test("lets the SYN that comes again in after a second, when there is room by then", () => {
    const w = world();
    const listener = listen(w, tcpAddress(80), 0);
    connect(w, tcpAddress(80, "127.0.0.1"));
    connect(w, tcpAddress(80, "127.0.0.1"));
    w.sim.runUntil(5e8);
    expect(w.network.accept(listener, SERVER_PID, w.program("server"))).toBeGreaterThanOrEqual(0);
    w.sim.runUntil(2e9);
    expect(w.heard.map(({ ms, what }) => `${Math.round(ms)} ${what}`)).toEqual([
      "0 client connected",
      "1000 client connected",
    ]);
  });

  test("is capped by net.core.somaxconn", () => {
    const w = world({ sysctl: { "net.core.somaxconn": "2" } });
    const listener = listen(w, tcpAddress(80), 511);
    for (let i = 0; i < 5; i++) connect(w, tcpAddress(80, "127.0.0.1"));
    w.sim.runUntil(5e8);
    expect(w.network.waiting(listener)).toBe(3);
  });

  test("never has room in a black hole", () => {
    const w = world();
    listen(w, tcpAddress(80), 0, { full: true });
    connect(w, tcpAddress(80, "127.0.0.1"));
    expect(whatHappened(w, 200_000)).toEqual(["client failed 110"]);
  });

  test("tells every process that watches, until one has accepted", () => {
    const w = world();
    const told: number[] = [];
    const handlers = w.network.handlers({
      acceptable: (listener, pid) => {
        told.push(pid);
        if (told.length === 2) w.network.accept(listener, pid, handlers);
      },
    });
    const listener = w.network.listen(1, tcpAddress(80), { backlog: 5, handlers }) as number;
    for (const pid of [2, 3, 4]) {
      w.network.share(listener, pid);
      w.network.watch(listener, pid, true);
    }
    connect(w, tcpAddress(80, "127.0.0.1"));
    w.sim.runUntil(1e9);
    expect(told).toEqual([4, 3]);
  });

  test("tells a process that asks while connections wait", () => {
    const w = world();
    const listener = listen(w, tcpAddress(80), 5);
    connect(w, tcpAddress(80, "127.0.0.1"));
    w.sim.runUntil(1e9);
    w.network.watch(listener, SERVER_PID, true);
    expect(whatHappened(w, 2000)).toEqual(["client connected", "server acceptable"]);
  });

  test("keeps what a client sends before anybody accepts", () => {
    const w = world();
    const listener = listen(w, tcpAddress(80), 5);
    const socket = connect(w, tcpAddress(80, "127.0.0.1"));
    w.sim.runUntil(1e9);
    w.network.send(socket, textChunk("GET"), 0);
    w.network.close(socket);
    w.sim.runUntil(2e9);
    const accepted = w.network.accept(listener, SERVER_PID, w.program("worker"));
    expect(whatHappened(w, 3000)).toEqual(["client connected", "worker readable", "worker ended"]);
    expect(readAll(w.network, accepted).map(({ text }) => text)).toEqual(["GET"]);
    w.network.close(accepted);
    w.sim.runUntil(4e9);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("is reset when the last holder of the listener closes it", () => {
    const w = world();
    const listener = listen(w, tcpAddress(80), 5);
    w.network.share(listener, 7);
    connect(w, tcpAddress(80, "127.0.0.1"));
    w.sim.runUntil(1e9);
    w.network.unlisten(listener, SERVER_PID);
    expect(whatHappened(w, 2000)).toEqual(["client connected"]);
    w.network.unlisten(listener, 7);
    expect(whatHappened(w, 3000)).toEqual(["client connected", "client reset"]);
  });

  test("that fills between SYN and ACK: the client waits for a server that has dropped its ACK", () => {
    const w = world();
    listen(w, tcpAddress(80), 0);
    const remote = (): number => {
      const handlers = w.program("client");
      const to = tcpAddress(80, SERVER_IP);
      return w.network.connect({ pid: -1, handlers, to, fromIp: CLIENT_IP, request: 0 });
    };
    remote();
    remote();
    expect(whatHappened(w, 500)).toEqual(["client connected", "client connected"]);
    expect(transitionsOf(w, "TCP connection, server side")).toEqual([
      "receiveSyn",
      "receiveSyn",
      "receiveAck",
    ]);
    w.sim.runUntil(100e9);
    expect(transitionsOf(w, "TCP connection, server side").at(-1)).toBe("dropHalfOpen");
  });

  test("answers that ACK with RST under tcp_abort_on_overflow", () => {
    const w = world({ sysctl: { "net.ipv4.tcp_abort_on_overflow": "1" } });
    listen(w, tcpAddress(80), 0);
    for (let i = 0; i < 2; i++) {
      const handlers = w.program("client");
      const to = tcpAddress(80, SERVER_IP);
      w.network.connect({ pid: -1, handlers, to, fromIp: CLIENT_IP, request: 0 });
    }
    expect(whatHappened(w, 500)).toEqual(["client connected", "client connected", "client reset"]);
  });
});

describe("bind()", () => {
  const bind = (w: World, address: Address): unknown =>
    w.network.listen(SERVER_PID, address, { backlog: 5, handlers: w.program("server") });

  test("fails with EADDRINUSE for a port that is taken, there or on the wildcard", () => {
    const w = world();
    listen(w, tcpAddress(80), 5);
    expect(bind(w, tcpAddress(80))).toEqual({ errno: 98 });
    expect(bind(w, tcpAddress(80, "127.0.0.1"))).toEqual({ errno: 98 });
    expect(bind(w, tcpAddress(80, "::"))).toEqual(expect.any(Number));
    expect(bind(w, tcpAddress(81, "127.0.0.1"))).toEqual(expect.any(Number));
  });

  test("fails with EADDRNOTAVAIL for another machine's address", () => {
    expect(bind(world(), tcpAddress(80, "198.51.100.1"))).toEqual({ errno: 99 });
  });

  test("fails with EACCES below port 1024 for who is not root", () => {
    const w = world({ users: { [SERVER_PID]: "www-data" } });
    expect(bind(w, tcpAddress(80))).toEqual({ errno: 13 });
    expect(bind(w, tcpAddress(8000))).toEqual(expect.any(Number));
  });

  test("makes a socket file, and fails when one is there", () => {
    const w = world();
    expect(bind(w, SOCKET)).toEqual(expect.any(Number));
    expect(w.disk.lstat("/run/gunicorn.sock")?.kind).toBe("socket");
    expect(bind(w, SOCKET)).toEqual({ errno: 98 });
    expect(bind(w, { kind: "unix", path: "/nowhere/x.sock" })).toEqual({ errno: 2 });
  });
});

describe("connect() on a unix socket", () => {
  test("fails with ENOENT without a file, ECONNREFUSED with a stale one", () => {
    const w = world();
    connect(w, SOCKET);
    expect(whatHappened(w, 1)).toEqual(["client failed 2"]);
    w.network.unlisten(listen(w, SOCKET, 5), SERVER_PID);
    connect(w, SOCKET);
    expect(whatHappened(w, 2)).toEqual(["client failed 2", "client failed 111"]);
  });

  test("fails with EACCES without write permission on the file", () => {
    const w = world({ users: { [CLIENT_PID]: "www-data" } });
    listen(w, SOCKET, 5, { mode: "0755" });
    connect(w, SOCKET);
    expect(whatHappened(w, 1)).toEqual(["client failed 13"]);
    w.disk.chmod("/run/gunicorn.sock", 0o777);
    connect(w, SOCKET);
    expect(whatHappened(w, 2)).toEqual(["client failed 13", "client connected"]);
  });

  test("fails at once with EAGAIN when backlog + 1 wait", () => {
    const w = world();
    listen(w, SOCKET, 1);
    for (let i = 0; i < 3; i++) connect(w, SOCKET);
    expect(whatHappened(w, 1)).toEqual([
      "client connected",
      "client connected",
      "client failed 11",
    ]);
  });
});
