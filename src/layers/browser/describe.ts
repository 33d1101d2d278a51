// The learner's words for a visit and a request of Chromium.
import type { MachineWords, WordValues } from "../layer.ts";
import type { browserRequest, navigation } from "./machine.ts";

const ERRORS: Readonly<Record<string, string>> = {
  ERR_NAME_NOT_RESOLVED: "The name has no address, so there is nobody to connect to.",
  ERR_CONNECTION_REFUSED: "The machine answered that nothing listens on that port.",
  ERR_CONNECTION_TIMED_OUT: "Nothing answered at all.",
  ERR_ADDRESS_UNREACHABLE: "There is no way to that address.",
  ERR_CONNECTION_RESET: "The connection was reset before an answer was complete.",
  ERR_EMPTY_RESPONSE: "The server closed the connection without sending a byte.",
  ERR_CONNECTION_CLOSED:
    "The server closed the connection in the middle of its headers or of the handshake.",
  ERR_CERT_AUTHORITY_INVALID:
    "The certificate is not signed by an authority that the browser trusts.",
  ERR_CERT_COMMON_NAME_INVALID: "The certificate is for another name.",
  ERR_CERT_DATE_INVALID: "The certificate has expired, or is not valid yet.",
  ERR_SSL_PROTOCOL_ERROR: "What came back is not TLS: perhaps plain HTTP on the https port.",
};

const reason = (v: WordValues) => ERRORS[String(v.error)] ?? `The browser calls it ${v.error}.`;

export const navigationWords: MachineWords<typeof navigation> = {
  summary: "One visit: from what a person typed or clicked to the page that stands on the screen.",
  states: {
    started: "Somebody has pressed return or clicked.",
    deciding: "The URL is read; the browser settles scheme and address.",
    fetching: "The document is being requested.",
    committed: "The new page has taken the old one's place; what it needs is loading.",
    loaded: "Document and subresources have arrived.",
    "error page": "The browser shows a page of its own instead.",
    unchanged: "The page before stays where it is.",
  },
  transitions: {
    parse: {
      title: (v) => `You open ${v.host}`,
      sentence: (v) =>
        `The browser splits ${v.text} into scheme ${v.scheme}, host ${v.host}, port ${v.port} and path ${v.path}.`,
      interview:
        "The browser parses the URL: the scheme decides the protocol and port, the host what to look up, the path what to ask for.",
    },
    reject: {
      title: "What was typed is no web address",
      sentence: (v) =>
        `“${v.text}” has no scheme and no dotted host, so the browser would search for it instead.`,
    },
    blockPort: {
      title: (v) => `Port ${v.port} is blocked`,
      sentence:
        "Browsers refuse ports of other protocols, so that pages cannot talk to mail servers and the like.",
    },
    upgradeByHsts: {
      title: (v) => `HSTS turns http into https for ${v.host}`,
      sentence: (v) =>
        `${v.policy} has said over https that it wants https only, so port 80 is never contacted.`,
      interview:
        "HSTS closes the gap of the first plain request: the redirect happens inside the browser.",
    },
    upgradeByDefault: {
      title: "Chromium tries https first",
      sentence: (v) =>
        `Nothing forces ${v.host} to be plain, so the browser goes to https by itself and keeps http as the way back.`,
      interview:
        "Current browsers upgrade http navigations themselves; the server's redirect on port 80 is for everybody else.",
    },
    upgradeByDns: {
      title: (v) => `The DNS says that ${v.host} speaks https`,
      sentence: "The name has an HTTPS record, which counts like a promise of https.",
    },
    fetch: {
      title: "The document is requested",
      sentence: "The address is settled, so the request can be made.",
    },
    fallBack: {
      title: "https did not work: back to http",
      sentence: (v) =>
        `${reason(v)} The upgrade was the browser's own idea, so it goes on with ${v.plain}.`,
    },
    redirect: {
      title: (v) => `Redirected to ${v.next}`,
      sentence: (v) =>
        `The answer was ${v.status} with Location: ${v.location}, so the browser asks again there.`,
      interview:
        "301 and 308 are permanent and cached, 302 and 307 are not; 307 and 308 keep the method.",
    },
    stopRedirecting: {
      title: "Too many redirects",
      sentence: (v) => `This was redirect ${v.count}; the browser takes it for a loop and stops.`,
      interview:
        "The usual loop: TLS ends at a proxy, and the application behind it redirects to https for ever.",
    },
    commit: {
      title: (v) => `The page appears: status ${v.status}`,
      sentence: (v) =>
        `The document's ${v.bytes} bytes are here, so the new page takes the place of the old one.`,
      interview:
        "An error status with a body is a page like any other: the browser shows what the server sent.",
      leavesOut: "Layout, painting and scripts: the page is shown as its HTML.",
    },
    stay: {
      title: "The page stays",
      sentence: (v) =>
        `The answer (${v.status}) brings no document to show, so nothing changes on the screen.`,
    },
    showError: {
      title: (v) => `The browser shows ${v.error}`,
      sentence: reason,
      interview: "An ERR_ page is made by the browser itself: no HTTP status came back.",
    },
    restore: {
      title: "Back, without a request",
      sentence:
        "The page was kept whole in the back/forward cache, so it only has to be shown again.",
    },
    scan: {
      title: (v) => `The page needs ${v.count} more ${Number(v.count) === 1 ? "file" : "files"}`,
      sentence: (v) => `While reading the HTML the browser finds ${v.names} and requests them.`,
      interview:
        "CSS blocks rendering, scripts block parsing, images block neither: that orders the requests.",
    },
    load: {
      title: "The page is loaded",
      sentence: "The document and everything it named have arrived: the load event fires.",
      interview:
        "DOMContentLoaded fires when the HTML is parsed, load when all subresources are there too.",
    },
  },
};

export const browserRequestWords: MachineWords<typeof browserRequest> = {
  summary: "One request of the browser: cache, connection, request, answer.",
  states: {
    created: "The request is known; the cache is looked into.",
    "waiting for connection": "It waits for a connection to its origin.",
    sending: "It has a connection.",
    "waiting for headers": "The request is sent; the time to first byte runs.",
    "reading body": "Status and headers are here; the body is arriving.",
    done: "The answer is complete.",
    failed: "There is no complete answer.",
  },
  transitions: {
    useCache: {
      title: (v) => `${v.path} comes from the cache`,
      sentence: (v) => `No request leaves the browser: ${v.why}.`,
      interview:
        "A fresh cached answer costs nothing; Cache-Control: max-age decides how long it is fresh.",
    },
    missCache: {
      title: (v) => `${v.path} is not in the cache`,
      sentence: (v) => `The browser must ask the server: ${v.why}.`,
      interview: "The browser looks into its own cache before it looks up the name.",
    },
    validate: {
      title: (v) => `The browser asks whether ${v.path} has changed`,
      sentence: (v) =>
        `It has a copy with an ETag or a date, but ${v.why}; a 304 would spare the body.`,
      interview:
        "Conditional requests: If-None-Match with the ETag, answered by 304 without a body.",
    },
    resolveHost: {
      title: (v) => `The browser needs the address of ${v.host}`,
      sentence:
        "Its host cache does not have it, so it asks the DNS, for the HTTPS record and the address at once.",
      interview:
        "First step of the network part: DNS, unless the browser or the system still remembers the name.",
    },
    openConnection: {
      title: (v) => `The browser connects to ${v.address}, port ${v.port}`,
      sentence: (v) =>
        Number(v.count) > 1
          ? `It opens ${v.count} connections at once: the second one is for what the page will need next.`
          : "No connection to the host is idle, so one is opened.",
      interview: "Over HTTP/1.1 a browser opens at most six connections to one host.",
    },
    queue: {
      title: (v) => `Six connections to ${v.host} are busy`,
      sentence: "The request waits until one of them is free.",
      interview:
        "The six-connection limit is why HTTP/1.1 pages bundle files; HTTP/2 sends them all over one.",
    },
    takeConnection: {
      title: "A connection is free",
      sentence: "The request gets a connection that is ready.",
    },
    send: {
      title: (v) => `The browser sends ${v.line}`,
      sentence: (v) =>
        `${v.bytes} bytes: the request line, Host, what the browser accepts, and its cookies for ${v.host}.`,
      interview:
        "Method, path, version; Host names the site; cookies identify the session; Accept headers negotiate the format.",
    },
    retry: {
      title: "The kept connection was closed: another one is used",
      sentence:
        "The server had closed the idle connection meanwhile, so the browser repeats the request at once.",
      interview:
        "Keep-alive has a race: the server may close just as the client sends. Browsers repeat silently.",
    },
    receiveHead: {
      title: (v) => `The response begins: ${v.status} ${v.reason}`.trimEnd(),
      sentence:
        "The time to first byte ends here. Cookies, caching rules and the type of the content are now known.",
      interview:
        "TTFB holds DNS, TCP, TLS, and everything the server did; what follows is transfer.",
    },
    receiveText: {
      title: "Text without a status line",
      sentence:
        "The server sent no HTTP head, so the browser takes it for HTTP/0.9 and shows the text.",
    },
    complete: {
      title: (v) => `The answer is complete: ${v.status}`,
      sentence: (v) =>
        `${v.bodyBytes} bytes of body have arrived; cookies and the cache have taken what is theirs.`,
    },
    useStored: {
      title: "304: the copy is still good",
      sentence:
        "The server says that nothing has changed, so the stored body is used with the new headers.",
      interview: "304 Not Modified costs a round trip, but no body.",
    },
    cutShort: {
      title: "The body is cut short",
      sentence: (v) =>
        `The connection ended before the promised end: ${v.error}. The page shows what came.`,
    },
    fail: {
      title: (v) => `The request fails: ${v.error}`,
      sentence: reason,
    },
    cancel: {
      title: "The request is given up",
      sentence: "It is not needed any more, so its connection is closed.",
      interview: "A request that the client gives up is logged by nginx as 499.",
    },
  },
};
