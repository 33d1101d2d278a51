// The methods that send the same key to the same peer: `hash KEY`, `hash KEY consistent` (a Ketama
// ring) and `ip_hash`. A peer that cannot be used is hashed past, at most 20 times; then round robin.
// Source: nginx 1.22.1, ngx_http_upstream_hash_module.c and ngx_http_upstream_ip_hash_module.c.
import {
  type GroupState,
  type PeerConfig,
  type PeerGroup,
  type PeerSelection,
  type PeerSet,
  peerUnavailable,
  type RingPoint,
  takePeer,
} from "./balancer.ts";
import { heaviest, roundRobinPeer } from "./balancer-round-robin.ts";
import { CRC32_START, crc32, crc32Final, crc32Update } from "./crc32.ts";

const MISSES_MAX = 20;
/** Points on the ring for each unit of weight. */
const POINTS_PER_WEIGHT = 160;
const IP_HASH_START = 89;

/** `hash KEY`: ((crc32(KEY) >> 16) & 0x7fff) modulo the total weight, counted through the peers. */
export function hashPeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  nowSeconds: number,
): number {
  const next = (): number => {
    const prefix = selection.rehash > 0 ? `${selection.rehash}` : "";
    const crc = crc32Final(crc32Update(crc32Update(CRC32_START, prefix), selection.key));
    selection.hash += (crc >>> 16) & 0x7fff;
    selection.rehash++;
    return selection.hash;
  };
  if (selection.key === "") return roundRobinPeer(group, state, selection, nowSeconds);
  return hashedPeer(group, state, selection, { nowSeconds, next });
}

/** `ip_hash`: the first three octets of an IPv4 address (all bytes of IPv6) choose. */
export function ipHashPeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  nowSeconds: number,
): number {
  if (selection.hash === 0) selection.hash = IP_HASH_START;
  let hash = selection.hash;
  const octets = ipHashOctets(selection.key);
  const next = (): number => {
    hash = octets.reduce((sum, octet) => (sum * 113 + octet) % 6271, hash);
    return hash;
  };
  const index = hashedPeer(group, state, selection, { nowSeconds, next });
  selection.hash = hash;
  return index;
}

function ipHashOctets(ip: string): number[] {
  const parts = ip.split(".");
  if (parts.length === 4) return parts.slice(0, 3).map(Number);
  return ipv6Bytes(ip);
}

function ipv6Bytes(ip: string): number[] {
  const [head, tail] = ip.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill("0"), ...right];
  return groups.flatMap((group) => {
    const value = Number.parseInt(group, 16) || 0;
    return [value >> 8, value & 0xff];
  });
}

interface HashWalk {
  readonly nowSeconds: number;
  /** The next number to take modulo the total weight. */
  readonly next: () => number;
}

function hashedPeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  walk: HashWalk,
): number {
  const set = group.primary;
  if (set.single || selection.onBackup) {
    return roundRobinPeer(group, state, selection, walk.nowSeconds);
  }
  while (selection.misses <= MISSES_MAX) {
    const index = peerAtWeight(set, walk.next() % set.totalWeight);
    const peer = set.peers[index];
    const open =
      !selection.tried.includes(index) &&
      peerUnavailable(peer, state.primary[index], walk.nowSeconds) === null;
    if (open) {
      takePeer(peer, state.primary[index], selection, { index, nowSeconds: walk.nowSeconds });
      return index;
    }
    selection.misses++;
  }
  return roundRobinPeer(group, state, selection, walk.nowSeconds);
}

function peerAtWeight(set: PeerSet, weight: number): number {
  let left = weight;
  let index = 0;
  while (index < set.peers.length - 1 && left >= set.peers[index].weight) {
    left -= set.peers[index].weight;
    index++;
  }
  return index;
}

/** The ring of `hash … consistent`: 160 points for each unit of weight, sorted, duplicates dropped. */
export function consistentRing(peers: readonly PeerConfig[]): readonly RingPoint[] {
  const points = peers.flatMap(pointsOf).sort((a, b) => a.hash - b.hash);
  return Object.freeze(points.filter((point, i) => i === 0 || point.hash !== points[i - 1].hash));
}

function pointsOf(peer: PeerConfig): RingPoint[] {
  const [host, port] = hostAndPort(peer.server);
  const base = crc32Update(CRC32_START, `${host}\0${port}`);
  const points: RingPoint[] = [];
  let previous = 0;
  for (let i = 0; i < peer.weight * POINTS_PER_WEIGHT; i++) {
    previous = crc32Final(crc32Update(base, littleEndian(previous)));
    points.push({ hash: previous, server: peer.server });
  }
  return points;
}

function hostAndPort(server: string): readonly [string, string] {
  if (server.toLowerCase().startsWith("unix:")) return [server.slice("unix:".length), ""];
  const match = /^(.*):(\d+)$/.exec(server);
  return match === null ? [server, ""] : [match[1], match[2]];
}

function littleEndian(value: number): string {
  return String.fromCharCode(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}

/** `hash KEY consistent`: the first point of the ring at or after crc32(KEY), wrapping. */
export function consistentPeer(
  group: PeerGroup,
  state: GroupState,
  selection: PeerSelection,
  nowSeconds: number,
): number {
  const { ring, primary: set } = group;
  if (set.single || selection.onBackup || selection.key === "" || ring.length === 0) {
    return roundRobinPeer(group, state, selection, nowSeconds);
  }
  if (selection.rehash === 0) {
    selection.rehash = 1;
    selection.hash = firstPoint(ring, crc32(selection.key));
  }
  while (selection.misses <= MISSES_MAX) {
    const { server } = ring[selection.hash % ring.length];
    const open = set.peers.flatMap((peer, index) => {
      const usable =
        peer.server === server &&
        !selection.tried.includes(index) &&
        peerUnavailable(peer, state.primary[index], nowSeconds) === null;
      return usable ? [index] : [];
    });
    if (open.length > 0) {
      const index = heaviest(set, state.primary, open);
      takePeer(set.peers[index], state.primary[index], selection, { index, nowSeconds });
      return index;
    }
    selection.hash++;
    selection.misses++;
  }
  return roundRobinPeer(group, state, selection, nowSeconds);
}

function firstPoint(ring: readonly RingPoint[], hash: number): number {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hash > ring[middle].hash) low = middle + 1;
    else high = middle;
  }
  return low;
}
