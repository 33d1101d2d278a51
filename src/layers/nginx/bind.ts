// Which sockets nginx binds: one for each address and port, or a single wildcard one that serves all
// addresses of its port. Source: src/http/ngx_http.c, ngx_http_init_listening (1.22.1).
import type { Address, Certificate, TlsServerConfig } from "../../host/network.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import type { Core } from "./core.ts";
import { chooseServer } from "./server-selection.ts";
import type { AddressConf, Configuration, ServerConf } from "./settings.ts";
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
  const { disk } = core.host;
  const certificate = certificateOf(chosen, disk) ?? certificateOf(conf.defaultServer, disk);
  const configs = lastConfigs(conf);
  const known = configs.get(chosen);
  if (known !== undefined && isSameCertificate(known.certificate, certificate)) return known;
  const config = freshConfig(conf, chosen, certificate);
  configs.set(chosen, config);
  return config;
}

/** What each server of an address answered last; it holds as long as the certificate is the same. */
const lastConfigs = memoByIdentity((_: AddressConf) => new WeakMap<ServerConf, TlsServerConfig>());

function isSameCertificate(one: Certificate | null, other: Certificate | null): boolean {
  if (one === null || other === null) return one === other;
  return one.names === other.names && one.file === other.file;
}

function freshConfig(
  conf: AddressConf,
  chosen: ServerConf,
  certificate: Certificate | null,
): TlsServerConfig {
  const config: TlsServerConfig = {
    certificate,
    reject: valueAt(chosen, SSL_REJECT_HANDSHAKE),
    protocols: valueAt(conf.defaultServer, SSL_PROTOCOLS),
    groups: valueAt(conf.defaultServer, SSL_ECDH_CURVE),
    alpn: conf.listen.http2 ? ["h2", "http/1.1"] : ["http/1.1"],
    sessionTickets: valueAt(conf.defaultServer, SSL_SESSION_TICKETS),
    sessionTimeoutNs: valueAt(conf.defaultServer, SSL_SESSION_TIMEOUT) * MILLISECOND,
  };
  return Object.freeze(config);
}
