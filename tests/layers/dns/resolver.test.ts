import { expect, test } from "vitest";
import { play, readNet, recordedUpstream } from "./recorded-resolver.ts";

/** Unbound 1.17.1 was recorded over the same zones; order within a set and ids vary. */
const CASES = [
  "dns-unbound-a-and-aaaa-parallel",
  "dns-unbound-warm-a",
  "dns-unbound-nxdomain-domain",
  "dns-unbound-cname-chain-3",
  "dns-unbound-cname-dangling",
  "dns-unbound-cname-loop",
  "dns-unbound-ttl-expiry",
  "dns-unbound-nodata",
  "dns-unbound-nxdomain-expiry",
  "dns-unbound-lame",
  "dns-unbound-auth-silent",
  "dns-unbound-auth-silent-no-discard",
  "dns-unbound-subzone",
  "dns-unbound-wildcard",
  "dns-unbound-types",
  "dns-unbound-local-names",
  "dns-unbound-deep-nxdomain",
  "dns-unbound-tld-cached-other-zone",
];

const withoutTime = (upstream: readonly { server: string; question: string }[]) =>
  upstream.map(({ server, question }) => `${server} ${question}`);

test.each(CASES)("%s: the same questions to the same servers in the same order", (name) => {
  const recording = readNet(name);
  const { upstream } = play(recording);
  expect(withoutTime(upstream)).toEqual(withoutTime(recordedUpstream(recording)));
});

const comparable = (records: readonly string[]) =>
  records.map((record) => record.replace(/^(\S+) \d+ /, "$1 ")).sort();

test.each(CASES)("%s: the same answers to the client", (name) => {
  const recording = readNet(name);
  const { answers } = play(recording);
  recording.client_result.forEach((expected, i) => {
    const got = answers[i];
    if (expected.error === "no reply") expect(got).toBeNull();
    else {
      expect(got?.rcode).toBe(expected.rcode);
      expect(comparable(got?.answer ?? [])).toEqual(comparable(expected.answer));
      expect(comparable(got?.authority ?? [])).toEqual(comparable(expected.authority));
    }
  });
});

test("a silent server is asked nine times, each wait used twice and then doubled, from 376 ms", () => {
  const { upstream } = play(readNet("dns-unbound-auth-silent-no-discard"));
  const sends = upstream.filter(({ question }) => question === "www.down.com. A");
  const waits = sends.slice(1).map(({ ms }, i) => Math.round(ms - sends[i].ms));
  expect(waits).toEqual([376, 376, 752, 752, 1504, 1504, 3008, 3008]);
  const last = upstream
    .slice(-2)
    .map(({ ms, question }) => [question, Math.round(ms - sends[8].ms)]);
  expect(last[0]).toEqual(["down.com. A", 6016]);
});
