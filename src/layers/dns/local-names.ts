// Names that Unbound answers by itself, without asking anybody (unbound.conf(5), local-zone defaults):
// localhost, the reserved top-level domains, and the reverse zones of private addresses.
// Left out: the rarer ones (AS112 zones of IPv6, onion is here, home.arpa is here).
import { memoByText } from "../../kernel/memo.ts";
import type { DnsRecord } from "../../wire/dns-message.ts";
import { canonicalName, isAtOrBelow, lastLabels } from "../../wire/dns-name.ts";
import { LOCAL_TTL } from "./costs.ts";

export interface LocalAnswer {
  readonly rcode: "NOERROR" | "NXDOMAIN";
  readonly answer: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly zone: string;
}

const EMPTY_ZONES = [
  "test.",
  "invalid.",
  "onion.",
  "home.arpa.",
  "10.in-addr.arpa.",
  "168.192.in-addr.arpa.",
  "254.169.in-addr.arpa.",
  "2.0.192.in-addr.arpa.",
  "100.51.198.in-addr.arpa.",
  "113.0.203.in-addr.arpa.",
  ...Array.from({ length: 16 }, (_, i) => `${16 + i}.172.in-addr.arpa.`),
];

const LOCAL_DATA: readonly DnsRecord[] = [
  { name: "localhost.", type: "A", ttl: LOCAL_TTL, data: "127.0.0.1" },
  { name: "localhost.", type: "AAAA", ttl: LOCAL_TTL, data: "::1" },
  { name: "1.0.0.127.in-addr.arpa.", type: "PTR", ttl: LOCAL_TTL, data: "localhost." },
];
const LOCAL_ZONES = ["localhost.", "127.in-addr.arpa."];
/** The top-level domains that any of these lie in. */
const LOCAL_TOPS = new Set([...LOCAL_ZONES, ...EMPTY_ZONES].map((zone) => lastLabels(zone, 1)));

const isUnderLocalTop = memoByText((name) => LOCAL_TOPS.has(lastLabels(canonicalName(name), 1)));

/** The resolver's own answer, or null when it must look. */
export function localAnswer(name: string, type: string): LocalAnswer | null {
  if (!isUnderLocalTop(name)) return null;
  const canonical = canonicalName(name);
  const zone = [...LOCAL_ZONES, ...EMPTY_ZONES].find((origin) => isAtOrBelow(canonical, origin));
  if (zone === undefined) return null;
  const here = LOCAL_DATA.filter((record) => record.name === canonical);
  const answer = here
    .filter((record) => record.type === type)
    .map((record) => ({ ...record, name }));
  const soa: DnsRecord = {
    name: zone,
    type: "SOA",
    ttl: LOCAL_TTL,
    data: `localhost. nobody.invalid. 1 3600 1200 604800 ${LOCAL_TTL}`,
  };
  const exists = here.length > 0 || canonical === zone;
  return {
    rcode: exists ? "NOERROR" : "NXDOMAIN",
    answer,
    authority: answer.length > 0 ? [] : [soa],
    zone,
  };
}
