// What the bare client keeps: its requests under way, their connections, its cookie jars. Plain data in
// the simulation's world, looked up each time.

import type { HandlersId, SocketId, TlsInfo } from "../../host/network.ts";
import type { Host } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { Entity, MachineHandle, RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Http2, Http2HandlersId, StreamId } from "../http2-session.ts";
import type { LookupClientId, NameLookup } from "../name-lookup.ts";
import { bareRequest } from "./bare-machine.ts";
import type { BareUrl, SendStep } from "./bare-request.ts";
import { type CookieJar, newJar } from "./cookie-jar.ts";
import type { RequestSpec } from "./request-spec.ts";
import type { ResponseReader } from "./response-reader.ts";

export interface BareClientOptions {
  /** Where names lead when the scenario has no zones. */
  readonly serverIp: string;
  /** Asks the DNS for names; absent when every name is the server's. */
  readonly lookup?: NameLookup;
  /** Every request that will be made, so that connections which one reuses are kept open. */
  readonly requests?: readonly RequestSpec[];
  /** Called when a request has ended, well or badly, with the status it got or null. */
  readonly finished?: (request: RequestNumber, status: number | null) => void;
}

export interface BareClient {
  /** Makes a request now. The number must be new. */
  request(number: RequestNumber, spec: RequestSpec): void;
  /** Requests that have not ended. */
  pending(): number;
}

export interface Pending {
  readonly number: RequestNumber;
  readonly spec: RequestSpec;
  readonly url: BareUrl;
  readonly entity: Entity;
  readonly startedAt: Instant;
  readonly reader: ResponseReader;
  socket: SocketId;
  /** Its stream of HTTP/2; 0 with HTTP/1. */
  stream: StreamId;
  steps: readonly SendStep[];
  nextStep: number;
  interimSeen: number;
  timeout: EventHandle;
  /** What the TLS handshake settled, once it is done. */
  tls: TlsInfo | null;
}

export interface ClientWorld {
  pending: Map<RequestNumber, Pending>;
  bySocket: Map<SocketId, RequestNumber>;
  /** Idle connections by origin. */
  kept: Map<string, SocketId>;
  readonly jars: Map<string, CookieJar>;
}

/** What does not change while the simulation runs. */
export interface Context {
  readonly host: Host;
  readonly options: BareClientOptions;
  readonly machine: MachineHandle<StateOf<typeof bareRequest>, TransitionOf<typeof bareRequest>>;
  readonly reusedOrigins: ReadonlySet<string>;
  readonly handlers: HandlersId;
  readonly http2: Http2;
  readonly http2Handlers: Http2HandlersId;
  readonly lookupClient: LookupClientId;
  readonly onTimeout: number;
  readonly onContinue: number;
  readonly onFoundEnded: number;
  readonly onRefuse: number;
}

export const steps = bareRequest.transition;

export function emptyWorld(): ClientWorld {
  return { pending: new Map(), bySocket: new Map(), kept: new Map(), jars: new Map() };
}

/** Makes the maps anew that every request passes through (kernel/renewal.ts). */
export function renewWorld(world: ClientWorld): number {
  world.pending = renewed(world.pending);
  world.bySocket = renewed(world.bySocket);
  world.kept = renewed(world.kept);
  return world.pending.size + world.bySocket.size + world.kept.size;
}

export function worldOf(context: Context): ClientWorld {
  return context.host.sim.world.bareClient as ClientWorld;
}

const origins = new WeakMap<RequestSpec, string>();

/** The connections of which a request may take an idle one. Made once: a text that is joined anew is hashed anew. */
export function originOf(spec: RequestSpec, url: BareUrl): string {
  const known = origins.get(spec);
  if (known !== undefined) return known;
  const server = spec.to ?? `${url.scheme}://${url.host}:${url.port}`;
  const origin = spec.pool === undefined ? server : `${spec.pool} ${server}`;
  if (Object.isFrozen(spec)) origins.set(spec, origin);
  return origin;
}

export function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":") || host === "localhost";
}

export function withPending(
  context: Context,
  socket: SocketId,
  action: (pending: Pending) => void,
): void {
  const { pending, bySocket } = worldOf(context);
  const found = pending.get(bySocket.get(socket) ?? -1);
  if (found !== undefined) action(found);
}

export function jarOf(context: Context, name: string): CookieJar {
  const { jars } = worldOf(context);
  const jar = jars.get(name) ?? newJar();
  jars.set(name, jar);
  return jar;
}
