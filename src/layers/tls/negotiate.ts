// What the server chooses from what the client offers: version, cipher, protocol, session; or the
// alert that says why it cannot. Source: RFC 8446 section 4.1, RFC 7301, RFC 5077; OpenSSL 3
// statem_srvr.c; nginx ngx_event_openssl.c.
import type { TlsClientOptions, TlsServerConfig } from "../../host/network.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import type { Instant } from "../../kernel/time.ts";
import type { AlertName, TlsProfile, TlsVersion } from "../../wire/tls.ts";
import type { Agreement, Ticket } from "./state.ts";

/** The first cipher of each client, which the server takes (ssl_prefer_server_ciphers off). Recorded. */
const CIPHERS: Readonly<Record<TlsProfile, Readonly<Record<TlsVersion, string>>>> = {
  openssl: {
    "TLSv1.3": "TLS_AES_256_GCM_SHA384",
    "TLSv1.2": "ECDHE-RSA-AES256-GCM-SHA384",
  },
  chromium: {
    "TLSv1.3": "TLS_AES_128_GCM_SHA256",
    "TLSv1.2": "ECDHE-RSA-AES128-GCM-SHA256",
  },
};

/** What clients of today offer, best first. */
export const OFFERED_VERSIONS: readonly TlsVersion[] = ["TLSv1.3", "TLSv1.2"];
/** The groups that clients send a key share for at once. */
const KEY_SHARES = ["X25519", "x25519", "auto"];

export type Negotiated =
  | { readonly agreed: Agreement }
  | { readonly alert: AlertName }
  | { readonly retry: true };

export interface Offer {
  readonly client: TlsClientOptions;
  readonly ticket: Ticket | null;
  readonly retried: boolean;
  readonly now: Instant;
}

/** The server's answer to a ClientHello. */
export function negotiate(config: TlsServerConfig | null, offer: Offer): Negotiated {
  if (config?.reject) return { alert: "unrecognized_name" };
  const version = OFFERED_VERSIONS.find((name) => config?.protocols.includes(name));
  if (config !== null && version === undefined) return { alert: "protocol_version" };
  if (config === null || config.certificate === null || version === undefined) {
    return { alert: "handshake_failure" };
  }
  const alpn = config.alpn.find((name) => offer.client.alpn.includes(name)) ?? null;
  if (alpn === null && offer.client.alpn.length > 0 && config.alpn.length > 0) {
    return { alert: "no_application_protocol" };
  }
  if (needsRetry(config, version) && !offer.retried) return { retry: true };
  return { agreed: agreement(config, offer, version, alpn) };
}

function needsRetry(config: TlsServerConfig, version: TlsVersion): boolean {
  if (version !== "TLSv1.3" || config.groups === undefined) return false;
  return !config.groups.some((group) => KEY_SHARES.includes(group));
}

function agreement(
  config: TlsServerConfig,
  offer: Offer,
  version: TlsVersion,
  alpn: Agreement["alpn"],
): Agreement {
  const { profile, serverName } = offer.client;
  const resumed = takesTicket(config, offer, version);
  const known = agreementsOf(config);
  const key = `${profile} ${version} ${alpn} ${resumed} ${serverName}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const agreed: Agreement = Object.freeze({
    version,
    cipher: CIPHERS[profile][version],
    alpn,
    resumed,
    serverName,
    certificate: config.certificate,
    tickets: config.sessionTickets && (version === "TLSv1.3" || profile === "chromium"),
    ticketLifetimeNs: config.sessionTimeoutNs,
    ticketKey: config.ticketKey ?? "",
  });
  known.set(key, agreed);
  return agreed;
}

/** Agreements made under a configuration, by all of the offer that they depend on. */
const agreementsOf = memoByIdentity((_: TlsServerConfig) => new Map<string, Agreement>());

/** Whether the offered ticket is fresh and was sealed with this server's key for this certificate. */
function takesTicket(config: TlsServerConfig, offer: Offer, version: TlsVersion): boolean {
  const { ticket, now } = offer;
  if (ticket === null || !config.sessionTickets || ticket.version !== version) return false;
  if (ticket.expiresAt < now) return false;
  const sameKey = ticket.ticketKey === null || ticket.ticketKey === (config.ticketKey ?? "");
  const file = config.certificate?.file;
  return sameKey && (ticket.certificateFile === null || ticket.certificateFile === file);
}
