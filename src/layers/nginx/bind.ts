// Which sockets nginx binds: one for each address and port, or a single wildcard one that serves all
// addresses of its port. Source: src/http/ngx_http.c, ngx_http_init_listening (1.22.1).
import type { Address, TlsServerConfig } from "../../host/network.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import type { Core } from "./core.ts";
import { chooseServer } from "./server-selection.ts";
import type { AddressConf, Configuration } from "./settings.ts";
import { valueAt } from "./settings.ts";
import {
  certificateOf,
  SSL_ECDH_CURVE,
  SSL_PROTOCOLS,
  SSL_REJECT_HANDSHAKE,
  SSL_SESSION_TICKETS,
  SSL_SESSION_TIMEOUT,
} from "./ssl-directives.ts";

export interface BoundAddress {
  /** The address as bound and printed. */
  readonly bind: string;
  readonly address: Address;
  /** The addresses of the configuration that are served through it. */
  readonly addresses: readonly AddressConf[];
}

/** The sockets of a configuration, in the order in which they are bound. */
export function listenAddresses(configuration: Configuration): readonly BoundAddress[] {
  const all = configuration.http?.addresses ?? [];
  const bound: BoundAddress[] = [];
  for (const conf of all) {
    const { listen } = conf;
    const wildcard = all.find((other) => isWildcardFor(other, conf));
    if (wildcard !== undefined) continue;
    const addresses = all.filter((other) => other === conf || isWildcardFor(conf, other));
    bound.push({ bind: listen.text, address: toAddress(conf), addresses });
  }
  return bound;
}

function isWildcardFor(wildcard: AddressConf, other: AddressConf): boolean {
  if (wildcard === other || other.listen.unixPath !== null || wildcard.listen.unixPath !== null)
    return false;
  if (wildcard.listen.port !== other.listen.port) return false;
  const family = (ip: string): boolean => ip.includes(":");
  if (family(wildcard.listen.ip) !== family(other.listen.ip)) return false;
  return wildcard.listen.ip === "0.0.0.0" || wildcard.listen.ip === "::";
}

function toAddress({ listen }: AddressConf): Address {
  const { ip, port, unixPath } = listen;
  return unixPath === null ? { kind: "tcp", ip, port } : { kind: "unix", path: unixPath };
}

/** How TLS is spoken on an address, by the name the client sent. */
export function tlsConfig(core: Core, conf: AddressConf, name: string | null): TlsServerConfig {
  const { server } = chooseServer(conf, name);
  const chosen = name === null ? conf.defaultServer : server;
  const timeoutMs = valueAt(conf.defaultServer, SSL_SESSION_TIMEOUT);
  return {
    certificate:
      certificateOf(chosen, core.host.disk) ?? certificateOf(conf.defaultServer, core.host.disk),
    reject: valueAt(chosen, SSL_REJECT_HANDSHAKE),
    protocols: valueAt(conf.defaultServer, SSL_PROTOCOLS),
    groups: valueAt(conf.defaultServer, SSL_ECDH_CURVE),
    alpn: conf.listen.http2 ? ["h2", "http/1.1"] : ["http/1.1"],
    sessionTickets: valueAt(conf.defaultServer, SSL_SESSION_TICKETS),
    sessionTimeoutNs: timeoutMs * MILLISECOND,
  };
}
