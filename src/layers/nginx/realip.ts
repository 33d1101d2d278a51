// realip: behind a trusted proxy the client's address is the one a header names.
// Source: nginx 1.22.1, src/http/modules/ngx_http_realip_module.c.
// Simplification: real_ip_header proxy_protocol takes nothing, since no client speaks that protocol.
import { causeOf } from "./cause.ts";
import { argumentText } from "./config-tree.ts";
import { flagRow, textRow } from "./directive-rows.ts";
import { type IpRange, inRange, ipBytes, looseBits, parseRange } from "./ip-range.ts";
import type { NginxContext, NginxModule, PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { listRow } from "./setting-rows.ts";
import type { DirectiveRow } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";

const KEPT = "realip.peer";

const fromRow = listRow<IpRange>("set_real_ip_from", {
  fallback: [],
  repeat: true,
  read: (directive, build) => {
    const text = argumentText(directive, 0);
    const range = parseRange(text);
    if (range === null) return { emerg: `host not found in set_real_ip_from "${text}"` };
    const loose = looseBits(text, range);
    if (loose !== null) build.warn(loose, directive);
    return [range];
  },
});
const headerRow = textRow("real_ip_header", "X-Real-IP");
const recursiveRow = flagRow("real_ip_recursive", false);

function realipHandler(context: NginxContext, request: NginxRequest): PhaseResult {
  const trusted = valueAt(request.location, fromRow);
  if (trusted.length === 0 || request.kept[KEPT] !== undefined) return "next";
  const key = valueAt(request.location, headerRow).toLowerCase();
  const list = request.headersIn.filter((header) => header.key === key).map((one) => one.value);
  if (list.length === 0) return "next";
  const recursive = valueAt(request.location, recursiveRow);
  const peer = { address: request.remoteAddr, port: request.remotePort };
  const found = realAddress(peer.address, key === "x-forwarded-for" ? list : list.slice(0, 1), {
    trusted,
    recursive,
  });
  if (found === null) return "next";
  request.kept[KEPT] = peer;
  request.remoteAddr = found.address;
  request.remotePort = found.port;
  context.step(request, "setRealAddress", 0, () => ({
    values: { peer: peer.address, address: found.address, header: key },
    cause: causeOf(settingOf(request.location, fromRow).span, "the peers that are trusted"),
  }));
  return "next";
}

interface Found {
  readonly address: string;
  readonly port: number;
}

/**
 * The last address of the header when the peer is trusted; with `recursive` the last one that is not trusted itself.
 * Null when nothing changes.
 */
export function realAddress(
  peer: string,
  values: readonly string[],
  options: { readonly trusted: readonly IpRange[]; readonly recursive: boolean },
): Found | null {
  const isTrusted = (address: string): boolean =>
    options.trusted.some((range) => inRange(address, range));
  let found: Found | null = null;
  let current = peer;
  const addresses = values
    .join(",")
    .split(/[ ,]+/)
    .filter((text) => text !== "");
  while (isTrusted(current) && addresses.length > 0) {
    const next = readAddress(addresses.pop() ?? "");
    if (next === null) return found;
    found = next;
    current = next.address;
    if (!options.recursive) return found;
  }
  return found;
}

function readAddress(text: string): Found | null {
  const bracket = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = /^([\d.]+)(?::(\d{1,5}))?$/.exec(text);
  const address = bracket?.[1] ?? plain?.[1] ?? text;
  if (ipBytes(address) === null) return null;
  return { address, port: Number(bracket?.[2] ?? plain?.[2] ?? 0) };
}

interface Peer {
  readonly address: string;
  readonly port: number;
}

/** set_real_ip_from. */
export const realipModule: NginxModule = {
  name: "realip",
  directives: [fromRow, headerRow, recursiveRow] as unknown as DirectiveRow[],
  variables: [
    {
      name: "realip_remote_addr",
      get: (_, request) => (request.kept[KEPT] as Peer | undefined)?.address ?? request.remoteAddr,
    },
    {
      name: "realip_remote_port",
      get: (_, request) =>
        `${(request.kept[KEPT] as Peer | undefined)?.port ?? request.remotePort}`,
    },
  ],
  phases: { "post-read": realipHandler, preaccess: realipHandler },
};
