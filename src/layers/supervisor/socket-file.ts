// systemd's socket units: where they listen and which service they start.
// Source: systemd.socket(5) v252.
import type { Address } from "../../host/network.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { readUnitLines, type UnitLine } from "./unit-file.ts";

export interface SocketFile {
  readonly listen: readonly Address[];
  /** Name of the service without its suffix. */
  readonly service: string;
  readonly backlog: number;
  readonly owner: string;
  /** Octal, without 0o. */
  readonly mode: string;
  readonly description: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Source: systemd.socket(5): Backlog= is SOMAXCONN in v252, which the kernel's somaxconn bounds. */
const BACKLOG_DEFAULT = 4096;

const SIMULATED = new Set([
  "Description",
  "ListenStream",
  "SocketUser",
  "SocketMode",
  "Backlog",
  "Service",
  "Accept",
]);
const WITHOUT_EFFECT = /^(?:WantedBy|Documentation|SocketGroup|Before|After|RemoveOnStop)$/;

/** What of a line is known and not simulated, or null. */
function notSimulated({ key, value }: UnitLine): string | null {
  if (key === "Accept" && /^(?:yes|true|on|1)$/i.test(value)) return "Accept=yes is not simulated";
  return SIMULATED.has(key) || WITHOUT_EFFECT.test(key) ? null : `${key}= is not simulated`;
}

/** Reads a socket unit. Never throws. */
export function readSocketFile(text: string, file: string, name: string): SocketFile {
  const diagnostics: Diagnostic[] = [];
  const values = new Map<string, string[]>();
  for (const each of readUnitLines(text)) {
    const { key, value, line } = each;
    const message = notSimulated(each);
    if (message !== null) diagnostics.push({ severity: "not-simulated", message, file, line });
    values.set(key, value === "" ? [] : [...(values.get(key) ?? []), value]);
  }
  const last = (key: string): string | undefined => values.get(key)?.at(-1);
  return Object.freeze({
    listen: (values.get("ListenStream") ?? []).map(addressOf),
    service: (last("Service") ?? `${name}.service`).replace(/\.service$/, ""),
    backlog: Number(last("Backlog") ?? BACKLOG_DEFAULT),
    owner: last("SocketUser") ?? "root",
    mode: last("SocketMode") ?? "0666",
    description: last("Description") ?? `${name}.socket`,
    diagnostics,
  });
}

/** `/run/x.sock`, `8000` (all addresses), `127.0.0.1:8000`, `[::1]:8000`. */
function addressOf(text: string): Address {
  if (text.startsWith("/")) return { kind: "unix", path: text };
  if (/^\d+$/.test(text)) return { kind: "tcp", ip: "0.0.0.0", port: Number(text) };
  const colon = text.lastIndexOf(":");
  const ip = text.slice(0, colon).replace(/^\[|\]$/g, "");
  return { kind: "tcp", ip: ip === "::" ? "0.0.0.0" : ip, port: Number(text.slice(colon + 1)) };
}
