// A small world with TLS: a server that answers requests, a client that connects, records of both.
import {
  type Certificate,
  type Chunk,
  type Network,
  type SocketHandlers,
  type SocketId,
  type TlsClientOptions,
  type TlsServerConfig,
  textChunk,
} from "../../../src/host/network.ts";
import type { Facts, Message } from "../../../src/layers/layer.ts";
import { installTls } from "../../../src/layers/tls/install.ts";
import {
  CLIENT_IP,
  CLIENT_PID,
  readAll,
  SERVER_IP,
  SERVER_PID,
  tcpAddress,
  type World,
  type WorldOptions,
  world,
} from "../tcp/network-bench.ts";

export const NOW_MS = Date.UTC(2026, 10, 21);

/** As the recordings' CA made it: names the host and its domain, 909 bytes of DER. */
export const CERTIFICATE: Certificate = Object.freeze({
  names: ["www.example.com", "example.com"],
  selfSigned: false,
  notBeforeMs: null,
  notAfterMs: null,
  file: "/etc/ssl/example.pem",
});

export const SERVER_CONFIG: TlsServerConfig = Object.freeze({
  certificate: CERTIFICATE,
  reject: false,
  protocols: ["TLSv1.2", "TLSv1.3"],
  alpn: ["http/1.1"],
  sessionTickets: true,
  sessionTimeoutNs: 300e9,
  ticketKey: "1",
} as const);

export const CURL: TlsClientOptions = Object.freeze({
  serverName: "www.example.com",
  alpn: ["h2", "http/1.1"],
  verify: true,
  profile: "openssl",
} as const);

export const CHROMIUM: TlsClientOptions = Object.freeze({ ...CURL, profile: "chromium" } as const);

export interface SecureWorld extends World {
  readonly secure: Network;
  /** The decider's answer; may be changed between connections. */
  config: TlsServerConfig | null;
}

export function secureWorld(
  config: TlsServerConfig | null,
  options: WorldOptions = {},
): SecureWorld {
  const w = world(options);
  const secure = installTls({ sim: w.sim, nowMs: () => NOW_MS, transport: w.network });
  return { ...w, secure, config };
}

function hearing(w: World, name: string, also: SocketHandlers): SocketHandlers {
  const hear = (what: string): void => {
    w.heard.push({ ms: Math.round(w.sim.now / 1e5) / 10, what: `${name} ${what}` });
  };
  return {
    ...also,
    connected: (socket) => {
      hear("connected");
      also.connected?.(socket);
    },
    connectFailed: (_, errno) => hear(`failed ${errno}`),
    readable: (socket) => {
      hear("readable");
      also.readable?.(socket);
    },
    secured: (socket) => {
      hear("secured");
      also.secured?.(socket);
    },
    tlsFailed: (socket, failure) => {
      hear(`TLS failed: ${failure.alert}${failure.byPeer ? " by peer" : ""}`);
      also.tlsFailed?.(socket, failure);
    },
    ended: (socket) => {
      hear("ended");
      also.ended?.(socket);
    },
    reset: () => hear("reset"),
  };
}

/** A server on port 443 that answers each readable with these chunks. */
export function secureServer(w: SecureWorld, answer: readonly Chunk[], closes = false): void {
  const { secure } = w;
  const handlers = secure.handlers(
    hearing(w, "server", {
      acceptable: (listener, pid) => void secure.accept(listener, pid, handlers),
      readable: (socket) => {
        readAll(secure as typeof w.network, socket);
        for (const chunk of answer) secure.send(socket, chunk, secure.info(socket).request);
        if (closes) secure.close(socket);
      },
      ended: (socket) => secure.close(socket),
    }),
  );
  const tls = () => w.config;
  const listener = secure.listen(SERVER_PID, tcpAddress(443), { backlog: 511, handlers, tls });
  if (typeof listener !== "number") throw new Error("listen failed");
  secure.watch(listener, SERVER_PID, true);
}

export interface Got {
  bytes: number;
  firstMs: number;
  lastMs: number;
}

/** Connects, sends one request, and counts what comes back. */
export function secureClient(
  w: SecureWorld,
  tls: TlsClientOptions | undefined,
  request = textChunk("G".repeat(79)),
): { socket: SocketId; got: Got } {
  const { secure } = w;
  const got: Got = { bytes: 0, firstMs: Number.NaN, lastMs: Number.NaN };
  const handlers = secure.handlers(
    hearing(w, "client", {
      connected: (socket) => secure.send(socket, request, 0),
      readable: (socket) => {
        for (const chunk of readAll(secure as typeof w.network, socket)) got.bytes += chunk.bytes;
        if (Number.isNaN(got.firstMs)) got.firstMs = w.sim.now / 1e6;
        got.lastMs = w.sim.now / 1e6;
      },
      ended: (socket) => secure.close(socket),
    }),
  );
  const to = tcpAddress(443, SERVER_IP);
  const socket = secure.connect({
    pid: CLIENT_PID,
    handlers,
    to,
    fromIp: CLIENT_IP,
    request: 0,
    tls,
  });
  return { socket, got };
}

/** `name: bytes` of every record that the rows of a machine's transition showed. */
export function recordsAt(w: World, machine: string, transition: string): string[] {
  const row = w.rows.find(
    (candidate) =>
      candidate.machine.spec.name === machine &&
      candidate.machine.transitionNames[candidate.transition] === transition,
  );
  const facts = row === undefined ? undefined : (w.facts.get(row.row) as Facts | undefined);
  const messages = (facts?.messages ?? []).filter(
    (message): message is Message & { kind: "tls" } => message.kind === "tls",
  );
  return messages.flatMap(({ records }) => records.map(({ title, bytes }) => `${title}: ${bytes}`));
}
