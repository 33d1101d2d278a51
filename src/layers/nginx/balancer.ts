// Load balancing: which server of an upstream gets a request. The configuration of a group is frozen;
// what changes (weights, fails, connections) is plain data in the world, one copy for each worker
// process unless the upstream has a `zone`. The methods themselves are in balancer-*.ts.
// Source: nginx 1.22.1, src/http/ngx_http_upstream_round_robin.c and modules/ngx_http_upstream_*.c.
import type { Address } from "../../host/network.ts";
import type { Span } from "../../text/diagnostic.ts";

export type BalancerMethod =
  | "round_robin"
  | "least_conn"
  | "ip_hash"
  | "hash"
  | "hash consistent"
  | "random";

/** One address of a `server` line. */
export interface PeerConfig {
  /** `127.0.0.1:8000` or `unix:/run/app.sock`, as logs and $upstream_addr have it. */
  readonly name: string;
  /** The first argument of `server` as written. */
  readonly server: string;
  readonly address: Address;
  readonly weight: number;
  /** 0: its failures are not counted. */
  readonly maxFails: number;
  readonly failTimeoutSeconds: number;
  /** 0: no limit. */
  readonly maxConns: number;
  readonly down: boolean;
  readonly span: Span | null;
}

/** A set of peers that are tried together: the primaries or the backups of an upstream. */
export interface PeerSet {
  readonly peers: readonly PeerConfig[];
  readonly totalWeight: number;
  /** One primary and no backup: its failures are never counted. */
  readonly single: boolean;
}

export interface PeerGroup {
  /** The name of the `upstream` block, or the host and port of proxy_pass. */
  readonly name: string;
  readonly method: BalancerMethod;
  readonly primary: PeerSet;
  readonly backup: PeerSet | null;
  /** Points of the ring, for `hash … consistent`. */
  readonly ring: readonly RingPoint[];
}

export interface RingPoint {
  readonly hash: number;
  readonly server: string;
}

/** What changes about a peer. Times are whole seconds since 1970, as nginx keeps them. */
export interface PeerState {
  currentWeight: number;
  effectiveWeight: number;
  fails: number;
  accessedSeconds: number;
  checkedSeconds: number;
  /** Connections in use now. */
  conns: number;
}

export interface GroupState {
  readonly primary: PeerState[];
  readonly backup: PeerState[];
}

/** What one request remembers while it tries peers. Plain data. */
export interface PeerSelection {
  /** Whether it has come to the backups. */
  onBackup: boolean;
  /** Peers of the present set that it has tried. */
  tried: number[];
  /** The peer in use, or -1. */
  current: number;
  /** How many peers may still be tried. */
  tries: number;
  /** For the hash methods: the key, the running hash, rehashes and misses. */
  key: string;
  hash: number;
  rehash: number;
  misses: number;
}

/** No peer can be had: NGX_BUSY. */
export const NO_PEER = -1;

/** The state of a group before its first request. */
export function newGroupState(group: PeerGroup): GroupState {
  return {
    primary: group.primary.peers.map(newPeerState),
    backup: (group.backup?.peers ?? []).map(newPeerState),
  };
}

function newPeerState(peer: PeerConfig): PeerState {
  return {
    currentWeight: 0,
    effectiveWeight: peer.weight,
    fails: 0,
    accessedSeconds: 0,
    checkedSeconds: 0,
    conns: 0,
  };
}

/** How many peers a request may try: all that are not `down`. */
export function triesOf(group: PeerGroup): number {
  const known = triesByGroup.get(group);
  if (known !== undefined) return known;
  const up = (set: PeerSet | null): number => set?.peers.filter((peer) => !peer.down).length ?? 0;
  const tries = up(group.primary) + up(group.backup);
  triesByGroup.set(group, tries);
  return tries;
}

const triesByGroup = new WeakMap<PeerGroup, number>();

export function setOf(group: PeerGroup, selection: PeerSelection): PeerSet {
  return selection.onBackup && group.backup !== null ? group.backup : group.primary;
}

export function statesOf(state: GroupState, selection: PeerSelection): PeerState[] {
  return selection.onBackup ? state.backup : state.primary;
}

/** Why a peer is passed over now, or null when it may be used. */
export function peerUnavailable(
  peer: PeerConfig,
  state: PeerState,
  nowSeconds: number,
): "down" | "failed" | "max_conns" | null {
  if (peer.down) return "down";
  const failing = peer.maxFails > 0 && state.fails >= peer.maxFails;
  if (failing && nowSeconds - state.checkedSeconds <= peer.failTimeoutSeconds) return "failed";
  return hasNoRoom(peer, state) ? "max_conns" : null;
}

/** All connections that max_conns allows are in use. */
export function hasNoRoom(peer: PeerConfig, state: PeerState): boolean {
  return peer.maxConns > 0 && state.conns >= peer.maxConns;
}

/** Notes that a peer is used from now on: its connection, and the start of a trial after failures. */
export function takePeer(
  peer: PeerConfig,
  state: PeerState,
  selection: PeerSelection,
  use: { readonly index: number; readonly nowSeconds: number },
): void {
  state.conns++;
  if (use.nowSeconds - state.checkedSeconds > peer.failTimeoutSeconds) {
    state.checkedSeconds = use.nowSeconds;
  }
  selection.current = use.index;
  // A list of one is made as such: an empty one that is pushed to gets room for sixteen.
  if (selection.tried.length === 0) selection.tried = [use.index];
  else selection.tried.push(use.index);
}

/**
 * Gives the current peer back. A failure counts against it unless it is the only one; after
 * `max_fails` it is passed over for `fail_timeout`. Returns whether it was disabled just now.
 */
export function freePeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  outcome: { readonly failed: boolean; readonly nowSeconds: number },
): boolean {
  const set = setOf(group, selection);
  const peer = set.peers[selection.current];
  const peerState = statesOf(state, selection)[selection.current];
  if (peer === undefined || peerState === undefined) return false;
  peerState.conns--;
  if (set.single) {
    selection.tries = 0;
    return false;
  }
  if (selection.tries > 0) selection.tries--;
  if (!outcome.failed) {
    if (peerState.accessedSeconds < peerState.checkedSeconds) peerState.fails = 0;
    return false;
  }
  return countFailure(peer, peerState, outcome.nowSeconds);
}

function countFailure(peer: PeerConfig, state: PeerState, nowSeconds: number): boolean {
  state.fails++;
  state.accessedSeconds = nowSeconds;
  state.checkedSeconds = nowSeconds;
  if (peer.maxFails === 0) return false;
  state.effectiveWeight -= Math.floor(peer.weight / peer.maxFails);
  if (state.effectiveWeight < 0) state.effectiveWeight = 0;
  return state.fails >= peer.maxFails;
}
