// Every duration, size and limit of the DNS layer, with where it comes from. Times are nanoseconds.
import { MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";

/**
 * Round trips of the resolver. Simplification: one fixed distance for each kind of server.
 * Source: typical medians of public measurements (RIPE DNSMON and atlas: anycast root and .com servers
 * 10 to 30 ms from European networks; an internet provider's resolver about 10 ms from its customers).
 */
export const RTT_TO_ROOT: Span = 14 * MILLISECOND;
export const RTT_TO_TLD: Span = 18 * MILLISECOND;
export const RTT_TO_AUTHORITATIVE: Span = 26 * MILLISECOND;
export const RTT_TO_RESOLVER: Span = 8 * MILLISECOND;

/** What a server or resolver works on one message. Source: recorded, 0.1 to 0.3 ms (dns-unbound-*). */
export const ANSWER_TIME: Span = 0.1 * MILLISECOND;
/** Reading /etc/hosts. Source: recorded, getaddrinfo of a name in hosts, below 0.1 ms of work. */
export const HOSTS_TIME: Span = 0.05 * MILLISECOND;

// glibc. Source: resolv.conf(5), glibc 2.36 res_send.c.
export const STUB_TIMEOUT_SECONDS = 5;
export const STUB_ATTEMPTS = 2;
export const STUB_NAMESERVERS_MAX = 3;
export const STUB_NDOTS = 1;
/** Payload with `options edns0`. Source: recorded, dns-stub-edns0-trust-ad. */
export const STUB_EDNS_PAYLOAD = 1200;

// Chromium's own resolver. Source: recorded, browser.md section 4.1.
/** Its second try, and when it leaves the question to glibc. */
export const CHROMIUM_RETRY: Span = 1 * SECOND;
export const CHROMIUM_GIVES_UP: Span = 3 * SECOND;

// Unbound 1.17.1. Source: unbound-checkconf -o; iterator/iterator.h, util/rtt.h, services/outside_network.c.
export const EDNS_PAYLOAD = 1232;
/** Longest answer over UDP to a client without EDNS. Source: RFC 1035 section 2.3.4. */
export const UDP_BYTES_MAX = 512;
/** Timeout for a server that was never asked (UNKNOWN_SERVER_NICENESS). */
export const UNKNOWN_SERVER_TIMEOUT: Span = 376 * MILLISECOND;
/** A server whose timeout has grown to this is not asked any more (USEFUL_SERVER_TOP_TIMEOUT). */
export const USELESS_TIMEOUT: Span = 12 * SECOND;
/** Least timeout (RTT_MIN_TIMEOUT). */
export const TIMEOUT_MIN: Span = 50 * MILLISECOND;
/** Variance of a server that was never asked: 376 ms as srtt 0 + 4 x 94 ms. */
export const UNKNOWN_VARIANCE: Span = 94 * MILLISECOND;
/** Servers within this of the best are equally good (RTT_BAND). */
export const RTT_BAND: Span = 400 * MILLISECOND;
/** Sends of one question to one server before it counts as lost (OUTBOUND_UDP_RETRY + 1). */
export const SENDS_PER_TRY = 2;
/** Bad answers of one server before it is given up (OUTBOUND_MSG_RETRY). */
export const BAD_ANSWERS_MAX = 5;
/** CNAMEs followed for one question (MAX_RESTART_COUNT). */
export const RESTARTS_MAX = 11;
/** Lookups that wait for each other: the name of a server's server (MAX_DEPTH). */
export const DEPTH_MAX = 4;
/** Questions with a shortened name before the full name is asked (MAX_MINIMISE_COUNT). */
export const MINIMISED_MAX = 10;
/** Seconds: cache-max-ttl, cache-max-negative-ttl, SERVFAIL (NORR_TTL). */
export const TTL_MAX = 86_400;
export const NEGATIVE_TTL_MAX = 3600;
export const SERVFAIL_TTL = 5;
/** Answers that took longer are not sent to the client any more (discard-timeout, Debian 1.17.1-2). */
export const DISCARD_AFTER: Span = 1900 * MILLISECOND;
/** TTL of the names that Unbound answers by itself. Source: recorded, dns-unbound-local-names. */
export const LOCAL_TTL = 10_800;
