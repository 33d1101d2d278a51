// Sizes of TLS records and handshake messages, as OpenSSL 3 and Chromium write them. Message sizes
// include the 4-byte handshake header, record sizes the 5-byte record header. Nothing is encrypted:
// the model needs what a wire tap would count.
// Source: RFC 8446 sections 4 and 5, RFC 5246 section 6.2; recorded (net/tls*, net/br-http2-*).

export type TlsVersion = "TLSv1.2" | "TLSv1.3";
export type TlsProfile = "chromium" | "openssl";

/** Most plaintext that one record carries. */
export const RECORD_PLAINTEXT_MAX = 16_384;
const RECORD_HEADER_BYTES = 5;
/** TLS 1.3: header, content type and AEAD tag. */
const OVERHEAD_13_BYTES = 22;
/** TLS 1.2 with AES-GCM: header, explicit nonce and tag. */
const OVERHEAD_12_BYTES = 29;
export const CHANGE_CIPHER_SPEC_BYTES = 6;

/** What an encrypted record adds to its plaintext. */
export function recordOverhead(version: TlsVersion): number {
  return version === "TLSv1.3" ? OVERHEAD_13_BYTES : OVERHEAD_12_BYTES;
}

/** A handshake message in a record before the keys are known. */
export function clearRecord(messageBytes: number): number {
  return messageBytes + RECORD_HEADER_BYTES;
}

/** Application data of this many bytes, cut into full records. */
export function sealedBytes(plainBytes: number, version: TlsVersion): number {
  const records = Math.ceil(plainBytes / RECORD_PLAINTEXT_MAX);
  return plainBytes + records * recordOverhead(version);
}

export interface ClientHelloShape {
  readonly profile: TlsProfile;
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  /** What it offers to resume: a pre-shared key (1.3), a session ticket (1.2). */
  readonly resumes: TlsVersion | null;
}

/** Bytes of a ClientHello. OpenSSL pads one of 256 to 511 bytes to 512 (RFC 7685), as curl asks it to. */
export function clientHelloBytes(hello: ClientHelloShape): number {
  const { profile, serverName, resumes } = hello;
  const resumption = resumes === "TLSv1.3" ? 303 : resumes === "TLSv1.2" ? 210 : 0;
  const named = serverName === null ? 0 : 9 + serverName.length;
  if (profile === "chromium") return 1958 + named + resumption;
  const bytes = 292 + named + alpnExtension(hello.alpn);
  return (bytes >= 256 && bytes < 512 ? 512 : bytes) + resumption;
}

function alpnExtension(names: readonly string[]): number {
  return names.length === 0 ? 0 : names.reduce((sum, name) => sum + 1 + name.length, 6);
}

export const HELLO_RETRY_BYTES = 88;

/** Bytes of a TLS 1.3 ServerHello with an X25519 key share. */
export function serverHello13Bytes(resumed: boolean): number {
  return resumed ? 128 : 122;
}

export interface ServerHello12Shape {
  readonly profile: TlsProfile;
  readonly named: boolean;
  readonly alpn: string | null;
  readonly resumed: boolean;
}

/** Bytes of a TLS 1.2 ServerHello: 44, a session id of 32 unless a ticket follows, extensions. */
export function serverHello12Bytes({ profile, named, alpn, resumed }: ServerHello12Shape): number {
  const renegotiationAndMaster = 9;
  const chosen = alpn === null ? 0 : 7 + alpn.length;
  if (resumed) return 76 + renegotiationAndMaster + chosen;
  const ticketOrSession = profile === "chromium" ? 4 : 32;
  return 44 + ticketOrSession + renegotiationAndMaster + (named ? 4 : 0) + 8 + chosen;
}

/** Bytes of EncryptedExtensions. */
export function encryptedExtensionsBytes(named: boolean, alpn: string | null): number {
  return 6 + (named ? 4 : 0) + (alpn === null ? 0 : 7 + alpn.length);
}

/** Bytes of a Certificate message for these DER sizes. */
export function certificateBytes(ders: readonly number[], version: TlsVersion): number {
  const [base, each] = version === "TLSv1.3" ? [8, 5] : [7, 3];
  return ders.reduce((sum, der) => sum + der + each, base);
}

/** DER sizes of a chain with RSA-2048 keys: the leaf, and an intermediate unless it signed itself. */
export function chainDerBytes(names: readonly string[], selfSigned: boolean): readonly number[] {
  const commonName = names[0]?.length ?? 0;
  const alternatives = names.reduce((sum, name) => sum + name.length + 2, -2);
  if (selfSigned) return [776 + 2 * commonName + alternatives];
  return [866 + commonName + alternatives, 891];
}

/** RSA-2048 signatures: CertificateVerify, and the ServerKeyExchange of 1.2 with X25519. */
export const CERTIFICATE_VERIFY_BYTES = 264;
export const SERVER_KEY_EXCHANGE_BYTES = 300;
export const SERVER_HELLO_DONE_BYTES = 4;
export const CLIENT_KEY_EXCHANGE_BYTES = 37;

/** Bytes of Finished: the hash's length and a header, or 16 in 1.2. */
export function finishedBytes(version: TlsVersion, cipher: string): number {
  if (version === "TLSv1.2") return 16;
  return cipher.endsWith("SHA384") ? 52 : 36;
}

/** Bytes of a NewSessionTicket: the session inside grows with the hash and the chosen protocol. */
export function newSessionTicketBytes(version: TlsVersion, cipher: string, alpn: string | null) {
  if (version === "TLSv1.2") return 218;
  return 249 + (cipher.endsWith("SHA384") ? 16 : 0) + (alpn === "http/1.1" ? 16 : 0);
}

/** An alert: in clear, or encrypted. */
export function alertRecord(version: TlsVersion | null): number {
  return version === null ? 7 : 2 + recordOverhead(version);
}

/** Alert numbers. Source: RFC 8446, section 6; IANA TLS alerts. */
export const ALERT_NUMBER = {
  close_notify: 0,
  handshake_failure: 40,
  bad_certificate: 42,
  certificate_expired: 45,
  certificate_unknown: 46,
  unknown_ca: 48,
  protocol_version: 70,
  unrecognized_name: 112,
  no_application_protocol: 120,
} as const;
export type AlertName = keyof typeof ALERT_NUMBER;
