// A small world to try the network in: a disk, a link, and a program that writes down what it hears.
import { createDisk } from "../../../src/host/file-system.ts";
import {
  type Address,
  type Chunk,
  type HandlersId,
  type SocketHandlers,
  type SocketId,
  textChunk,
} from "../../../src/host/network.ts";
import type { Link, Transport } from "../../../src/host/transport.ts";
import type { RecordedRow } from "../../../src/kernel/recorder.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { installTcp } from "../../../src/layers/tcp/install.ts";

export const SERVER_IP = "192.0.2.10";
export const CLIENT_IP = "203.0.113.10";
export const SERVER_PID = 800;
export const CLIENT_PID = 900;

export interface Heard {
  readonly ms: number;
  readonly what: string;
}

export interface World {
  readonly sim: Simulation;
  readonly network: Transport;
  readonly disk: ReturnType<typeof createDisk>;
  readonly heard: Heard[];
  /** Registers a program that writes down its callbacks under a name, then does what `also` says. */
  program(name: string, also?: SocketHandlers): HandlersId;
  /** What was heard, as `12.5 client connected`. */
  transcript(): string[];
  rows: RecordedRow[];
  facts: Map<number, unknown>;
}

export interface WorldOptions {
  readonly rttMs?: number;
  readonly bytesPerSecond?: number;
  readonly lossRate?: number;
  readonly sysctl?: Record<string, string>;
  readonly users?: Record<number, string>;
}

export function world(options: WorldOptions = {}): World {
  const sim = new Simulation({ seed: 1 });
  const rows: RecordedRow[] = [];
  const facts = new Map<number, unknown>();
  sim.recorder = {
    wants: () => true,
    row: (row) => void rows.push(row),
    note: (row, fact) => void facts.set(row, fact),
  };
  const disk = createDisk(sim, () => 0);
  for (const path of ["/run/", "/tmp/"]) {
    disk.put(path, {
      kind: "directory",
      text: null,
      bytes: 0,
      target: null,
      mode: 0o777,
      owner: "root",
      group: "root",
      mtime: 0,
    });
  }
  const link: Link = {
    rttNs: (options.rttMs ?? 100) * 1e6,
    bytesPerSecond: options.bytesPerSecond ?? Infinity,
    lossRate: options.lossRate ?? 0,
  };
  const network = installTcp({
    sim,
    disk,
    userOf: (pid) => options.users?.[pid] ?? "root",
    sysctl: options.sysctl ?? {},
    addresses: [SERVER_IP],
    link: () => link,
  });
  const heard: Heard[] = [];
  const hear = (what: string): void =>
    void heard.push({ ms: Math.round(sim.now / 1e4) / 100, what });
  return {
    sim,
    network,
    disk,
    heard,
    rows,
    facts,
    program: (name, also = {}) => network.handlers(listening(name, hear, also)),
    transcript: () => heard.map(({ ms, what }) => `${ms} ${what}`),
  };
}

function listening(
  name: string,
  hear: (what: string) => void,
  also: SocketHandlers,
): SocketHandlers {
  return {
    acceptable: (listener, pid) => {
      hear(`${name} acceptable`);
      also.acceptable?.(listener, pid);
    },
    connected: (socket) => {
      hear(`${name} connected`);
      also.connected?.(socket);
    },
    connectFailed: (socket, errno) => {
      hear(`${name} failed ${errno}`);
      also.connectFailed?.(socket, errno);
    },
    readable: (socket) => {
      hear(`${name} readable`);
      also.readable?.(socket);
    },
    ended: (socket) => {
      hear(`${name} ended`);
      also.ended?.(socket);
    },
    reset: (socket) => {
      hear(`${name} reset`);
      also.reset?.(socket);
    },
  };
}

export function tcpAddress(port: number, ip = "0.0.0.0"): Address {
  return { kind: "tcp", ip, port };
}

/** Reads all that waits in a socket. */
export function readAll(network: Transport, socket: SocketId): Chunk[] {
  const chunks: Chunk[] = [];
  for (let chunk = network.read(socket); chunk !== null; chunk = network.read(socket))
    chunks.push(chunk);
  return chunks;
}

/** A server that accepts, and answers each request with `answer`. */
export function server(w: World, port: number, answer: readonly Chunk[], closes: boolean): void {
  const handlers = w.program("server", {
    acceptable: (listener, pid) => void w.network.accept(listener, pid, handlers),
    readable: (socket) => {
      readAll(w.network, socket);
      for (const chunk of answer) w.network.send(socket, chunk, w.network.info(socket).request);
      if (closes) w.network.close(socket);
    },
    ended: (socket) => w.network.close(socket),
  });
  const listener = w.network.listen(SERVER_PID, tcpAddress(port), { backlog: 511, handlers });
  if (typeof listener !== "number") throw new Error(`listen failed: ${listener.errno}`);
  w.network.watch(listener, SERVER_PID, true);
}

/** A client that sends one request when connected and reads what comes. */
export function client(
  w: World,
  to: Address,
  fromIp?: string,
  text = "GET / HTTP/1.1\r\n\r\n",
): SocketId {
  const handlers = w.program("client", {
    connected: (socket) => w.network.send(socket, textChunk(text), 0),
    readable: (socket) => void readAll(w.network, socket),
    ended: (socket) => w.network.close(socket),
  });
  return w.network.connect({ pid: CLIENT_PID, handlers, to, fromIp, request: 0 });
}

/** The transitions that a machine took, in order. */
export function transitionsOf(w: World, machine: string): string[] {
  return w.rows
    .filter((row) => row.machine.spec.name === machine)
    .map((row) => row.machine.transitionNames[row.transition]);
}

/** Connections that the kernel still knows. */
export function connectionsLeft(w: World): number {
  return (w.sim.world.tcp as { connections: ReadonlyMap<number, unknown> }).connections.size;
}
