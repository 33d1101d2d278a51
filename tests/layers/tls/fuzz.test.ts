// Random visits over TLS, cut short at random times: no machine ever refuses a transition, nothing is
// left behind, and all transitions are taken. A failing seed is printed.
import { expect, test } from "vitest";
import {
  fillerChunk,
  type SocketId,
  type TlsClientOptions,
  type TlsServerConfig,
  textChunk,
} from "../../../src/host/network.ts";
import { draw32 } from "../../../src/kernel/random.ts";
import { clientMachine, serverMachine } from "../../../src/layers/tls/machine.ts";
import {
  CLIENT_IP,
  CLIENT_PID,
  connectionsLeft,
  readAll,
  SERVER_IP,
  SERVER_PID,
  tcpAddress,
} from "../tcp/network-bench.ts";
import { CHROMIUM, SERVER_CONFIG, type SecureWorld, secureWorld } from "./tls-bench.ts";

const SEEDS = 250;
const taken = new Set<string>();

interface Fuzzed {
  readonly w: SecureWorld;
  readonly sockets: SocketId[];
  readonly pick: (n: number) => number;
}

function randomConfig(pick: Fuzzed["pick"]): TlsServerConfig {
  const certificate = SERVER_CONFIG.certificate;
  return {
    ...SERVER_CONFIG,
    protocols: pick(2) === 0 ? ["TLSv1.2"] : ["TLSv1.2", "TLSv1.3"],
    alpn: [["h2", "http/1.1"], ["http/1.1"], []][pick(3)] as TlsServerConfig["alpn"],
    reject: pick(8) === 0,
    groups: pick(4) === 0 ? ["P-256"] : undefined,
    certificate: certificate === null ? null : { ...certificate, selfSigned: pick(4) === 0 },
  };
}

function randomClient(pick: Fuzzed["pick"]): TlsClientOptions | undefined {
  if (pick(10) === 0) return undefined;
  return {
    ...CHROMIUM,
    profile: pick(2) === 0 ? "chromium" : "openssl",
    alpn: [["h2", "http/1.1"], ["http/1.1"], []][pick(3)] as TlsClientOptions["alpn"],
    verify: pick(2) === 0,
    sessionCache: pick(2) === 0 ? "visitor" : undefined,
  };
}

function play(seed: number): SecureWorld {
  let drawn = 0;
  const pick = (n: number): number => draw32(seed, drawn++, 2) % n;
  const w = secureWorld(randomConfig(pick), {
    rttMs: [0, 10, 100][pick(3)],
    bytesPerSecond: [1e6, Infinity][pick(2)],
  });
  const fuzzed = { w, sockets: [], pick };
  listen(fuzzed);
  for (let step = 0; step < 12; step++) act(fuzzed);
  for (const socket of fuzzed.sockets) w.secure.close(socket);
  w.secure.processEnded(SERVER_PID);
  w.secure.processEnded(CLIENT_PID);
  w.sim.runUntil(w.sim.now + 1000e9);
  return w;
}

function listen({ w, sockets, pick }: Fuzzed): void {
  const { secure } = w;
  const handlers = secure.handlers({
    acceptable: (listener, pid) => void sockets.push(secure.accept(listener, pid, handlers)),
    readable: (socket) => {
      if (pick(8) === 0) return;
      readAll(w.network, -1);
      while (secure.read(socket) !== null);
      secure.send(socket, textChunk("head"), 0);
      secure.send(socket, fillerChunk(1 + pick(60_000)), 0);
      if (pick(2) === 0) secure.close(socket);
    },
    ended: (socket) => secure.close(socket),
  });
  const tls = pick(10) === 0 ? undefined : () => w.config;
  const listener = secure.listen(SERVER_PID, tcpAddress(443), {
    backlog: 9,
    handlers,
    tls,
  }) as number;
  secure.watch(listener, SERVER_PID, true);
}

function act({ w, sockets, pick }: Fuzzed): void {
  const { secure } = w;
  const socket = sockets.length === 0 ? -1 : sockets[pick(sockets.length)];
  const handlers = secure.handlers({
    connected: (id) => secure.send(id, textChunk("GET"), 0),
    readable: (id) => {
      while (secure.read(id) !== null);
    },
    ended: (id) => secure.close(id),
  });
  const connect = (): void => {
    const tls = randomClient(pick);
    sockets.push(
      secure.connect({
        pid: CLIENT_PID,
        handlers,
        to: tcpAddress(443, SERVER_IP),
        fromIp: CLIENT_IP,
        request: 0,
        tls,
      }),
    );
  };
  const cut = [
    () => secure.close(socket),
    () => secure.abort(socket),
    () => secure.end(socket),
    () => secure.processEnded(CLIENT_PID),
    () => w.network.abort(socket),
    () => w.network.end(socket),
  ];
  const actions = [
    connect,
    connect,
    connect,
    () => secure.send(socket, fillerChunk(20_000), 0),
    cut[pick(cut.length)],
  ];
  actions[pick(actions.length)]();
  w.sim.runUntil(w.sim.now + [0, 5e5, 2e7, 6e7, 3e8, 5e9][pick(6)]);
}

test("random visits leave nothing behind", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      const w = play(seed);
      expect(connectionsLeft(w)).toBe(0);
      expect((w.sim.world.tls as { ends: Map<number, unknown> }).ends.size).toBe(0);
      for (const row of w.rows)
        taken.add(`${row.machine.spec.name}: ${row.machine.transitionNames[row.transition]}`);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});

test("random visits take every transition that the machines have", () => {
  const all = [clientMachine, serverMachine].flatMap(({ spec, transitionNames }) =>
    transitionNames.map((name) => `${spec.name}: ${name}`),
  );
  expect(all.filter((name) => !taken.has(name))).toEqual([]);
});

test("a keyframe in the middle of a handshake goes on exactly as the first time", () => {
  const w = secureWorld(SERVER_CONFIG);
  listen({ w, sockets: [], pick: () => 1 });
  const handlers = w.secure.handlers({ connected: (id) => w.secure.send(id, textChunk("GET"), 0) });
  const to = tcpAddress(443, SERVER_IP);
  w.secure.connect({ pid: CLIENT_PID, handlers, to, fromIp: CLIENT_IP, request: 0, tls: CHROMIUM });
  w.sim.runUntil(170e6);
  const keyframe = w.sim.keyframe();
  const run = (): string => {
    w.sim.restore(keyframe);
    w.sim.runUntil(10e9);
    return `${w.sim.journal.hash} ${w.sim.journal.rowCount}`;
  };
  expect(run()).toBe(run());
});
