// What a verifying client checks: the chain, the names, the dates. Source: RFC 5280, RFC 6125
// (wildcards cover one whole left label), RFC 9525 (the common name counts no more); the order of
// errors is Chromium's net/cert/cert_status_flags.cc and OpenSSL's x509_vfy.c: chain, name, dates.
// Simplification: no revocation, no certificate transparency, no weak algorithms.
import type { Certificate } from "../../host/network.ts";
import type { AlertName, TlsProfile } from "../../wire/tls.ts";

export type CertificateError = "authority" | "name" | "date";

/** Whether one of the certificate's names stands for this host. */
export function coversHost(names: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase();
  return names.some((name) => matchesName(name.toLowerCase(), wanted));
}

function matchesName(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === host;
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === pattern.slice(1);
}

/** What a client judges a certificate by. */
export interface Judge {
  /** The wall clock, ms since 1970. */
  readonly nowMs: () => number;
  /** Whether the chain ends in the client's store; absent: whatever did not sign itself. */
  readonly trusts?: (certificate: Certificate) => boolean;
}

export interface Checked {
  readonly check: string;
  readonly passed: boolean;
  readonly detail: string;
  readonly error: CertificateError;
}

/** Every check with its outcome, in the order in which the first failure is reported. */
export function checkCertificate(
  certificate: Certificate,
  host: string | null,
  judge: Judge,
): readonly Checked[] {
  const { names, selfSigned, notBeforeMs, notAfterMs } = certificate;
  const nowMs = judge.nowMs();
  const trusted = judge.trusts?.(certificate) ?? !selfSigned;
  const named = host === null || coversHost(names, host);
  const started = notBeforeMs === null || notBeforeMs <= nowMs;
  const current = started && (notAfterMs === null || nowMs <= notAfterMs);
  return [
    {
      check: "Signed by a trusted authority",
      passed: trusted,
      detail: trusted ? "the chain ends at a trusted root" : "it signed itself",
      error: "authority",
    },
    {
      check: `Names ${host ?? "the address"}`,
      passed: named,
      detail: `subject alternative names: ${names.join(", ")}`,
      error: "name",
    },
    {
      check: "Valid today",
      passed: current,
      detail: current ? "between its two dates" : started ? "expired" : "not yet valid",
      error: "date",
    },
  ];
}

/** The alert a client sends for a fault. Source: recorded (net/tls-cert-*, br-error-cert-*). */
export function alertFor(
  error: CertificateError,
  profile: TlsProfile,
  expired: boolean,
): AlertName {
  if (profile === "chromium") return "certificate_unknown";
  if (error === "authority") return "unknown_ca";
  return error === "date" && expired ? "certificate_expired" : "bad_certificate";
}
