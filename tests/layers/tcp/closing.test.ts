import { describe, expect, test } from "vitest";
import { type SocketId, textChunk } from "../../../src/host/network.ts";
import {
  CLIENT_IP,
  CLIENT_PID,
  connectionsLeft,
  readAll,
  SERVER_IP,
  SERVER_PID,
  tcpAddress,
  type World,
  world,
} from "./network-bench.ts";

/** A connection on which nothing has been sent, with both ends in hand. */
function open(w: World, fromIp?: string): { client: SocketId; server: SocketId } {
  let server: SocketId = -1;
  const serverHandlers = w.program("server", {
    acceptable: (listener, pid) => {
      server = w.network.accept(listener, pid, serverHandlers);
    },
  });
  const options = { backlog: 5, handlers: serverHandlers };
  const listener = w.network.listen(SERVER_PID, tcpAddress(80), options) as number;
  w.network.watch(listener, SERVER_PID, true);
  const to = tcpAddress(80, SERVER_IP);
  const handlers = w.program("client");
  const client = w.network.connect({ pid: CLIENT_PID, handlers, to, fromIp, request: 0 });
  w.sim.runUntil(w.sim.now + 1e9);
  w.heard.length = 0;
  return { client, server };
}

function settle(w: World): string[] {
  w.sim.runUntil(w.sim.now + 1e9);
  return w.heard.map(({ what }) => what);
}

describe.each([
  ["over a link", CLIENT_IP],
  ["on loopback", undefined],
])("%s", (_, fromIp) => {
  test("close() sends FIN, and the peer reads on until it closes too", () => {
    const w = world();
    const { client, server } = open(w, fromIp);
    w.network.send(client, textChunk("last words"), 0);
    w.network.close(client);
    expect(settle(w)).toEqual(["server readable", "server ended"]);
    expect(w.network.info(server).ended).toBe(true);
    expect(readAll(w.network, server).map(({ text }) => text)).toEqual(["last words"]);
    w.network.close(server);
    expect(settle(w)).toHaveLength(2);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("end() closes one direction only", () => {
    const w = world();
    const { client, server } = open(w, fromIp);
    w.network.end(client);
    expect(settle(w)).toEqual(["server ended"]);
    w.network.send(server, textChunk("an answer"), 0);
    w.network.close(server);
    expect(settle(w)).toEqual(["server ended", "client readable", "client ended"]);
    w.network.close(client);
    settle(w);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("close() with unread bytes sends RST", () => {
    const w = world();
    const { client, server } = open(w, fromIp);
    w.network.send(client, textChunk("never read"), 0);
    settle(w);
    w.network.close(server);
    expect(settle(w)).toEqual(["server readable", "client reset"]);
    expect(w.network.isOpen(client)).toBe(false);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("what had arrived before RST can still be read", () => {
    const w = world();
    const { client, server } = open(w, fromIp);
    w.network.send(client, textChunk("request body"), 0);
    settle(w);
    w.network.send(server, textChunk("413"), 0);
    w.network.close(server);
    expect(settle(w)).toEqual(["server readable", "client readable", "client reset"]);
    expect(w.network.read(client)?.text).toBe("413");
    expect(connectionsLeft(w)).toBe(0);
  });

  test("data for a closed socket is answered with RST", () => {
    const w = world();
    const { client, server } = open(w, fromIp);
    w.network.close(server);
    settle(w);
    w.network.send(client, textChunk("too late"), 0);
    expect(settle(w)).toEqual(["client ended", "client reset"]);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("abort() resets at once", () => {
    const w = world();
    const { client } = open(w, fromIp);
    w.network.abort(client);
    expect(settle(w)).toEqual(["server reset"]);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("both sides may close at the same time", () => {
    const w = world();
    const { client, server } = open(w, fromIp);
    w.network.close(client);
    w.network.close(server);
    expect(settle(w)).toEqual([]);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("a process that dies closes what it held", () => {
    const w = world();
    const { client } = open(w, fromIp);
    w.network.processEnded(SERVER_PID);
    expect(settle(w)).toEqual(["client ended"]);
    w.network.close(client);
    settle(w);
    expect(connectionsLeft(w)).toBe(0);
    expect(w.network.listenerAt(tcpAddress(80))).toBeNull();
  });
});

test("a restored keyframe goes on exactly as the first time", () => {
  const w = world();
  const { client, server } = open(w, CLIENT_IP);
  w.network.send(client, textChunk("GET"), 0);
  const keyframe = w.sim.keyframe();
  const run = (): string => {
    w.sim.restore(keyframe);
    w.network.send(server, textChunk("OK"), 0);
    settle(w);
    w.network.close(server);
    settle(w);
    return `${w.sim.journal.hash} ${w.sim.journal.rowCount} ${w.sim.eventCount}`;
  };
  expect(run()).toBe(run());
});
