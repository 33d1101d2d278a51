// The DNS tree around a scenario's zones: which servers there are, which zones each serves, and what the
// root and the top-level domains would have to say for the scenario's zones to be found.
// Simplification: the root and each top-level domain have one server each (really 13 names and more), and
// a name server whose address no zone gives gets an address of its own and glue at the top-level domain.
import type { Diagnostic } from "../../text/diagnostic.ts";
import { canonicalName, isAtOrBelow, labelsOf, lastLabels } from "../../wire/dns-name.ts";
import { indexZone, recordsAt, type Zone } from "./zone.ts";
import { readZoneFile, type ZoneFile } from "./zone-file.ts";

export type ServerRole = "root" | "tld" | "authoritative";

export interface NameServer {
  readonly ip: string;
  readonly name: string;
  readonly role: ServerRole;
  readonly zones: readonly Zone[];
  /** Never answers (for scenarios of failure). */
  readonly silent: boolean;
}

export interface DnsTree {
  /** By address. */
  readonly servers: ReadonlyMap<string, NameServer>;
  /** The root hints: names and addresses of the root servers. */
  readonly hints: readonly { readonly name: string; readonly ip: string }[];
  readonly files: readonly ZoneFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface TreeOptions {
  /** Addresses of servers that drop every packet. */
  readonly silent?: readonly string[];
}

/** Source: root.hints of IANA; gtld-servers.net. */
const ROOT_SERVER = { name: "a.root-servers.net.", ip: "198.41.0.4" } as const;
const GTLD_SERVER = { name: "a.gtld-servers.net.", ip: "192.5.6.30" } as const;
const GTLDS = new Set(["com.", "net."]);
/** Documentation addresses (RFC 5737) for the servers that nobody gave one. */
const IMPLIED_TLD_NET = "198.51.100";
const IMPLIED_SERVER_NET = "203.0.113";

/** Builds the tree around zone texts by origin. */
export function buildTree(
  texts: Readonly<Record<string, string>>,
  options: TreeOptions = {},
): DnsTree {
  const files = Object.entries(texts).map(([origin, text]) => {
    const name = canonicalName(origin);
    return readZoneFile(name, text, `zone:${origin}`);
  });
  const given = new Map(files.map((file) => [file.origin, withServer(file)]));
  const addresses = addressBook([...given.values()]);
  const zones = new Map(given);
  for (const tld of topLevelDomains([...given.keys()])) {
    if (!zones.has(tld)) zones.set(tld, impliedTld(tld, given, addresses));
  }
  if (!zones.has(".")) zones.set(".", impliedRoot(zones, addresses));
  const diagnostics = files.flatMap((file) => file.diagnostics);
  return Object.freeze({
    servers: serversOf([...zones.values()].map(indexZone), addresses, options),
    hints: hintsOf(zones, addresses),
    files,
    diagnostics,
  });
}

type ZoneText = Pick<ZoneFile, "origin" | "records" | "file">;
/** Addresses by canonical server name. */
type AddressBook = Map<string, string[]>;

/** A zone without an NS record at its top gets a server of its own, so that it can be found. */
function withServer(file: ZoneFile): ZoneText {
  const hasServer = file.records.some(
    (record) => record.type === "NS" && canonicalName(record.name) === file.origin,
  );
  if (hasServer || file.origin === ".") return file;
  const record = impliedRecord(file.origin, "NS", `ns1.${file.origin}`);
  return { origin: file.origin, file: file.file, records: [...file.records, record] };
}

function impliedRecord(name: string, type: string, data: string, ttl = 172_800) {
  return Object.freeze({ name, type, ttl, data, file: "", line: 0, start: 0, end: 0 });
}

/** Addresses of all name servers: as the zones give them, otherwise one of their own. */
function addressBook(zones: readonly ZoneText[]): AddressBook {
  const book: AddressBook = new Map();
  const records = zones.flatMap((zone) => zone.records);
  for (const record of records) {
    if (record.type !== "A") continue;
    const name = canonicalName(record.name);
    const known = book.get(name) ?? [];
    if (!known.includes(record.data)) book.set(name, [...known, record.data]);
  }
  let next = 53;
  for (const record of records) {
    const server = canonicalName(record.data);
    if (record.type === "NS" && !book.has(server))
      book.set(server, [`${IMPLIED_SERVER_NET}.${next++}`]);
  }
  return book;
}

function topLevelDomains(origins: readonly string[]): readonly string[] {
  const names = origins.filter((origin) => origin !== ".").map((origin) => lastLabels(origin, 1));
  return [...new Set(names)];
}

/** The zone of a top-level domain: a delegation, with glue, for every zone right below it. */
function impliedTld(
  tld: string,
  given: ReadonlyMap<string, ZoneText>,
  addresses: AddressBook,
): ZoneText {
  const server = GTLDS.has(tld) ? GTLD_SERVER.name : `a.nic.${tld}`;
  if (!addresses.has(canonicalName(server))) {
    const ip = GTLDS.has(tld) ? GTLD_SERVER.ip : `${IMPLIED_TLD_NET}.${40 + addresses.size}`;
    addresses.set(canonicalName(server), [ip]);
  }
  const soa = `${server} nstld.verisign-grs.com. 2026112000 1800 900 604800 900`;
  const records = [
    impliedRecord(tld, "SOA", soa, 900),
    impliedRecord(tld, "NS", server),
    ...glueFor([server], tld, addresses),
  ];
  for (const zone of given.values()) {
    if (!isAtOrBelow(zone.origin, tld) || zone.origin === tld) continue;
    if (hasZoneBetween(zone.origin, tld, given)) continue;
    const servers = serverNames(zone);
    records.push(...servers.map((name) => impliedRecord(zone.origin, "NS", name)));
    records.push(...glueFor(servers, ".", addresses));
  }
  return { origin: tld, file: "", records: unique(records) };
}

function hasZoneBetween(
  origin: string,
  tld: string,
  given: ReadonlyMap<string, ZoneText>,
): boolean {
  const depth = labelsOf(origin).length;
  for (let count = labelsOf(tld).length + 1; count < depth; count++) {
    if (given.has(lastLabels(origin, count))) return true;
  }
  return false;
}

function serverNames(zone: ZoneText): readonly string[] {
  return zone.records
    .filter((record) => record.type === "NS" && canonicalName(record.name) === zone.origin)
    .map((record) => record.data);
}

function glueFor(servers: readonly string[], below: string, addresses: AddressBook) {
  return servers
    .filter((name) => isAtOrBelow(canonicalName(name), below))
    .flatMap((name) =>
      (addresses.get(canonicalName(name)) ?? []).map((ip) => impliedRecord(name, "A", ip)),
    );
}

function unique<T extends { name: string; type: string; data: string }>(
  records: readonly T[],
): T[] {
  const seen = new Set<string>();
  return records.filter(({ name, type, data }) => {
    const key = `${canonicalName(name)} ${type} ${data}`;
    return !seen.has(key) && seen.add(key).size > 0;
  });
}

function impliedRoot(zones: ReadonlyMap<string, ZoneText>, addresses: AddressBook): ZoneText {
  const soa = `${ROOT_SERVER.name} nstld.verisign-grs.com. 2026112000 1800 900 604800 86400`;
  if (!addresses.has(ROOT_SERVER.name)) addresses.set(ROOT_SERVER.name, [ROOT_SERVER.ip]);
  const records = [
    impliedRecord(".", "SOA", soa, 86_400),
    impliedRecord(".", "NS", ROOT_SERVER.name, 518_400),
    ...glueFor([ROOT_SERVER.name], ".", addresses),
  ];
  for (const zone of zones.values()) {
    if (labelsOf(zone.origin).length !== 1) continue;
    const servers = serverNames(zone);
    records.push(...servers.map((name) => impliedRecord(zone.origin, "NS", name)));
    records.push(...glueFor(servers, ".", addresses));
  }
  return { origin: ".", file: "", records: unique(records) };
}

function hintsOf(zones: ReadonlyMap<string, ZoneText>, addresses: AddressBook): DnsTree["hints"] {
  const root = zones.get(".");
  const names = root === undefined ? [ROOT_SERVER.name] : serverNames(root);
  return names.flatMap((name) =>
    (addresses.get(canonicalName(name)) ?? [ROOT_SERVER.ip]).map((ip) => ({ name, ip })),
  );
}

/** Every address that a zone's NS records lead to serves that zone. */
function serversOf(
  zones: readonly Zone[],
  addresses: AddressBook,
  options: TreeOptions,
): ReadonlyMap<string, NameServer> {
  const servers = new Map<string, NameServer & { zones: Zone[] }>();
  for (const zone of zones) {
    for (const record of recordsAt(zone, zone.origin, "NS")) {
      for (const ip of addresses.get(canonicalName(record.data)) ?? []) {
        const silent = options.silent?.includes(ip) ?? false;
        const role = roleOf(zone.origin);
        const server = servers.get(ip) ?? { ip, name: record.data, role, zones: [], silent };
        server.zones.push(zone);
        servers.set(ip, server);
      }
    }
  }
  return servers;
}

function roleOf(origin: string): ServerRole {
  const depth = labelsOf(origin).length;
  return depth === 0 ? "root" : depth === 1 ? "tld" : "authoritative";
}
