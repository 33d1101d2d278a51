// Taking a peer for a try and giving it back: the balancer's choice with its reasons, the peer's own machine, and
// idle connections that `keepalive` keeps.
// Source: nginx 1.22.1, ngx_http_upstream_round_robin.c and ngx_http_upstream_keepalive_module.c.
import { ERRNO, NO_SOCKET } from "../../host/network.ts";
import { memoByIdentity, memoByNumber, memoByText } from "../../kernel/memo.ts";
import type { Entity } from "../../kernel/simulation.ts";
import type { Alternative, Facts } from "../layer.ts";
import {
  freePeer,
  type GroupState,
  NO_PEER,
  newGroupState,
  type PeerConfig,
  type PeerState,
  peerUnavailable,
  setOf,
  statesOf,
} from "./balancer.ts";
import { consistentPeer, hashPeer, ipHashPeer } from "./balancer-hash.ts";
import { leastConnPeer, randomPeer, roundRobinPeer } from "./balancer-round-robin.ts";
import { causeOf } from "./cause.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import type { UpstreamBlock } from "./upstream-block.ts";
import { type IdleConnection, idleOf, type UpstreamCall, upstreamState } from "./upstream-call.ts";
import { peerMachine } from "./upstream-machine.ts";

/** Failures that do not count against the peer (NGX_PEER_NEXT). */
const BLAMELESS = new Set(["http_403", "http_404"]);

/** nginx's cached time in whole seconds. */
export function nowSeconds(context: NginxContext): number {
  return Math.floor(context.nowMs() / 1000);
}

function stateKey({ block, worker }: UpstreamCall): string {
  return stateKeys(block)(worker);
}

/** Made once: a text that is joined anew is hashed anew wherever it is looked up. */
const stateKeys = memoByIdentity(({ zone, group }: UpstreamBlock) =>
  memoByNumber((worker) =>
    zone === null ? `${worker}/${group.name}` : `zone ${zone}/${group.name}`,
  ),
);

const peerKeys = memoByIdentity((peer: PeerConfig) =>
  memoByText((state) => `${state}/${peer.name}`),
);

/** The state of the call's upstream in its worker. */
export function groupState(context: NginxContext, call: UpstreamCall): GroupState {
  call.group ??= groupOf(upstreamState(context).groups, call);
  return call.group;
}

function groupOf(groups: Map<string, GroupState>, call: UpstreamCall): GroupState {
  const key = stateKey(call);
  const known = groups.get(key);
  if (known !== undefined) return known;
  const made = newGroupState(call.block.group);
  groups.set(key, made);
  return made;
}

/** The peer in use, or null. */
export function currentPeer(call: UpstreamCall): PeerConfig | null {
  return setOf(call.block.group, call.selection).peers[call.selection.current] ?? null;
}

/** Asks the balancer for a peer; null when none can be had. */
export function choosePeer(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): PeerConfig | null {
  const { group } = call.block;
  const state = groupState(context, call);
  const index = askBalancer(context, request, call, state);
  if (index === NO_PEER) return null;
  const peer = setOf(group, call.selection).peers[index];
  const peerState = statesOf(state, call.selection)[index];
  const isTrial = peer.maxFails > 0 && peerState.fails >= peer.maxFails;
  if (isTrial) firePeer(context, call, peer, "tryAgain");
  return peer;
}

function askBalancer(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  state: GroupState,
): number {
  const { group } = call.block;
  const { selection } = call;
  const seconds = nowSeconds(context);
  switch (group.method) {
    case "least_conn":
      return leastConnPeer(group, state, selection, seconds);
    case "hash":
      return hashPeer(group, state, selection, seconds);
    case "hash consistent":
      return consistentPeer(group, state, selection, seconds);
    case "ip_hash":
      return ipHashPeer(group, state, selection, seconds);
    case "random":
      return randomPeer(group, state, selection, {
        nowSeconds: seconds,
        draw: () => context.sim.draw(request.id, RANDOM_PEER + selection.tried.length),
      });
    default:
      return roundRobinPeer(group, state, selection, seconds);
  }
}

/** Purpose of the draws of `random`, one for each try. */
const RANDOM_PEER = 0x6e70;

/** Gives the peer back after a try. Logs when it was disabled just now. */
export function releasePeer(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failure: string | null,
): void {
  const peer = currentPeer(call);
  if (peer === null) return;
  const failed = failure !== null && !BLAMELESS.has(failure);
  const { group } = call.block;
  const state = groupState(context, call);
  const peerState = statesOf(state, call.selection)[call.selection.current];
  const wasFailed = peerState.fails > 0;
  const disabled = freePeer(group, state, call.selection, {
    failed,
    nowSeconds: nowSeconds(context),
  });
  call.selection.current = -1;
  if (disabled) context.logError(request, "warn", "upstream server temporarily disabled");
  if (failed) firePeer(context, call, peer, disabled ? "disable" : "fail");
  else if (wasFailed && peerState.fails === 0) firePeer(context, call, peer, "recover");
  else firePeer(context, call, peer, "serve");
}

type PeerEvent = "serve" | "fail" | "disable" | "tryAgain" | "recover";

/** A transition of a peer's machine, shown to those who look at this request. */
function firePeer(
  context: NginxContext,
  call: UpstreamCall,
  peer: PeerConfig,
  event: PeerEvent,
): void {
  const { sim } = context;
  const handle = sim.machine(peerMachine);
  const entity = peerEntity(context, call, peer);
  const name = permittedEvent(context, entity, event);
  if (name === null) return;
  sim.attribute(entity, sim.requestOf(call.entity));
  const row = sim.fire(handle, entity, peerMachine.transition[name], 0);
  if (!sim.recording(entity)) return;
  const facts: Facts = {
    values: { peer: peer.name, maxFails: peer.maxFails, failTimeout: peer.failTimeoutSeconds },
    cause: causeOf(peer.span, `${peer.name}: max_fails=${peer.maxFails}`),
    // A single server's failures decide nothing: it is chosen all the same.
    ...((name === "serve" || call.block.group.primary.single) && { fine: true as const }),
  };
  sim.note(row, facts);
}

function permittedEvent(
  context: NginxContext,
  entity: Entity,
  event: PeerEvent,
): PeerEvent | "failAgain" | null {
  const { sim } = context;
  const handle = sim.machine(peerMachine);
  if (sim.is(handle, entity, "on trial")) {
    if (event === "fail" || event === "disable") return "failAgain";
    return event === "serve" || event === "recover" ? "recover" : null;
  }
  if (sim.is(handle, entity, "disabled")) return event === "tryAgain" ? event : null;
  return event === "tryAgain" || event === "recover"
    ? event === "recover"
      ? "serve"
      : null
    : event;
}

function peerEntity(context: NginxContext, call: UpstreamCall, peer: PeerConfig): Entity {
  const { peers } = upstreamState(context);
  const key = peerKeys(peer)(stateKey(call));
  const known = peers.get(key);
  if (known !== undefined) return known;
  const made = context.sim.spawn(
    context.sim.machine(peerMachine),
    context.sim.requestOf(call.entity),
  );
  peers.set(key, made);
  return made;
}

/** Why each peer was chosen or passed over, as it stands after the choice. */
export function peerAlternatives(context: NginxContext, call: UpstreamCall): Alternative[] {
  const set = setOf(call.block.group, call.selection);
  const states = statesOf(groupState(context, call), call.selection);
  const seconds = nowSeconds(context);
  return set.peers.map((peer, index) => ({
    text: `server ${peer.server}${peer.weight === 1 ? "" : ` weight=${peer.weight}`}`,
    chosen: index === call.selection.current,
    verdict: verdictOf(call, peer, states[index], { index, seconds }),
    cause: causeOf(peer.span, "a server of the upstream"),
  }));
}

function verdictOf(
  call: UpstreamCall,
  peer: PeerConfig,
  state: PeerState,
  at: { readonly index: number; readonly seconds: number },
): string {
  const numbers = `effective weight ${state.effectiveWeight}, current weight ${state.currentWeight}, ${state.fails} of max_fails ${peer.maxFails}, in use ${state.conns}`;
  if (at.index === call.selection.current && setOf(call.block.group, call.selection).single)
    return "the only server: its failures are not counted";
  if (at.index === call.selection.current)
    return `${CHOSEN_BY[call.block.group.method] ?? "chosen"}; now ${numbers}`;
  const why = peerUnavailable(peer, state, at.seconds);
  if (why === "failed")
    return `failed ${state.fails} times, skipped for ${peer.failTimeoutSeconds} s`;
  if (why === "down") return "marked down";
  if (why === "max_conns") return `has its max_conns=${peer.maxConns} connections`;
  if (call.selection.tried.includes(at.index)) return "tried already";
  return numbers;
}

const CHOSEN_BY: Readonly<Record<string, string>> = {
  round_robin: "greatest current weight",
  least_conn: "fewest connections for its weight",
  ip_hash: "the client's address hashes to it",
  hash: "the key hashes to it",
  "hash consistent": "next on the ring after the key",
  random: "drawn by lot",
};

/** Takes an idle connection to the peer, if one is kept. */
export function takeIdle(
  context: NginxContext,
  call: UpstreamCall,
  peer: PeerConfig,
): IdleConnection | null {
  if (call.block.keepalive === 0) return null;
  const idle = idleOf(context, call.worker);
  const group = call.block.group.name;
  let at = idle.length - 1;
  while (at >= 0 && !(idle[at].group === group && idle[at].peer === peer.name)) at--;
  if (at < 0) return null;
  const found = idle[at];
  if (at === idle.length - 1) idle.pop();
  else idle.splice(at, 1);
  context.cancel(found.timer);
  return found;
}

/** The one of a group that has been idle longest, when there are so many of them that it must go. */
function surplusOf(
  idle: readonly IdleConnection[],
  group: string,
  keptMax: number,
): IdleConnection | null {
  if (idle.length < keptMax) return null;
  const mine = idle.filter((one) => one.group === group);
  return mine.length < keptMax ? null : mine[0];
}

/** Keeps the call's connection for later requests; false when it must be closed. */
export function keepIdle(context: NginxContext, call: UpstreamCall, kind: number): boolean {
  const { block } = call;
  const peer = currentPeer(call);
  const { sim, host } = context;
  if (peer === null || block.keepalive === 0 || !call.keepConnection || !call.bodySent)
    return false;
  if (call.connectionRequests >= block.keepaliveRequests) return false;
  if (sim.now - call.connectionSince > block.keepaliveTimeNs) return false;
  if (!host.network.isOpen(call.socket) || host.network.info(call.socket).ended) return false;
  upstreamState(context).bySocket.delete(call.socket);
  const idle = idleOf(context, call.worker);
  const surplus = surplusOf(idle, block.group.name, block.keepalive);
  if (surplus !== null) closeIdle(context, surplus);
  idle.push({
    socket: call.socket,
    peer: peer.name,
    group: block.group.name,
    worker: call.worker,
    requests: call.connectionRequests,
    since: call.connectionSince,
    timer: sim.after(block.keepaliveTimeoutNs, kind, call.socket),
  });
  call.socket = NO_SOCKET;
  return true;
}

/** Why the connection of a complete answer is kept for later requests or closed. */
export function keepAlternative(context: NginxContext, call: UpstreamCall): Alternative {
  const { block } = call;
  const isFirst = call.connectionRequests < block.keepaliveRequests;
  const age = context.sim.now - call.connectionSince;
  const closed =
    block.keepalive === 0
      ? "closed: the upstream has no keepalive"
      : !call.keepConnection
        ? "closed: the answer was HTTP/1.0, said Connection: close, or was not read to its end"
        : !isFirst || age > block.keepaliveTimeNs
          ? "closed: it has carried enough requests or is too old"
          : null;
  return {
    text: block.keepalive === 0 ? "no keepalive" : `keepalive ${block.keepalive}`,
    chosen: closed === null,
    verdict: closed ?? "kept: the next request to this server needs no handshake",
    cause: causeOf(block.directive?.span, "the upstream's own settings"),
  };
}

/** Closes an idle connection: its time is over, the peer closed it, or its place is wanted. */
export function closeIdle(context: NginxContext, connection: IdleConnection): void {
  const idle = idleOf(context, connection.worker);
  const at = idle.findIndex((one) => one.socket === connection.socket);
  if (at >= 0) idle.splice(at, 1);
  context.cancel(connection.timer);
  if (context.host.network.isOpen(connection.socket)) context.host.network.close(connection.socket);
  context.freeSlot(connection.worker);
}

/** Whether a failed connect is critical: the socket's file is missing or may not be used (ngx_connection_error). */
export function connectLevel(errno: number): "crit" | "error" {
  return errno === ERRNO.ENOENT || errno === ERRNO.EACCES ? "crit" : "error";
}
