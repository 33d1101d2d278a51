// What an authoritative server answers (RFC 1034 section 4.3.2, details as BIND 9.18 was recorded): the
// nearest zone it serves, a walk down the labels to a delegation, a name, a wildcard, or nothing.
// Left out: DNSSEC records and zone transfers; sets are given in file order, where BIND varies it.
import {
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  dnsResponse,
} from "../../wire/dns-message.ts";
import {
  canonicalName,
  isAtOrBelow,
  labelsOf,
  lastLabels,
  parentName,
} from "../../wire/dns-name.ts";
import { recordsAt, type Zone } from "./zone.ts";
import type { ZoneRecord } from "./zone-file.ts";

export interface Answered {
  readonly message: DnsMessage;
  readonly outcome: "answer" | "referral" | "no data" | "no such name" | "refused" | "loop";
  /** The record that decided: of the answer, of the delegation, or the SOA. */
  readonly decided: ZoneRecord | null;
  readonly zone: string | null;
}

interface Sections {
  readonly answer: ZoneRecord[];
  authority: readonly DnsRecord[];
  rcode: "NOERROR" | "NXDOMAIN" | "SERVFAIL";
  authoritative: boolean;
  outcome: Answered["outcome"];
  decided: ZoneRecord | null;
}

/** BIND follows at most this many CNAMEs inside its zones. Source: named, `max restarts reached`. */
const RESTARTS_MAX = 11;
/** Payload size that BIND offers and keeps to. Source: recorded, dns.md section 2. */
export const EDNS_PAYLOAD = 1232;

/** The answer of a server that serves these zones to a query. Pure. */
export function answerQuery(zones: readonly Zone[], query: DnsMessage): Answered {
  const { question } = query;
  const zone = question === null ? null : nearestZone(zones, canonicalName(question.name));
  const common = {
    checkingDisabled: query.checkingDisabled,
    edns: query.edns === null ? null : { udpPayload: EDNS_PAYLOAD, dnssecOk: query.edns.dnssecOk },
  };
  if (question === null || zone === null) {
    const message = dnsResponse(query, { ...common, rcode: "REFUSED" });
    return { message, outcome: "refused", decided: null, zone: null };
  }
  const found = search(zones, zone, question);
  const additional = additionalOf(zones, found);
  const message = dnsResponse(query, {
    ...common,
    rcode: found.rcode,
    authoritative: found.authoritative,
    answer: found.answer.map(bare),
    authority: found.authority.map(bare),
    additional,
  });
  return { message, outcome: found.outcome, decided: found.decided, zone: zone.origin };
}

function bare({ name, type, ttl, data }: DnsRecord): DnsRecord {
  return { name, type, ttl, data };
}

function nearestZone(zones: readonly Zone[], name: string): Zone | null {
  let best: Zone | null = null;
  for (const zone of zones) {
    if (!isAtOrBelow(name, zone.origin)) continue;
    if (best === null || labelsOf(zone.origin).length > labelsOf(best.origin).length) best = zone;
  }
  return best;
}

function search(zones: readonly Zone[], first: Zone, question: DnsQuestion): Sections {
  const found: Sections = {
    answer: [],
    authority: [],
    rcode: "NOERROR",
    authoritative: true,
    outcome: "answer",
    decided: null,
  };
  let zone: Zone | null = first;
  let name = question.name;
  for (let restarts = 0; zone !== null; restarts++) {
    const target = searchZone(zone, name, question.type, found);
    if (target === null) return found;
    const repeated = found.answer.some(
      (record) => canonicalName(record.name) === canonicalName(target),
    );
    if (repeated || restarts >= RESTARTS_MAX) {
      return { ...found, rcode: "SERVFAIL", outcome: "loop", authority: [] };
    }
    name = target;
    zone = nearestZone(zones, canonicalName(name));
  }
  return found;
}

/** Fills in what one zone says of a name. Returns the target of a CNAME to go on with, or null. */
function searchZone(zone: Zone, asked: string, type: string, found: Sections): string | null {
  const name = canonicalName(asked);
  const cut = delegationAbove(zone, name, type);
  if (cut !== null) {
    if (found.answer.length > 0) return null;
    found.authority = cut;
    found.authoritative = false;
    found.outcome = "referral";
    found.decided = cut[0];
    return null;
  }
  const node = zone.existing.has(name) ? name : wildcardFor(zone, name);
  if (node === null) {
    negative(zone, found, "NXDOMAIN");
    return null;
  }
  const spelled = (record: ZoneRecord) => (node === name ? record : { ...record, name: asked });
  const cname = recordsAt(zone, node, "CNAME")[0];
  if (cname !== undefined && type !== "CNAME" && type !== "ANY") {
    found.answer.push(spelled(cname));
    found.decided = cname;
    return cname.data;
  }
  const records = type === "ANY" ? allAt(zone, node) : recordsAt(zone, node, type);
  if (records.length === 0) negative(zone, found, "NOERROR");
  else {
    found.answer.push(...records.map(spelled));
    found.decided = records[0];
    if (!(type === "NS" && node === zone.origin))
      found.authority = recordsAt(zone, zone.origin, "NS");
  }
  return null;
}

function allAt(zone: Zone, name: string): readonly ZoneRecord[] {
  return [...(zone.nodes.get(name)?.values() ?? [])].flat();
}

/** The NS set of a delegation at or above the name, below the zone's top. */
function delegationAbove(zone: Zone, name: string, type: string): readonly ZoneRecord[] | null {
  const depth = labelsOf(name).length;
  for (let count = labelsOf(zone.origin).length + 1; count <= depth; count++) {
    const above = lastLabels(name, count);
    const cut = recordsAt(zone, above, "NS");
    const asksParent = type === "DS" && above === name;
    if (cut.length > 0 && !asksParent) return cut;
  }
  return null;
}

/** The wildcard below the closest existing name above, when there is one (RFC 4592). */
function wildcardFor(zone: Zone, name: string): string | null {
  let encloser = parentName(name);
  while (!zone.existing.has(encloser)) encloser = parentName(encloser);
  const wildcard = encloser === "." ? "*." : `*.${encloser}`;
  return zone.nodes.has(wildcard) ? wildcard : null;
}

/** No data or no name: the SOA says for how long, as min(its TTL, its minimum) (RFC 2308). */
function negative(zone: Zone, found: Sections, rcode: "NOERROR" | "NXDOMAIN"): void {
  found.rcode = rcode;
  found.outcome = rcode === "NXDOMAIN" ? "no such name" : "no data";
  found.decided ??= zone.soa;
  if (zone.soa === null) return;
  const minimum = Number(zone.soa.data.split(" ")[6]);
  found.authority = [{ ...zone.soa, ttl: Math.min(zone.soa.ttl, minimum) }];
}

/** Addresses of the names that answer and authority point at, as far as the server knows them. */
function additionalOf(zones: readonly Zone[], found: Sections): readonly DnsRecord[] {
  const additional: DnsRecord[] = [];
  const has = (name: string, type: string) =>
    [...found.answer, ...additional].some(
      (record) => record.type === type && canonicalName(record.name) === name,
    );
  for (const record of [...found.answer, ...found.authority]) {
    const target = targetOf(record);
    if (target === null) continue;
    const name = canonicalName(target);
    for (const type of ["A", "AAAA"]) {
      if (has(name, type)) continue;
      const zone = zones.find((candidate) => recordsAt(candidate, name, type).length > 0);
      if (zone !== undefined) additional.push(...recordsAt(zone, name, type).map(bare));
    }
  }
  return additional;
}

function targetOf(record: DnsRecord): string | null {
  if (record.type === "NS") return record.data;
  if (record.type === "MX") return record.data.split(" ")[1] ?? null;
  return record.type === "SRV" ? (record.data.split(" ")[3] ?? null) : null;
}
