// The directive listen: addresses in all their forms, and its parameters.
// Source: ngx_http_core_listen; src/core/ngx_inet.c, ngx_parse_inet_url (1.22.1).
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { row } from "./directive-rows.ts";
import type { BuildContext, ConfigError, DirectiveRow, ListenSpec } from "./settings.ts";
import { parseNumber } from "./units.ts";

/** Source: NGX_LISTEN_BACKLOG on Linux. */
const BACKLOG = 511;

interface Bound {
  readonly ip: string;
  readonly port: number;
  readonly unixPath: string | null;
}

/** The address as nginx binds and prints it: `0.0.0.0:80`, `[::]:80`, `unix:/run/x.sock`. */
export function addressText({ ip, port, unixPath }: Bound): string {
  if (unixPath !== null) return `unix:${unixPath}`;
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** What a server without listen listens on. */
export function defaultListen(directive: Directive): ListenSpec {
  const bound: Bound = { ip: "0.0.0.0", port: 80, unixPath: null };
  return { ...bound, ...plainOptions(), text: addressText(bound), span: directive.span };
}

function plainOptions() {
  return {
    defaultServer: false,
    ssl: false,
    http2: false,
    proxyProtocol: false,
    backlog: BACKLOG,
  };
}

export const LISTEN = row<readonly ListenSpec[]>(
  "listen",
  [],
  (directive, build, before) => {
    const written = argumentText(directive, 0);
    const bound = parseListenAddress(written, build);
    if ("emerg" in bound)
      return { emerg: `${bound.emerg} in "${written}" of the "listen" directive` };
    const options = { ...plainOptions() };
    for (const option of argumentTexts(directive).slice(1)) {
      const problem = readOption(option, options);
      if (problem !== null) return problem;
    }
    const specs = bound.map((address) => ({
      ...address,
      ...options,
      text: addressText(address),
      span: directive.span,
    }));
    return [...(before ?? []), ...specs];
  },
  { inherit: "none", repeat: true },
);

export const listenDirectives: readonly DirectiveRow[] = [LISTEN];

function parseListenAddress(written: string, build: BuildContext): readonly Bound[] | ConfigError {
  if (written.startsWith("unix:")) {
    const unixPath = written.slice(5);
    if (unixPath === "") return { emerg: "no path in the unix domain socket" };
    return [{ ip: "", port: 0, unixPath }];
  }
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(written);
  if (bracketed !== null) return withPort([bracketed[1]], bracketed[2]);
  if (written.startsWith("[")) return { emerg: "invalid host" };
  if (parseNumber(written) !== null) return withPort(["0.0.0.0"], written);
  const [host, port] = splitPort(written);
  if (host === "") return { emerg: "no host" };
  if (host === "*") return withPort(["0.0.0.0"], port);
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) return withPort([host], port);
  const checked = withPort([host], port);
  if ("emerg" in checked) return checked;
  const addresses = build.resolveAtStart(host);
  if (addresses === null) return { emerg: "host not found" };
  return withPort(addresses, port);
}

function splitPort(written: string): [string, string | undefined] {
  const colon = written.indexOf(":");
  return colon < 0 ? [written, undefined] : [written.slice(0, colon), written.slice(colon + 1)];
}

function withPort(
  ips: readonly string[],
  text: string | undefined,
): readonly Bound[] | ConfigError {
  const port = text === undefined ? 80 : parseNumber(text);
  if (port === null || port < 1 || port > 65_535) return { emerg: "invalid port" };
  return ips.map((ip) => ({ ip, port, unixPath: null }));
}

type Options = ReturnType<typeof plainOptions>;

/** Options that change nothing here: socket buffers and the like. */
const SILENT =
  /^(?:bind|reuseport|deferred|setfib=.*|fastopen=\d+|rcvbuf=\d+[kKmM]?|sndbuf=\d+[kKmM]?|ipv6only=(?:on|off)|so_keepalive=.+)$/;

/** `on`, `off`, or idle time, interval and count, each of which may be left out. */
const SO_KEEPALIVE = /^so_keepalive=(?:on|off|(?=.*\d)(?:\d+[smh]?)?:(?:\d+[smh]?)?:\d*)$/;

function readOption(option: string, options: Options): ConfigError | null {
  if (option === "default_server" || option === "default") options.defaultServer = true;
  else if (option === "ssl") options.ssl = true;
  else if (option === "http2") options.http2 = true;
  else if (option === "proxy_protocol") options.proxyProtocol = true;
  else if (option.startsWith("backlog=")) {
    const backlog = parseNumber(option.slice(8));
    if (backlog === null || backlog === 0) return { emerg: `invalid backlog "${option}"` };
    options.backlog = backlog;
  } else if (/^so_keepalive=/.test(option) && !SO_KEEPALIVE.test(option))
    return { emerg: `invalid so_keepalive value: "${option.slice(13)}"` };
  else if (!SILENT.test(option)) return { emerg: `invalid parameter "${option}"` };
  return null;
}
