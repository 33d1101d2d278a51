// What the bare client reports of a request: the fields of the recordings' observation that a client
// sees. Values that no two runs share (dates, tokens) are left as they are.
import type { TlsInfo } from "../../host/network.ts";
import type { Span } from "../../kernel/time.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import { fromByteText } from "../../text/utf8.ts";
import { headerOf, type ResponseReader } from "./response-reader.ts";

/** Reported bodies are at most this long. Source: scenario-format.md, `body`. */
const REPORTED_BODY_MAX = 2600;

export type ClientError =
  | "dns"
  | "refused"
  | "tls"
  | "reset"
  | "timeout"
  | "closed"
  | "no-status-line";

export interface ClientOutcome {
  readonly reader: ResponseReader;
  /** What went wrong, or null. */
  readonly error: ClientError | null;
  /** Whether the response ended before its end. */
  readonly truncated: boolean;
  /** What the TLS handshake settled; null on plain connections. */
  readonly tls: TlsInfo | null;
  readonly tookNs: Span;
}

/** The client's part of a request's observation. */
export function clientReport(outcome: ClientOutcome): Readonly<Record<string, unknown>> {
  const { reader, error, tls } = outcome;
  const { head } = reader;
  const isPacked = head !== null && headerOf(head, "content-encoding") !== null;
  const isShort = reader.bodyBytes <= REPORTED_BODY_MAX && !isPacked;
  const body = isShort ? fromByteText(reader.kept) : null;
  const cert = tls?.certificate?.names[0];
  const version = tls?.alpn === "h2" ? "2" : (head?.version ?? "1.1");
  return {
    status: head?.status ?? null,
    ...(error !== null && { error }),
    headers: (head?.headers ?? []).map(([name, value]) => [name, fromByteText(value) ?? value]),
    bodyBytes: reader.bodyBytes,
    ...(reader.bodyBytes > 0 && body !== null && { body }),
    ...(head !== null && reader.interim.length > 0 && { interim: reader.interim.slice() }),
    ...(cert !== undefined && { cert }),
    ...(version !== "1.1" && { version }),
    ...(outcome.truncated && { truncated: true }),
    ms: Math.round((outcome.tookNs / MILLISECOND) * 10) / 10,
  };
}
