// Making the two ends of a TLS connection, and what programs are told of it.
import type { HandlersId, SocketId, TlsInfo } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
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
  /** -1 for a client. */
  readonly decider: number;
}

export function newEnd(options: EndOptions): End {
  const { socket, role, entity, pid, handlers, pair, cache, request, decider } = options;
  return {
    socket,
    role,
    entity,
    pid,
    handlers,
    decider,
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

/** What programs are told of an agreement. */
export const infoFrom = memoByIdentity((agreed: Agreement): TlsInfo => {
  const { version, cipher, serverName, alpn, resumed, certificate } = agreed;
  return Object.freeze({ version, cipher, serverName, alpn, resumed, certificate });
});
