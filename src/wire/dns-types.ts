// DNS record types and response codes by name and number. Source: the IANA registry "Domain Name System
// (DNS) Parameters"; RFC 3597 for TYPEnnn.

export const RECORD_TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  CDS: 59,
  CDNSKEY: 60,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  ANY: 255,
  CAA: 257,
};

const NAMES_BY_NUMBER = new Map(Object.entries(RECORD_TYPES).map(([name, n]) => [n, name]));

export function typeNumber(name: string): number {
  const known: unknown = RECORD_TYPES[name];
  return typeof known === "number" ? known : Number(/^TYPE(\d+)$/.exec(name)?.[1] ?? 0);
}

export function typeName(number: number): string {
  return NAMES_BY_NUMBER.get(number) ?? `TYPE${number}`;
}

export const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;
export type Rcode = (typeof RCODES)[number];
