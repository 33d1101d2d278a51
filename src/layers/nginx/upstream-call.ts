// One request's dealings with its upstream (ngx_http_upstream_t), and what a worker keeps between requests: the state
// of peers and idle connections. All plain data in the world, looked up at every event.
// Source: nginx 1.22.1, src/http/ngx_http_upstream.h.

import { type Chunk, NO_SOCKET, type SocketId } from "../../host/network.ts";
import { type EventHandle, NO_EVENT } from "../../kernel/event-queue.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { Entity } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Facts } from "../layer.ts";
import type { GroupState, PeerSelection } from "./balancer.ts";
import type { CacheUse } from "./cache.ts";
import type { ChunkedState } from "./chunked-decoder.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest, RequestId } from "./request.ts";
import type { UpstreamUrl } from "./upstream-address.ts";
import type { UpstreamBlock } from "./upstream-block.ts";
import type { UpstreamConf } from "./upstream-conf.ts";
import type { ResponseHead } from "./upstream-header.ts";
import { type UpstreamTransition, upstreamMachine } from "./upstream-machine.ts";

/** The name under which the engine knows the module that talks to upstreams. */
export const UPSTREAM = "upstream";

/** One try, or (peer null) the border between two upstream calls of a request. */
export interface UpstreamTry {
  /** Its address, or the upstream's name when no peer could be had. */
  peer: string | null;
  /** 0: none yet. */
  status: number;
  startedAt: Instant;
  connectedAt: Instant | null;
  headerAt: Instant | null;
  endedAt: Instant | null;
  bytesReceived: number;
  responseBytes: number;
}

export interface UpstreamCall {
  readonly request: RequestId;
  readonly entity: Entity;
  readonly conf: UpstreamConf;
  /** Changed once, when a name from variables has been resolved. */
  block: UpstreamBlock;
  /** The name to resolve before a peer can be chosen, with its port. */
  unresolved: UpstreamUrl | null;
  readonly worker: number;
  /** `http://`, `https://` or `uwsgi://`, and $proxy_host. */
  readonly schema: string;
  readonly host: string;
  readonly port: string;
  /** The request target, for the log; empty for uwsgi. */
  uri: string;
  /** The first bytes sent: the head of an HTTP request, or a uwsgi packet. */
  head: Chunk | null;
  isHead: boolean;
  /** The client's body follows the head. */
  sendsBody: boolean;
  selection: PeerSelection;
  /** The state of the upstream's peers in the worker, once it was looked up for the present block. */
  group: GroupState | null;
  startedAt: Instant;

  socket: SocketId;
  hasSlot: boolean;
  /** The connection had been idle. */
  reused: boolean;
  /** How many requests the connection has carried, and since when it is open. */
  connectionRequests: number;
  connectionSince: Instant;
  requestSent: boolean;
  bodySent: boolean;

  /** Bytes of the header so far (latin-1). */
  received: string;
  response: ResponseHead | null;
  /** Bytes of body still expected; -1: until the connection closes. */
  left: number;
  chunked: ChunkedState | null;
  /** Whether the connection may be kept when this answer is read. */
  keepConnection: boolean;
  /** Bytes of the connection collected in buffers and not used yet, and the room left in the present buffer. */
  held: Chunk[];
  heldBytes: number;
  roomBytes: number;
  isBuffered: boolean;
  /** The header is made but has not left: nginx waits for something to send with it. */
  isHeaderHeld: boolean;
  /** Bytes of body received. */
  bodyBytes: number;
  upgraded: boolean;
  /** The client is gone, but the answer is read to its end for the cache. */
  clientGone: boolean;
  tempFileWarned: boolean;

  timer: EventHandle;
  /** When the timer runs out. */
  timerEndsAt: Instant;
  cache: CacheUse | null;
  finished: boolean;
}

/** An idle connection to a peer. */
export interface IdleConnection {
  readonly socket: SocketId;
  readonly peer: string;
  readonly group: string;
  readonly worker: number;
  readonly requests: number;
  readonly since: Instant;
  readonly timer: EventHandle;
}

export interface UpstreamState {
  calls: Map<RequestId, UpstreamCall>;
  bySocket: Map<SocketId, UpstreamCall>;
  /** By worker (or zone) and upstream. */
  readonly groups: Map<string, GroupState>;
  /** Entities of the peers, by the same key with the peer's name. */
  readonly peers: Map<string, Entity>;
  /** By worker, the most recently used last. */
  readonly idle: Map<number, IdleConnection[]>;
}

/** The module's state in the world. */
export function upstreamState(context: NginxContext): UpstreamState {
  return context.moduleState(UPSTREAM, () => ({
    calls: new Map(),
    bySocket: new Map(),
    groups: new Map(),
    peers: new Map(),
    idle: new Map(),
  }));
}

/** The idle connections of a worker. */
export function idleOf(context: NginxContext, worker: number): IdleConnection[] {
  const { idle } = upstreamState(context);
  const known = idle.get(worker);
  if (known !== undefined) return known;
  const made: IdleConnection[] = [];
  idle.set(worker, made);
  return made;
}

/** Makes the maps anew that every call passes through (kernel/renewal.ts). */
export function renewCalls(context: NginxContext): number {
  const state = upstreamState(context);
  state.calls = renewed(state.calls);
  state.bySocket = renewed(state.bySocket);
  return state.calls.size + state.bySocket.size;
}

/** Another try of a request begins. A list of one is made as such, without room for more. */
export function addTry(request: NginxRequest, made: UpstreamTry): void {
  const tries = request.kept[UPSTREAM] as UpstreamTry[] | undefined;
  if (tries === undefined || tries.length === 0) request.kept[UPSTREAM] = [made];
  else tries.push(made);
}

/** The tries of a request so far; they outlive internal redirects. */
export function triesMade(request: NginxRequest): UpstreamTry[] {
  const tries = request.kept[UPSTREAM] as UpstreamTry[] | undefined;
  if (tries !== undefined) return tries;
  const made: UpstreamTry[] = [];
  request.kept[UPSTREAM] = made;
  return made;
}

/** The try that is under way. */
export function currentTry(request: NginxRequest): UpstreamTry | null {
  const tries = request.kept[UPSTREAM] as readonly UpstreamTry[] | undefined;
  return tries?.at(-1) ?? null;
}

export function callOf(context: NginxContext, id: RequestId): UpstreamCall | null {
  return upstreamState(context).calls.get(id) ?? null;
}

/** A transition of the call, with facts for those who look. */
export function stepCall(
  context: NginxContext,
  call: UpstreamCall,
  transition: UpstreamTransition,
  facts?: () => Facts,
): void {
  const { sim } = context;
  const handle = sim.machine(upstreamMachine);
  const row = sim.fire(handle, call.entity, upstreamMachine.transition[transition], 0);
  if (facts !== undefined && sim.recording(call.entity)) sim.note(row, facts());
}

/** Where the call stands in its machine. */
export function callIs(
  context: NginxContext,
  call: UpstreamCall,
  state: keyof typeof upstreamMachine.state,
): boolean {
  return context.sim.is(context.sim.machine(upstreamMachine), call.entity, state);
}

/** What the error log says after `upstream:`; without `separator` once the peer was given back. */
export function upstreamForLog(call: UpstreamCall, peer: string, isHeld: boolean): string {
  const separator = isHeld && peer.startsWith("unix:") ? ":" : "";
  return `${call.schema}${peer}${separator}${call.uri}`;
}

/** Stops the call's timer. */
export function stopTimer(context: NginxContext, call: UpstreamCall): void {
  context.cancel(call.timer);
  call.timer = NO_EVENT;
}

/** What is known of a call when it begins. */
type KnownCall = Pick<
  UpstreamCall,
  | "request"
  | "entity"
  | "conf"
  | "block"
  | "unresolved"
  | "worker"
  | "schema"
  | "host"
  | "port"
  | "startedAt"
>;

/** A call before anything has happened. */
export function newCall(known: KnownCall): UpstreamCall {
  // Written out, not spread: an object of this size stays fast only as one literal.
  return {
    request: known.request,
    entity: known.entity,
    conf: known.conf,
    block: known.block,
    unresolved: known.unresolved,
    worker: known.worker,
    schema: known.schema,
    host: known.host,
    port: known.port,
    startedAt: known.startedAt,
    uri: "",
    head: null,
    isHead: false,
    sendsBody: known.conf.passRequestBody,
    selection: {
      onBackup: false,
      tried: [],
      current: -1,
      tries: 0,
      key: "",
      hash: 0,
      rehash: 0,
      misses: 0,
    },
    group: null,
    socket: NO_SOCKET,
    hasSlot: false,
    reused: false,
    connectionRequests: 0,
    connectionSince: 0,
    requestSent: false,
    bodySent: false,
    received: "",
    response: null,
    left: -1,
    chunked: null,
    keepConnection: false,
    held: [],
    heldBytes: 0,
    roomBytes: 0,
    isBuffered: true,
    isHeaderHeld: false,
    bodyBytes: 0,
    upgraded: false,
    clientGone: false,
    tempFileWarned: false,
    timer: NO_EVENT,
    timerEndsAt: 0,
    cache: null,
    finished: false,
  };
}
