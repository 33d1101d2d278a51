// Random programs on random networks: no machine ever refuses a transition, nothing is left behind,
// and all transitions are taken. A failing seed is printed.
import { describe, expect, test } from "vitest";
import { type Address, type SocketId, textChunk } from "../../../src/host/network.ts";
import { draw32 } from "../../../src/kernel/random.ts";
import { clientMachine, listenerMachine, serverMachine } from "../../../src/layers/tcp/machine.ts";
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

const UNIX: Address = { kind: "unix", path: "/run/app.sock" };
const STEPS = 60;
const SEEDS = 250;

interface Player {
  readonly w: World;
  readonly open: SocketId[];
  readonly listeners: number[];
  readonly pick: (n: number) => number;
}

function player(seed: number): Player {
  let drawn = 0;
  const pick = (n: number): number => draw32(seed, drawn++, 1) % n;
  const w = world({
    rttMs: [0, 10, 100][pick(3)],
    lossRate: pick(4) === 0 ? 0.2 : 0,
    sysctl: pick(3) === 0 ? { "net.ipv4.tcp_abort_on_overflow": "1" } : {},
  });
  return { w, open: [], listeners: [], pick };
}

function act({ w, open, listeners, pick }: Player): void {
  const { network } = w;
  const socket = open.length === 0 ? -1 : open[pick(open.length)];
  const listener = listeners.length === 0 ? -1 : listeners[pick(listeners.length)];
  const to = [
    tcpAddress(80, SERVER_IP),
    UNIX,
    tcpAddress(80, "127.0.0.1"),
    tcpAddress(9, SERVER_IP),
    tcpAddress(80, "198.51.100.1"),
  ];
  const handlers = network.handlers({ connected: (id) => network.send(id, textChunk("hello"), 0) });
  const actions: (() => void)[] = [
    () => {
      const address = [tcpAddress(80), UNIX][pick(2)];
      const result = network.listen(SERVER_PID, address, {
        backlog: pick(2),
        handlers,
        full: pick(8) === 0 ? true : undefined,
      });
      if (typeof result === "number") listeners.push(result);
    },
    () =>
      void open.push(
        network.connect({ pid: CLIENT_PID, handlers, to: to[pick(to.length)], request: 0 }),
      ),
    () =>
      void open.push(
        network.connect({
          pid: CLIENT_PID,
          handlers,
          to: to[pick(to.length)],
          fromIp: CLIENT_IP,
          request: 0,
        }),
      ),
    () =>
      void open.push(
        network.connect({
          pid: CLIENT_PID,
          handlers,
          to: to[pick(2)],
          fromIp: CLIENT_IP,
          request: 0,
        }),
      ),
    () => {
      const accepted = network.accept(listener, SERVER_PID, handlers);
      if (accepted >= 0) open.push(accepted);
    },
    () => {
      const accepted = network.accept(listener, SERVER_PID, handlers);
      if (accepted >= 0) open.push(accepted);
    },
    () => network.send(socket, textChunk("x".repeat(1 + pick(50_000))), 0),
    () => network.send(socket, textChunk("y"), 0),
    () => void readAll(network, socket),
    () => network.end(socket),
    () => network.close(socket),
    () => network.close(socket ^ 1),
    () => {
      for (const end of [socket, socket ^ 1]) {
        readAll(network, end);
        network.close(end);
      }
    },
    () => {
      network.end(socket);
      network.send(socket ^ 1, textChunk("still"), 0);
    },
    () => network.abort(socket),
    () => {
      if (pick(8) === 0) network.unlisten(listener, SERVER_PID);
    },
    () => {
      if (pick(20) === 0) network.processEnded(SERVER_PID);
    },
  ];
  actions[pick(actions.length)]();
  w.sim.runUntil(
    w.sim.now + [0, 1e3, 2e5, 2e7, 6e7, 3e8, 2e9, pick(6) === 0 ? 2e11 : 1e6][pick(8)],
  );
}

const taken = new Set<string>();

function finish({ w, open }: Player): void {
  for (const socket of open) {
    w.network.close(socket);
    w.network.close(socket ^ 1);
  }
  w.network.processEnded(SERVER_PID);
  w.network.processEnded(CLIENT_PID);
  w.sim.runUntil(w.sim.now + 1000e9);
  expect(connectionsLeft(w)).toBe(0);
  for (const { occupancy, machine } of w.sim.machines) {
    const alive = occupancy.reduce((sum, n) => sum + n, 0);
    expect(`${machine.spec.name}: ${alive}`).toBe(`${machine.spec.name}: 0`);
  }
}

describe("random programs", () => {
  test("never take a transition that a machine forbids, and leave nothing behind", () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const p = player(seed);
      try {
        for (let step = 0; step < STEPS; step++) act(p);
        finish(p);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
      for (const row of p.w.rows) {
        taken.add(`${row.machine.spec.name}: ${row.machine.transitionNames[row.transition]}`);
      }
    }
  });

  test("take every transition that the machines have", () => {
    const machines = [clientMachine, serverMachine, listenerMachine];
    const all = machines.flatMap(({ spec, transitionNames }) =>
      transitionNames.map((name) => `${spec.name}: ${name}`),
    );
    expect(all.filter((name) => !taken.has(name))).toEqual([]);
  });
});
