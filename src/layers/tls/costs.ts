// What the cryptography takes. Source of all: recorded (net/tls*, net/br-http2-*): times between a
// flight's arrival and its answer, with RSA-2048 certificates and OpenSSL 3.0.
// Simplification: the server's cryptography does not queue for its cores.
import { MICROSECOND } from "../../kernel/time.ts";

/** From connect() to the ClientHello: an X25519 key. */
export const CLIENT_HELLO_NS = 400 * MICROSECOND;
/** From the ClientHello to the server's flight: an RSA-2048 signature. */
export const SERVER_SIGN_NS = 800 * MICROSECOND;
/** The same without a signature: a session resumed, an alert, a HelloRetryRequest. */
export const SERVER_RESUME_NS = 400 * MICROSECOND;
/** From the server's flight to the client's Finished: the chain and the signature are verified. */
export const CLIENT_VERIFY_NS = 1200 * MICROSECOND;
/** The same without a certificate. */
export const CLIENT_RESUME_NS = 300 * MICROSECOND;
/** Encrypting what was written at one instant. Source: AES-GCM with AES-NI, some GB/s. */
export const SEAL_NS = 10 * MICROSECOND;
