// Choosing a peer: the orders that nginx produces, recomputed by hand from its rules.
import { describe, expect, test } from "vitest";
import {
  freePeer,
  type GroupState,
  newGroupState,
  type PeerConfig,
  type PeerGroup,
  type PeerSelection,
  triesOf,
} from "../../../../src/layers/nginx/balancer.ts";
import {
  consistentPeer,
  consistentRing,
  hashPeer,
  ipHashPeer,
} from "../../../../src/layers/nginx/balancer-hash.ts";
import {
  leastConnPeer,
  roundRobinPeer,
} from "../../../../src/layers/nginx/balancer-round-robin.ts";
import { crc32 } from "../../../../src/layers/nginx/crc32.ts";

function peer(name: string, options: Partial<PeerConfig> = {}): PeerConfig {
  const address = { kind: "tcp", ip: "127.0.0.1", port: 8000 } as const;
  const defaults = { weight: 1, maxFails: 1, failTimeoutSeconds: 10, maxConns: 0, down: false };
  return { name, server: name, address, span: null, ...defaults, ...options };
}

function group(primary: PeerConfig[], backup: PeerConfig[] = []): PeerGroup {
  const weight = (peers: PeerConfig[]) => peers.reduce((sum, one) => sum + one.weight, 0);
  const single = primary.length === 1 && backup.length === 0;
  return {
    name: "app",
    method: "round_robin",
    primary: { peers: primary, totalWeight: weight(primary), single },
    backup: backup.length ? { peers: backup, totalWeight: weight(backup), single: false } : null,
    ring: consistentRing(primary),
  };
}

function selection(of: PeerGroup, key = ""): PeerSelection {
  const tries = triesOf(of);
  return { onBackup: false, tried: [], current: -1, tries, key, hash: 0, rehash: 0, misses: 0 };
}

function order(of: PeerGroup, state: GroupState, count: number): string {
  let names = "";
  for (let i = 0; i < count; i++) {
    const mine = selection(of);
    const index = roundRobinPeer(of, state, mine, 100);
    names += index < 0 ? "-" : of.primary.peers[index].name;
    freePeer(of, state, mine, { failed: false, nowSeconds: 100 });
  }
  return names;
}

describe("smooth weighted round robin", () => {
  test("weights 5, 1, 2 give a c a a b a c a", () => {
    const app = group([peer("a", { weight: 5 }), peer("b"), peer("c", { weight: 2 })]);
    expect(order(app, newGroupState(app), 8)).toBe("acaabaca");
  });

  test("a peer that failed is passed over until fail_timeout has gone by, then tried once", () => {
    const app = group([peer("a"), peer("b")]);
    const state = newGroupState(app);
    const first = selection(app);
    expect(roundRobinPeer(app, state, first, 100)).toBe(0);
    expect(freePeer(app, state, first, { failed: true, nowSeconds: 100 })).toBe(true);
    expect(roundRobinPeer(app, state, first, 100)).toBe(1);
    expect(roundRobinPeer(app, state, selection(app), 110)).toBe(1);
    const again = [0, 1, 2, 3].map(() => roundRobinPeer(app, state, selection(app), 111));
    expect(again).toEqual([1, 1, 0, 1]);
  });

  test("a single server is never disabled", () => {
    const app = group([peer("a")]);
    const state = newGroupState(app);
    for (let i = 0; i < 3; i++) {
      const mine = selection(app);
      expect(roundRobinPeer(app, state, mine, 100)).toBe(0);
      expect(freePeer(app, state, mine, { failed: true, nowSeconds: 100 })).toBe(false);
      expect(mine.tries).toBe(0);
    }
  });

  test("backups are asked when no primary is left", () => {
    const app = group([peer("a", { down: true })], [peer("z")]);
    const mine = selection(app);
    expect(roundRobinPeer(app, newGroupState(app), mine, 100)).toBe(0);
    expect(mine.onBackup).toBe(true);
  });

  test("max_conns makes a peer full", () => {
    const app = group([peer("a", { maxConns: 1 }), peer("b", { maxConns: 1 })]);
    const state = newGroupState(app);
    const names = [0, 1, 2].map(() => roundRobinPeer(app, state, selection(app), 100));
    expect(names).toEqual([0, 1, -1]);
  });
});

test("least_conn counts connections by weight", () => {
  const app = group([peer("a", { weight: 2 }), peer("b")]);
  const state = newGroupState(app);
  const names = [0, 1, 2, 3, 4, 5].map(() => leastConnPeer(app, state, selection(app), 100));
  expect(names).toEqual([0, 1, 0, 1, 0, 0]);
});

describe("hash methods", () => {
  test("hash KEY takes bits 16 to 30 of the CRC modulo the weights", () => {
    const app = group([peer("a"), peer("b"), peer("c")]);
    const expected = ((crc32("/x") >>> 16) & 0x7fff) % 3;
    expect(hashPeer(app, newGroupState(app), selection(app, "/x"), 100)).toBe(expected);
  });

  test("ip_hash looks at three octets only", () => {
    const app = group([peer("a"), peer("b"), peer("c")]);
    const choose = (ip: string) => ipHashPeer(app, newGroupState(app), selection(app, ip), 100);
    expect(choose("203.0.113.10")).toBe(choose("203.0.113.250"));
    const hash = [203, 0, 113].reduce((h, octet) => (h * 113 + octet) % 6271, 89);
    expect(choose("203.0.113.10")).toBe(hash % 3);
  });

  test("a key of a consistent hash moves only when its own peer is gone", () => {
    const three = [peer("10.0.0.1:80"), peer("10.0.0.2:80"), peer("10.0.0.3:80")];
    const all = group(three);
    const two = group(three.slice(0, 2));
    const keys = Array.from({ length: 200 }, (_, i) => `/page/${i}`);
    for (const key of keys) {
      const before = consistentPeer(all, newGroupState(all), selection(all, key), 100);
      const after = consistentPeer(two, newGroupState(two), selection(two, key), 100);
      if (before < 2) expect(after).toBe(before);
    }
  });

  test("the ring has 160 points for each unit of weight", () => {
    expect(consistentRing([peer("a:1", { weight: 2 })])).toHaveLength(320);
  });
});

test("CRC-32 of the check string", () => {
  expect(crc32("123456789")).toBe(0xcbf43926);
});
