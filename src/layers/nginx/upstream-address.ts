// Addresses as nginx writes and reads them: `127.0.0.1:8000`, `[::1]:8000`, `backend`, `unix:/run/app.sock`,
// with the URI part that may follow in proxy_pass.
// Source: nginx 1.22.1, src/core/ngx_inet.c, ngx_parse_url.
import type { Address } from "../../host/network.ts";

/** What a URL of an upstream says. */
export interface UpstreamUrl {
  /** Everything before the URI part: `127.0.0.1:8000`. */
  readonly hostPort: string;
  /** The host alone, `[::1]` with its brackets; the socket's path for unix:. */
  readonly host: string;
  readonly port: number;
  /** No port was written. */
  readonly noPort: boolean;
  readonly isUnix: boolean;
  /** From the first `/` or `?` on; empty when there is none. */
  readonly uri: string;
}

/** Splits host, port and URI, or says what is wrong in nginx's words. */
export function parseUpstreamUrl(
  text: string,
  defaultPort: number,
  hasUri: boolean,
): UpstreamUrl | { readonly error: string } {
  if (text.toLowerCase().startsWith("unix:")) return parseUnixUrl(text, hasUri);
  const cut = hasUri ? text.search(/[/?#]/) : -1;
  const hostPort = cut < 0 ? text : text.slice(0, cut);
  const uri = cut < 0 ? "" : text.slice(cut);
  const bracket = /^(\[[0-9a-fA-F:.]*\])(?::(.*))?$/.exec(hostPort);
  const plain = /^([^:]*)(?::(.*))?$/.exec(hostPort);
  const match = bracket ?? plain;
  if (match === null) return { error: "invalid host" };
  const [, host, portText] = match;
  if (/^\[[^\]]*$/.test(hostPort)) return { error: "invalid host" };
  if (host === "") return { error: "no host" };
  if (portText === undefined) {
    return { hostPort, host, port: defaultPort, noPort: true, isUnix: false, uri };
  }
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port < 1 || port > 65535) return { error: "invalid port" };
  return { hostPort, host, port, noPort: false, isUnix: false, uri };
}

function parseUnixUrl(text: string, hasUri: boolean): UpstreamUrl | { readonly error: string } {
  const rest = text.slice("unix:".length);
  const cut = hasUri ? rest.indexOf(":") : -1;
  const path = cut < 0 ? rest : rest.slice(0, cut);
  const uri = cut < 0 ? "" : rest.slice(cut + 1);
  if (path === "") return { error: "no path in the unix domain socket" };
  return { hostPort: `unix:${path}`, host: path, port: 0, noPort: true, isUnix: true, uri };
}

/** The addresses of a URL: itself when it is numeric, else what the resolver says; null when unknown. */
export function addressesOf(
  url: UpstreamUrl,
  resolve: (name: string) => readonly string[] | null,
): readonly Address[] | null {
  if (url.isUnix) return [{ kind: "unix", path: url.host }];
  const numeric = numericHost(url.host);
  const ips = numeric === null ? resolve(url.host) : [numeric];
  return ips === null ? null : ips.map((ip) => ({ kind: "tcp", ip, port: url.port }));
}

/** The IP address a host is written as, or null for a name. */
export function numericHost(host: string): string | null {
  if (/^\[.*\]$/.test(host)) return host.slice(1, -1);
  const octets = host.split(".");
  const isIp = octets.length === 4 && octets.every((o) => /^\d{1,3}$/.test(o) && Number(o) < 256);
  return isIp ? host : null;
}

/** An address as logs and $upstream_addr have it. */
export function addressText(address: Address): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.ip.includes(":") ? `[${address.ip}]` : address.ip;
  return `${host}:${address.port}`;
}
