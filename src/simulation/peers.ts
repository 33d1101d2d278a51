// Two small programs that scenarios use as upstreams: a listener whose accept queue is full
// (`blackhole ADDR:PORT`), and one that answers every connection by a script (`tcp-script ADDR:PORT
// [json]`: texts to send, milliseconds to wait, "RST" to reset; then it closes).

import { type Address, type ListenerId, type SocketId, textChunk } from "../host/network.ts";
import type { Host, Pid, Program } from "../host/processes.ts";
import { NO_REQUEST } from "../kernel/simulation.ts";
import { fromMs } from "../kernel/time.ts";
import { toByteText } from "../text/utf8.ts";

type ScriptItem = string | number;

interface PeerState {
  scripts: Map<Pid, readonly ScriptItem[]>;
  listeners: Map<ListenerId, Pid>;
  /** Where each connection is in its script; -1 while the request has not come. */
  progress: Map<SocketId, { pid: Pid; next: number }>;
}

function addressOf(text: string): Address {
  const cut = text.lastIndexOf(":");
  return { kind: "tcp", ip: text.slice(0, cut), port: Number(text.slice(cut + 1)) };
}

function program(host: Host, name: string, start: Program["start"]): void {
  host.processes.register({
    name,
    start,
    signal: (pid, signal) =>
      host.processes.exit(pid, signal === "TERM" ? -15 : signal === "INT" ? -2 : -1),
    childExited: () => undefined,
    ended: () => undefined,
  });
}

/** Registers both programs. */
export function installPeers(host: Host): void {
  installBlackhole(host);
  installTcpScript(host);
}

function installBlackhole(host: Host): void {
  const handlers = host.network.handlers({});
  program(host, "blackhole", (process) => {
    const to = addressOf(process.argv[1] ?? "");
    const listener = host.network.listen(process.pid, to, { backlog: 0, handlers });
    if (typeof listener !== "number") return host.processes.exit(process.pid, 1);
    // A queue of backlog 0 holds one connection (tcp-tls.md, section 2): its own fills it.
    host.network.connect({ pid: process.pid, handlers, to, request: NO_REQUEST });
  });
}

function installTcpScript(host: Host): void {
  const { sim, network } = host;
  sim.world.peers = {
    scripts: new Map(),
    listeners: new Map(),
    progress: new Map(),
  } satisfies PeerState;
  const state = (): PeerState => sim.world.peers as PeerState;

  const nextEvent = sim.event("tcp-script: next item", (socket) => perform(socket));

  function perform(socket: SocketId): void {
    const place = state().progress.get(socket);
    if (place === undefined || !network.isOpen(socket)) return;
    const item = (state().scripts.get(place.pid) ?? [])[place.next++];
    if (typeof item === "number") sim.after(fromMs(item), nextEvent, socket);
    else if (item === undefined || item === "RST") finish(socket, item === "RST");
    else {
      const { request } = network.info(socket);
      network.send(socket, textChunk(toByteText(item)), request);
      host.sink.observe(request, { by: "upstream" });
      perform(socket);
    }
  }

  function finish(socket: SocketId, reset: boolean): void {
    state().progress.delete(socket);
    if (reset) network.abort(socket);
    else network.close(socket);
  }

  const handlers = network.handlers({
    acceptable: (listener, pid) => {
      for (
        let socket = network.accept(listener, pid, handlers);
        socket >= 0;
        socket = network.accept(listener, pid, handlers)
      ) {
        state().progress.set(socket, { pid, next: -1 });
        hear(socket);
      }
    },
    readable: hear,
    ended: (socket) => void (state().progress.delete(socket) && network.close(socket)),
    reset: (socket) => void state().progress.delete(socket),
  });

  function hear(socket: SocketId): void {
    let heard = false;
    while (network.read(socket) !== null) heard = true;
    const place = state().progress.get(socket);
    if (!heard || place === undefined || place.next >= 0) return;
    place.next = 0;
    perform(socket);
  }

  program(host, "tcp-script", (process) => {
    const listener = network.listen(process.pid, addressOf(process.argv[1] ?? ""), {
      backlog: 128,
      handlers,
    });
    if (typeof listener !== "number") return host.processes.exit(process.pid, 1);
    state().scripts.set(process.pid, Object.freeze(readScript(process.argv[2])));
    state().listeners.set(listener, process.pid);
    network.watch(listener, process.pid, true);
  });
}

function readScript(json: string | undefined): ScriptItem[] {
  try {
    const value: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(value)
      ? value.filter((item) => typeof item === "string" || typeof item === "number")
      : [];
  } catch {
    return [];
  }
}
