// A host with a network of one server, for tests of clients: what it answers is a function of the
// bytes it has received. No TCP: bytes take half a round trip.
import {
  type Certificate,
  type Chunk,
  type ConnectOptions,
  type Errno,
  type Network,
  type SocketHandlers,
  type SocketId,
  type TlsFailure,
  textChunk,
} from "../../../src/host/network.ts";
import type { Host } from "../../../src/host/processes.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { MILLISECOND } from "../../../src/kernel/time.ts";

export type Reply = string | Chunk | "FIN" | "RST" | number;

export interface FakeServer {
  /** Refuses or drops connections. */
  readonly connect?: (options: ConnectOptions) => Errno | TlsFailure | null;
  /** The certificate shown on TLS connections. */
  readonly certificate?: Certificate;
  /** What the server does when it has received `text` in all on this connection; numbers wait (ms). */
  readonly answer: (text: string, request: number, options: ConnectOptions) => readonly Reply[];
}

export interface FakeHost {
  readonly host: Host;
  readonly observed: Map<number, Record<string, unknown>>;
  /** Every text received by the server, by socket. */
  readonly received: Map<SocketId, string>;
  readonly connections: ConnectOptions[];
  readonly closed: SocketId[];
}

const HALF_RTT = 10 * MILLISECOND;

interface Line {
  readonly options: ConnectOptions;
  open: boolean;
  readonly inbox: Chunk[];
}

export function fakeHost(server: FakeServer): FakeHost {
  const sim = new Simulation({ seed: 1 });
  const handlers: SocketHandlers[] = [];
  const lines: Line[] = [];
  const fake: FakeHost = {
    host: null as unknown as Host,
    observed: new Map(),
    received: new Map(),
    connections: [],
    closed: [],
  };
  const tasks: (() => void)[] = [];
  const onTask = sim.event("fake task", (task) => tasks[task]());
  const later = (ns: number, task: () => void) => {
    sim.after(ns, onTask, tasks.push(task) - 1);
  };
  const of = (socket: SocketId) => handlers[lines[socket].options.handlers];
  const deliver = (socket: SocketId, reply: string | Chunk) => {
    const line = lines[socket];
    if (!line.open) return;
    if (reply === "FIN") of(socket).ended?.(socket);
    else if (reply === "RST") {
      line.open = false;
      of(socket).reset?.(socket);
    } else {
      line.inbox.push(typeof reply === "string" ? textChunk(reply) : reply);
      of(socket).readable?.(socket);
    }
  };
  const play = (socket: SocketId, replies: readonly Reply[]) => {
    let at = HALF_RTT;
    for (const reply of replies) {
      if (typeof reply === "number") at += reply * MILLISECOND;
      else later(at, () => deliver(socket, reply));
    }
  };
  const network = {
    handlers: (given: SocketHandlers) => handlers.push(given) - 1,
    connect(options: ConnectOptions) {
      const socket = lines.push({ options, open: true, inbox: [] }) - 1;
      fake.connections.push(options);
      const failure = server.connect?.(options) ?? null;
      later(options.tls === undefined ? 2 * HALF_RTT : 4 * HALF_RTT, () => {
        if (!lines[socket].open) return;
        if (failure === null) of(socket).connected?.(socket);
        else {
          lines[socket].open = false;
          if (typeof failure === "number") of(socket).connectFailed?.(socket, failure);
          else of(socket).tlsFailed?.(socket, failure);
        }
      });
      return socket;
    },
    send(socket: SocketId, chunk: Chunk, request: number) {
      const before = fake.received.get(socket) ?? "";
      const text = before + (chunk.text ?? `<${chunk.bytes} bytes>`);
      fake.received.set(socket, text);
      later(HALF_RTT, () => play(socket, server.answer(text, request, lines[socket].options)));
    },
    read: (socket: SocketId) => lines[socket].inbox.shift() ?? null,
    end(socket: SocketId) {
      fake.received.set(socket, `${fake.received.get(socket) ?? ""}<FIN>`);
    },
    close(socket: SocketId) {
      lines[socket].open = false;
      fake.closed.push(socket);
    },
    isOpen: (socket: SocketId) => lines[socket].open,
    info(socket: SocketId) {
      const { options } = lines[socket];
      const tls =
        options.tls === undefined
          ? null
          : {
              version: "TLSv1.3" as const,
              cipher: "TLS_AES_256_GCM_SHA384",
              serverName: options.tls.serverName,
              alpn: options.tls.alpn.includes("http/1.1") ? ("http/1.1" as const) : null,
              resumed: false,
              certificate: server.certificate ?? null,
            };
      return { local: options.to, peer: options.to, tls, request: options.request, ended: false };
    },
  } as unknown as Network;
  const host = {
    sim,
    network,
    clock: { nowMs: () => 1_795_219_200_000 + Math.floor(sim.now / MILLISECOND) },
    sink: {
      wants: () => true,
      log() {},
      observe(request: number, part: Record<string, unknown>) {
        fake.observed.set(request, { ...fake.observed.get(request), ...part });
      },
      observed: (request: number) => fake.observed.get(request) ?? {},
    },
  } as unknown as Host;
  return Object.assign(fake, { host });
}
