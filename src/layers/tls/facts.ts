// What a recorder shows of TLS: the records of the flight behind a row, with their messages' fields,
// what was offered and chosen, and the line of the configuration that decided.

import { chainDerBytes } from "../../wire/tls.ts";
import type { Alternative, Facts, FactValue, Field, Message, TlsRecordView } from "../layer.ts";
import { checkCertificate } from "./certificates.ts";
import { pairOf, type Tls } from "./context.ts";
import { handshakeRecords, type RecordShape } from "./flights.ts";
import { OFFERED_VERSIONS } from "./negotiate.ts";
import type { End, FlightKind, Pair } from "./state.ts";

/** Which flight a row shows, and which of its records. */
const SHOWN: Readonly<Record<string, readonly [FlightKind, RegExp]>> = {
  sendClientHello: ["client hello", /./],
  receiveClientHello: ["client hello", /./],
  receiveHelloRetry: ["hello retry", /./],
  askAgain: ["hello retry", /./],
  sendFlight: ["server flight", /./],
  sendFinishedFirst: ["server flight", /./],
  receiveServerHello: ["server flight", /^ServerHello/],
  receiveServerHello12: ["server flight", /^ServerHello$/],
  receiveServerHelloResumed12: ["server flight", /./],
  receiveExtensions: ["server flight", /^EncryptedExtensions/],
  receiveExtensionsResumed: ["server flight", /^EncryptedExtensions/],
  receiveCertificate: ["server flight", /^Certificate$/],
  rejectCertificate: ["server flight", /^Certificate$/],
  receiveCertificateVerify: ["server flight", /^CertificateVerify/],
  receiveKeyExchange: ["client finished", /./],
  receiveTicket: ["ticket", /./],
};

const FINE: ReadonlySet<string> = new Set([
  "receiveExtensions",
  "receiveExtensionsResumed",
  "expectNoCertificate",
  "receiveTicket",
  "close",
]);

/** Attaches the facts of a row of the handshake. */
export function note(tls: Tls, row: number, end: End, name: string): void {
  const pair = pairOf(tls, end);
  const values = valuesOf(tls, end, pair);
  const messages = pair === undefined ? [] : messagesOf(end, pair, name);
  const fine = FINE.has(name) || (end.role === "server" && name === "receiveKeyExchange");
  const facts: Facts = {
    values,
    messages,
    ...causeOf(pair, name),
    ...alternativesOf(tls, pair, name),
    ...(fine ? { fine: true } : {}),
  };
  tls.sim.note(row, facts);
}

function valuesOf(tls: Tls, end: End, pair: Pair | undefined): Record<string, FactValue> {
  const agreed = pair?.agreed ?? null;
  const certificate = agreed?.certificate ?? null;
  return {
    role: end.role,
    serverName: pair?.client.serverName ?? null,
    alpnOffered: pair?.client.alpn.join(", ") ?? "",
    version: agreed?.version ?? null,
    cipher: agreed?.cipher ?? null,
    alpn: agreed?.alpn ?? null,
    resumed: agreed?.resumed ?? false,
    certificate: certificate?.names.join(", ") ?? null,
    file: certificate?.file ?? null,
    alert: pair?.refusal ?? null,
    offersTicket: pair?.ticket != null,
    verifies: pair?.client.verify ?? false,
    failedCheck: certificate === null || pair === undefined ? null : failedCheck(tls, pair),
    remote: tls.transport.isRemote(end.socket),
  };
}

function failedCheck(tls: Tls, pair: Pair): string | null {
  const certificate = pair.agreed?.certificate;
  if (!pair.client.verify || certificate == null) return null;
  const checks = checkCertificate(certificate, pair.client.serverName, tls);
  return checks.find(({ passed }) => !passed)?.detail ?? null;
}

function causeOf(pair: Pair | undefined, name: string): Pick<Facts, "cause"> {
  const cause = pair?.cause?.cause;
  return cause !== undefined && (name === "negotiate" || name === "reject") ? { cause } : {};
}

function alternativesOf(
  tls: Tls,
  pair: Pair | undefined,
  name: string,
): Pick<Facts, "alternatives"> {
  if (pair === undefined) return {};
  if (name === "negotiate" || name === "reject") {
    const alternatives = pair.cause?.alternatives;
    return alternatives === undefined ? {} : { alternatives };
  }
  const certificate = pair.agreed?.certificate;
  const checked = name === "receiveCertificate" || name === "rejectCertificate";
  if (!checked || certificate == null || !pair.client.verify) return {};
  const checks = checkCertificate(certificate, pair.client.serverName, tls);
  return {
    alternatives: checks.map(
      ({ check, passed, detail }): Alternative => ({
        text: check,
        verdict: detail,
        chosen: passed,
      }),
    ),
  };
}

function messagesOf(end: End, pair: Pair, name: string): readonly Message[] {
  const shown = flightOf(end, pair, name);
  if (shown === null) return [];
  const [kind, wanted] = shown;
  const records = handshakeRecords(kind, pair).filter(({ title }) => wanted.test(title));
  if (records.length === 0) return [];
  const title = records.length === 1 ? records[0].title : titleOf(kind);
  return [{ kind: "tls", title, records: records.map((record) => viewOf(record, pair)) }];
}

function flightOf(end: End, pair: Pair, name: string): readonly [FlightKind, RegExp] | null {
  if (name !== "receiveFinished") return SHOWN[name] ?? null;
  if (end.role === "server") return ["client finished", /./];
  const last = pair.agreed?.version === "TLSv1.2" && !pair.agreed.resumed;
  return [last ? "server finished" : "client finished", /./];
}

function titleOf(kind: FlightKind): string {
  if (kind === "server flight") return "The server's flight";
  return kind === "client finished" ? "The client's last flight" : "TLS records";
}

function viewOf(record: RecordShape, pair: Pair): TlsRecordView {
  return { title: record.title, bytes: record.bytes, fields: fieldsOf(record.title, pair) };
}

function fieldsOf(title: string, pair: Pair): readonly Field[] {
  if (title === "ClientHello") return clientHelloFields(pair);
  if (title.startsWith("ServerHello (")) {
    return [
      { name: "selected group", value: "secp256r1", note: "the client sent a share for X25519" },
    ];
  }
  if (title === "ServerHello") return serverHelloFields(pair);
  if (title === "EncryptedExtensions")
    return [{ name: "ALPN", value: pair.agreed?.alpn ?? "none" }];
  if (title === "Certificate") return certificateFields(pair);
  if (title === "CertificateVerify") {
    const note = "proves that the server holds the certificate's private key";
    return [{ name: "signature", value: "rsa_pss_rsae_sha256, 256 bytes", note }];
  }
  if (title === "Finished") {
    const note = "a MAC over the whole handshake: nobody changed it on the way";
    return [{ name: "verify_data", value: "HMAC of the transcript", note }];
  }
  return [];
}

function clientHelloFields({ client, ticket }: Pair): readonly Field[] {
  const chromium = client.profile === "chromium";
  const fields: Field[] = [
    { name: "server_name (SNI)", value: client.serverName ?? "none", note: "visible to everybody" },
    { name: "supported_versions", value: OFFERED_VERSIONS.join(", ") },
    {
      name: "cipher_suites",
      value: chromium
        ? "TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, …"
        : "TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256, …",
    },
    { name: "key_share", value: chromium ? "X25519MLKEM768, x25519" : "x25519" },
    { name: "ALPN", value: client.alpn.length > 0 ? client.alpn.join(", ") : "none" },
  ];
  if (ticket !== null)
    fields.push({ name: "pre_shared_key", value: "a ticket from an earlier visit" });
  return fields;
}

function serverHelloFields({ agreed }: Pair): readonly Field[] {
  if (agreed === null) return [];
  const fields: Field[] = [
    { name: "version", value: agreed.version },
    { name: "cipher_suite", value: agreed.cipher },
    { name: "key_share", value: "x25519" },
  ];
  if (agreed.resumed) fields.push({ name: "pre_shared_key", value: "accepted: session resumed" });
  return fields;
}

function certificateFields({ agreed }: Pair): readonly Field[] {
  const certificate = agreed?.certificate;
  if (certificate == null) return [];
  const ders = chainDerBytes(certificate.names, certificate.selfSigned);
  return [
    { name: "names", value: certificate.names.join(", ") },
    { name: "issuer", value: certificate.selfSigned ? "itself" : "an intermediate authority" },
    { name: "chain", value: ders.map((bytes) => `${bytes} bytes`).join(" + ") },
    { name: "file", value: certificate.file },
  ];
}
