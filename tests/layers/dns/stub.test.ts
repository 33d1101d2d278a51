import { expect, test } from "vitest";
import type { Host } from "../../../src/host/processes.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { type DnsOptions, installDns } from "../../../src/layers/dns/install.ts";
import type { LookupOptions, LookupResult } from "../../../src/layers/name-lookup.ts";
import { readNet } from "./recorded-resolver.ts";

const { zones } = readNet("dns-unbound-warm-a");

interface Looked extends LookupResult {
  readonly ms: number;
  readonly asked: string[];
}

/** One lookup over the recorded tree, with every question the stub sent. */
function look(
  name: string,
  options: Partial<DnsOptions> = {},
  lookup: Partial<LookupOptions> = {},
): Looked {
  const sim = new Simulation({ seed: 3 });
  const host = { sim } as unknown as Host;
  const dns = installDns(host, { zones, links: { rttMs: 1 }, ...options });
  let result: LookupResult | null = null;
  let ms = 0;
  const client = dns.client({
    resolved(_, found) {
      result = found;
      ms = sim.now / 1e6;
    },
  });
  const asked: string[] = [];
  let isStub = false;
  sim.recorder = {
    wants: () => true,
    row: ({ machine }) => {
      isStub = machine.spec.name === "Name lookup";
    },
    note: (_, facts) => {
      const { values, messages } = facts as {
        values: Record<string, string>;
        messages?: { title: string }[];
      };
      if (isStub && messages?.[0].title.startsWith("Question"))
        asked.push(`${values.asked} ${values.type}`);
    },
  };
  dns.lookup({ name, family: "any", how: "glibc", request: 0, client, ticket: 0, ...lookup });
  sim.runUntil(60e9);
  return { ...(result as unknown as LookupResult), ms, asked };
}

test("A and AAAA leave back to back; IPv6 comes first in the result", () => {
  const { addresses, asked } = look("dual.example.com");
  expect(asked).toEqual(["dual.example.com. A", "dual.example.com. AAAA"]);
  expect(addresses).toEqual(["2606:2800:220:1:248:1893:25c8:1946", "93.184.216.34"]);
});

test("the three errors", () => {
  expect(look("nope.example.com").error).toBe("NXDOMAIN");
  expect(look("example.net").error).toBe("NODATA");
  expect(look("www.lame.com").error).toBe("SERVFAIL");
});

test("SERVFAIL: two rounds, the second one by one", () => {
  expect(look("www.lame.com").asked).toEqual([
    "www.lame.com. A",
    "www.lame.com. AAAA",
    "www.lame.com. A",
    "www.lame.com. AAAA",
  ]);
});

test("a server that never answers: 5 + 5 seconds; two of them (5 + 5) x 2; three (5 + 3 + 6) x 2", () => {
  const timedOut = (ip: string) => `options timeout:1 attempts:3\nnameserver ${ip}\n`;
  const silent = { silent: ["198.41.0.4"], resolver: { discardTimeoutMs: 1900 } };
  const one = look("www.example.com", silent);
  expect([Math.round(one.ms / 1000), one.error]).toEqual([10, "TIMEOUT"]);
  const short = look("www.example.com", { ...silent, resolvConf: timedOut("10.0.0.53") });
  expect(Math.round(short.ms / 1000)).toBe(3);
  const two = look("www.example.com", {
    ...silent,
    resolvConf: "nameserver 10.0.0.53\nnameserver 10.0.0.54\n",
  });
  expect(Math.round(two.ms / 1000)).toBe(20);
  const three = look("www.example.com", {
    ...silent,
    resolvConf: "nameserver 10.0.0.53\nnameserver 10.0.0.54\nnameserver 10.0.0.55\n",
  });
  expect(Math.round(three.ms / 1000)).toBe(28);
});

test("the first of two servers is dead: five seconds more on every lookup", () => {
  const resolvConf = "nameserver 10.0.0.54\nnameserver 10.0.0.53\n";
  const { ms, error } = look("www.example.com", { resolvConf });
  expect([Math.round(ms / 1000), error]).toEqual([5, null]);
});

test("/etc/hosts first, address literals never", () => {
  const hosts = "10.9.9.9 www.example.com\n";
  expect(look("www.example.com", { hosts })).toMatchObject({ addresses: ["10.9.9.9"], asked: [] });
  expect(look("93.184.216.34")).toMatchObject({ addresses: ["93.184.216.34"], asked: [] });
});

test("search list: names below ndots try it first, a trailing dot never", () => {
  const resolvConf = "nameserver 10.0.0.53\nsearch example.com\n";
  expect(look("www", { resolvConf }).asked[0]).toBe("www.example.com. A");
  expect(look("www.", { resolvConf })).toMatchObject({
    error: "NXDOMAIN",
    asked: ["www. A", "www. AAAA"],
  });
  const missing = look("nope.example.org", { resolvConf });
  expect(missing.asked.filter((question) => question.endsWith(" A"))).toEqual([
    "nope.example.org. A",
    "nope.example.org.example.com. A",
  ]);
});

test("Chromium asks for HTTPS and A; NXDOMAIN is asked once more through glibc", () => {
  const how = { how: "chromium" as const };
  expect(look("www.example.com", {}, how).asked).toEqual([
    "www.example.com. HTTPS",
    "www.example.com. A",
  ]);
  expect(look("nope.example.com", {}, how)).toMatchObject({
    error: "NXDOMAIN",
    asked: ["nope.example.com. HTTPS", "nope.example.com. A", "nope.example.com. A"],
  });
});

test("Chromium and silence: 0 and 1 s itself, from 3 s glibc, the error at 13 s", () => {
  const { ms, error, asked } = look(
    "www.example.com",
    { silent: ["198.41.0.4"] },
    { how: "chromium" },
  );
  expect([Math.round(ms / 1000), error, asked.length]).toEqual([13, "TIMEOUT", 6]);
});

test("a warm resolver answers in one round trip to it", () => {
  expect(look("www.example.com", { warm: true }, { family: "inet" }).ms).toBeCloseTo(1.15, 2);
});

test("a warm resolver knows what names do not have, too", () => {
  const { ms } = look("www.example.com", { warm: true }, { how: "chromium" });
  expect(ms).toBeCloseTo(1.15, 2);
});

test("a run goes on from a keyframe exactly as it would have", () => {
  const sim = new Simulation({ seed: 5 });
  const dns = installDns({ sim } as unknown as Host, { zones });
  const results: LookupResult[] = [];
  const client = dns.client({ resolved: (_, result) => results.push(result) });
  dns.lookup({
    name: "chain1.example.com",
    family: "any",
    how: "glibc",
    request: 0,
    client,
    ticket: 0,
  });
  sim.runUntil(60e6);
  const keyframe = sim.keyframe();
  sim.runUntil(60e9);
  const hash = sim.journal.hash;
  sim.restore(keyframe);
  sim.runUntil(60e9);
  expect(sim.journal.hash).toBe(hash);
  expect(results).toHaveLength(2);
  expect(results[1]).toEqual(results[0]);
});
