// Smooth weighted round robin, least_conn and random: the methods that look at every peer. All pass over peers
// that are down, failed, full or already tried by this request, and go to the backups when no primary
// is left.
// Source: nginx 1.22.1, ngx_http_upstream_round_robin.c (ngx_http_upstream_get_peer),
// ngx_http_upstream_least_conn_module.c and ngx_http_upstream_random_module.c.
import {
  type GroupState,
  hasNoRoom,
  NO_PEER,
  type PeerGroup,
  type PeerSelection,
  type PeerSet,
  type PeerState,
  peerUnavailable,
  setOf,
  statesOf,
  takePeer,
} from "./balancer.ts";

type Pick = (set: PeerSet, states: PeerState[], open: readonly number[]) => number;

/** The next peer by smooth weighted round robin, or NO_PEER. */
export function roundRobinPeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  nowSeconds: number,
): number {
  const set = setOf(group, selection);
  if (!set.single) return choose(group, state, selection, { nowSeconds, pick: heaviest });
  const index = 0;
  const peer = set.peers[index];
  // Its failures do not count: there is no other to ask.
  if (peer.down || hasNoRoom(peer, state.primary[index])) return NO_PEER;
  takePeer(peer, state.primary[index], selection, { index, nowSeconds });
  return index;
}

/** The peer with the fewest connections for its weight; ties go by round robin. */
export function leastConnPeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  nowSeconds: number,
): number {
  if (setOf(group, selection).single) return roundRobinPeer(group, state, selection, nowSeconds);
  return choose(group, state, selection, { nowSeconds, pick: leastBusy });
}

/** `random [two [least_conn]]`: weighted draws; of two, the one with fewer connections. */
export function randomPeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  options: { readonly nowSeconds: number; readonly draw: () => number },
): number {
  const { nowSeconds, draw } = options;
  const pick: Pick = (set, states, open) => {
    const first = drawPeer(set, open, draw());
    const rest = open.filter((index) => index !== first);
    if (rest.length === 0) return first;
    const second = drawPeer(set, rest, draw());
    const load = (index: number): number => states[index].conns / set.peers[index].weight;
    return load(second) < load(first) ? second : first;
  };
  return choose(group, state, selection, { nowSeconds, pick });
}

function drawPeer(set: PeerSet, open: readonly number[], draw: number): number {
  const total = open.reduce((sum, index) => sum + set.peers[index].weight, 0);
  let left = draw % total;
  for (const index of open) {
    left -= set.peers[index].weight;
    if (left < 0) return index;
  }
  return open[open.length - 1];
}

function choose(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  options: { readonly nowSeconds: number; readonly pick: Pick },
): number {
  for (;;) {
    const set = setOf(group, selection);
    const states = statesOf(state, selection);
    const open = openPeers(set, states, selection, options.nowSeconds);
    if (open.length > 0) {
      const index = options.pick(set, states, open);
      takePeer(set.peers[index], states[index], selection, {
        index,
        nowSeconds: options.nowSeconds,
      });
      return index;
    }
    if (selection.onBackup || group.backup === null) return NO_PEER;
    selection.onBackup = true;
    selection.tried = [];
  }
}

function openPeers(
  set: PeerSet,
  states: readonly PeerState[],
  selection: PeerSelection,
  nowSeconds: number,
): number[] {
  const open: number[] = [];
  for (let index = 0; index < set.peers.length; index++) {
    if (selection.tried.includes(index)) continue;
    if (peerUnavailable(set.peers[index], states[index], nowSeconds) === null) open.push(index);
  }
  return open;
}

/**
 * One round: every open peer gains its effective weight, the greatest current weight wins (the first
 * one on ties) and pays the sum.
 */
export function heaviest(set: PeerSet, states: PeerState[], open: readonly number[]): number {
  let best = -1;
  let total = 0;
  for (const index of open) {
    total += gainWeight(set, states, index);
    if (best < 0 || states[index].currentWeight > states[best].currentWeight) best = index;
  }
  states[best].currentWeight -= total;
  return best;
}

function gainWeight(set: PeerSet, states: PeerState[], index: number): number {
  const state = states[index];
  const gain = state.effectiveWeight;
  state.currentWeight += gain;
  if (state.effectiveWeight < set.peers[index].weight) state.effectiveWeight++;
  return gain;
}

function leastBusy(set: PeerSet, states: PeerState[], open: readonly number[]): number {
  const compare = (a: number, b: number): number =>
    states[a].conns * set.peers[b].weight - states[b].conns * set.peers[a].weight;
  let best = open[0];
  for (const index of open) if (compare(index, best) < 0) best = index;
  const tied = open.filter((index) => index >= best && compare(index, best) === 0);
  return tied.length > 1 ? heaviest(set, states, tied) : best;
}
