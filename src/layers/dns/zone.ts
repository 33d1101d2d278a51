// A zone as a server holds it: its records by name and type, and the names that exist only because
// something lies below them (empty non-terminals).
import { canonicalName, parentName } from "../../wire/dns-name.ts";
import type { ZoneFile, ZoneRecord } from "./zone-file.ts";

export interface Zone {
  readonly origin: string;
  /** Records by canonical name, then by type, in file order. */
  readonly nodes: ReadonlyMap<string, ReadonlyMap<string, readonly ZoneRecord[]>>;
  /** Names that exist: owners and all names between them and the zone's top. */
  readonly existing: ReadonlySet<string>;
  readonly soa: ZoneRecord | null;
}

/** Indexes the records of a zone file. */
export function indexZone(file: Pick<ZoneFile, "origin" | "records">): Zone {
  const nodes = new Map<string, Map<string, ZoneRecord[]>>();
  const existing = new Set<string>([file.origin]);
  for (const record of file.records) {
    const name = canonicalName(record.name);
    const types = nodes.get(name) ?? new Map<string, ZoneRecord[]>();
    nodes.set(name, types);
    types.set(record.type, [...(types.get(record.type) ?? []), record]);
    for (let above = name; !existing.has(above) && above !== "."; above = parentName(above)) {
      existing.add(above);
    }
  }
  const soa = nodes.get(file.origin)?.get("SOA")?.[0] ?? null;
  return Object.freeze({ origin: file.origin, nodes, existing, soa });
}

/** The records of a name and type in a zone. */
export function recordsAt(zone: Zone, name: string, type: string): readonly ZoneRecord[] {
  return zone.nodes.get(name)?.get(type) ?? [];
}
