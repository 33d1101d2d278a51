// Times and limits of the browser, with where they come from. Times are nanoseconds.
import { MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";

/** From the return key to the first question or request. Source: recorded, br-*: DNS at 1 to 6 ms. */
export const NAVIGATION_START: Span = 1 * MILLISECOND;
/** From a document's first bytes to its subresources' requests. Source: recorded, br-cache-again: 27 ms. */
export const SCAN_DOCUMENT: Span = 27 * MILLISECOND;
/** From load to the favicon's request. Source: recorded, br-navigation-http: about 60 ms. */
export const FAVICON_DELAY: Span = 60 * MILLISECOND;
/** An upgrade to https that has not answered by then falls back. Source: browser.md section 3. */
export const UPGRADE_PATIENCE: Span = 3 * SECOND;

/** Connections per (scheme, host, port). Source: Chromium net/socket, browser.md section 4. */
export const SOCKETS_PER_ORIGIN = 6;
/** Opened at once for a navigation to a new host. Source: recorded, br-navigation-http. */
export const SOCKETS_FOR_NAVIGATION = 2;
/** The first images of a page are asked for more urgently. Source: recorded, br-http2-page. */
export const URGENT_IMAGES = 5;
/** The 20th redirect response of a navigation is an error. Source: recorded, br-redirect-chain-21. */
export const REDIRECTS_MAX = 20;
/** A host's address is kept at least so long. Source: recorded, br-dns-host-cache. */
export const HOST_CACHE_SECONDS_MIN = 60;
/** Bytes of a body that are kept for a page and for the cache. */
export const BODY_KEPT_MAX = 1_048_576;

/** Source: Chromium net/base/port_util.cc, kRestrictedPorts. */
export const UNSAFE_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
  6669, 6679, 6697, 10080,
]);
