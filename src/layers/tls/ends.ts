// Making the two ends of a TLS connection, and what programs are told of it.
import type { HandlersId, SocketId, TlsInfo } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import type { Entity, RequestNumber } from "../../kernel/simulation.ts";
import type { Agreement, End } from "./state.ts";

interface EndOptions {
  readonly socket: SocketId;
  readonly role: "client" | "server";
  readonly entity: Entity;
  readonly pid: Pid;
  readonly handlers: HandlersId;
  readonly pair: SocketId;
  readonly cache: string | null;
  readonly request: RequestNumber;
  readonly decider?: number;
}

export function newEnd(options: EndOptions): End {
  const { socket, role, entity, pid, handlers, pair, cache, request } = options;
  return {
    socket,
    role,
    entity,
    pid,
    handlers,
    decider: options.decider ?? -1,
    pair,
    cache,
    request,
    open: true,
    info: null,
    outgoing: [],
    sealing: false,
    afterSealing: "nothing",
    arrived: [],
    notified: false,
    peerNotified: false,
  };
}

export function infoFrom(agreed: Agreement): TlsInfo {
  const { version, cipher, serverName, alpn, resumed, certificate } = agreed;
  return Object.freeze({ version, cipher, serverName, alpn, resumed, certificate });
}
