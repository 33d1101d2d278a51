// The records of each flight, with their sizes on the wire. Source: RFC 8446 section 2, figures 1 to
// 3; RFC 5246 section 7.3, figures 1 and 2; recorded (net/tls*).
import { memoByIdentity } from "../../kernel/memo.ts";
import {
  type AlertName,
  alertRecord,
  CERTIFICATE_VERIFY_BYTES,
  CHANGE_CIPHER_SPEC_BYTES,
  CLIENT_KEY_EXCHANGE_BYTES,
  certificateBytes,
  chainDerBytes,
  clearRecord,
  clientHelloBytes,
  encryptedExtensionsBytes,
  finishedBytes,
  HELLO_RETRY_BYTES,
  newSessionTicketBytes,
  recordOverhead,
  SERVER_HELLO_DONE_BYTES,
  SERVER_KEY_EXCHANGE_BYTES,
  serverHello12Bytes,
  serverHello13Bytes,
} from "../../wire/tls.ts";
import type { Agreement, FlightKind, Pair } from "./state.ts";

export interface RecordShape {
  /** The message's name, in RFC 8446's spelling. */
  readonly title: string;
  readonly bytes: number;
}

const CHANGE_CIPHER_SPEC: RecordShape = {
  title: "ChangeCipherSpec",
  bytes: CHANGE_CIPHER_SPEC_BYTES,
};
/** A P-256 key share is 33 bytes longer than an X25519 one. Source: recorded (net/tls-hello-retry-request.json). */
const P256_MORE_BYTES = 33;

/** The records of a handshake flight, in order. */
export function handshakeRecords(kind: FlightKind, pair: Pair): readonly RecordShape[] {
  const { agreed } = pair;
  if (kind === "client hello") return [clear("ClientHello", helloBytes(pair))];
  if (kind === "second client hello") {
    return [CHANGE_CIPHER_SPEC, clear("ClientHello", helloBytes(pair) + P256_MORE_BYTES)];
  }
  if (kind === "hello retry") {
    return [clear("ServerHello (HelloRetryRequest)", HELLO_RETRY_BYTES), CHANGE_CIPHER_SPEC];
  }
  if (agreed === null) return [];
  if (kind === "server flight") return serverFlight(pair, agreed);
  if (kind === "client finished") return clientFinished(agreed);
  if (kind === "server finished") return serverFinished(agreed);
  return kind === "ticket" ? [sealed("NewSessionTicket", ticketBytes(agreed), agreed)] : [];
}

/** Bytes of the flights that follow an agreement; a retried handshake leaves a record out. */
const sizesOf = memoByIdentity((_: Agreement) => new Map<FlightKind, number>());
const helloSizes = memoByIdentity(
  (client: Pair["client"]) => clear("ClientHello", helloSize(client, null)).bytes,
);

/** Bytes of a handshake flight on the wire. */
export function flightBytes(kind: FlightKind, pair: Pair): number {
  const { agreed, client, retried, ticket } = pair;
  if (kind === "client hello" && ticket === null) return helloSizes(client);
  if (agreed === null || retried) return totalBytes(handshakeRecords(kind, pair));
  const sizes = sizesOf(agreed);
  const known = sizes.get(kind);
  if (known !== undefined) return known;
  const bytes = totalBytes(handshakeRecords(kind, pair));
  if (!kind.endsWith("hello")) sizes.set(kind, bytes);
  return bytes;
}

/** An alert's record: in clear before both sides have keys. */
export function alertRecordOf(alert: AlertName, agreed: Agreement | null): RecordShape {
  return { title: `Alert: ${alert}`, bytes: alertRecord(agreed?.version ?? null) };
}

/** Bytes of records. */
export function totalBytes(records: readonly RecordShape[]): number {
  let bytes = 0;
  for (const record of records) bytes += record.bytes;
  return bytes;
}

function helloBytes({ client, ticket }: Pair): number {
  return helloSize(client, ticket);
}

function helloSize({ profile, serverName, alpn }: Pair["client"], ticket: Pair["ticket"]): number {
  return clientHelloBytes({ profile, serverName, alpn, resumes: ticket?.version ?? null });
}

function ticketBytes({ version, cipher, alpn }: Agreement): number {
  return newSessionTicketBytes(version, cipher, alpn);
}

function clear(title: string, messageBytes: number): RecordShape {
  return { title, bytes: clearRecord(messageBytes) };
}

function sealed(title: string, messageBytes: number, { version }: Agreement): RecordShape {
  return { title, bytes: messageBytes + recordOverhead(version) };
}

function finished(agreed: Agreement): RecordShape {
  return sealed("Finished", finishedBytes(agreed.version, agreed.cipher), agreed);
}

function certificate({ certificate: chosen, version }: Agreement): number {
  return certificateBytes(chainDerBytes(chosen?.names ?? [], chosen?.selfSigned ?? false), version);
}

function serverFlight(pair: Pair, agreed: Agreement): readonly RecordShape[] {
  return agreed.version === "TLSv1.3" ? serverFlight13(pair, agreed) : serverFlight12(pair, agreed);
}

function serverFlight13(pair: Pair, agreed: Agreement): readonly RecordShape[] {
  const { resumed, alpn, serverName } = agreed;
  const records = [clear("ServerHello", serverHello13Bytes(resumed))];
  if (!pair.retried) records.push(CHANGE_CIPHER_SPEC);
  const extensions = encryptedExtensionsBytes(serverName !== null, alpn);
  records.push(sealed("EncryptedExtensions", extensions, agreed));
  if (!resumed) {
    records.push(sealed("Certificate", certificate(agreed), agreed));
    records.push(sealed("CertificateVerify", CERTIFICATE_VERIFY_BYTES, agreed));
  }
  records.push(finished(agreed));
  return records;
}

function serverFlight12(pair: Pair, agreed: Agreement): readonly RecordShape[] {
  const { resumed, alpn, serverName } = agreed;
  const { profile } = pair.client;
  const named = serverName !== null;
  const hello = clear("ServerHello", serverHello12Bytes({ profile, named, alpn, resumed }));
  if (resumed) return [hello, CHANGE_CIPHER_SPEC, finished(agreed)];
  return [
    hello,
    clear("Certificate", certificate(agreed)),
    clear("ServerKeyExchange", SERVER_KEY_EXCHANGE_BYTES),
    clear("ServerHelloDone", SERVER_HELLO_DONE_BYTES),
  ];
}

function clientFinished(agreed: Agreement): readonly RecordShape[] {
  if (agreed.version === "TLSv1.3" || agreed.resumed) return [CHANGE_CIPHER_SPEC, finished(agreed)];
  const keys = clear("ClientKeyExchange", CLIENT_KEY_EXCHANGE_BYTES);
  return [keys, CHANGE_CIPHER_SPEC, finished(agreed)];
}

function serverFinished(agreed: Agreement): readonly RecordShape[] {
  const records = [CHANGE_CIPHER_SPEC, finished(agreed)];
  return agreed.tickets ? [clear("NewSessionTicket", ticketBytes(agreed)), ...records] : records;
}
