// The learner's words for nginx's upstream side: a request to an upstream, its peers, the cache, the limits.
import type { MachineWords, WordValues } from "../layer.ts";
import type {
  cacheMachine,
  limitMachine,
  peerMachine,
  upstreamMachine,
} from "./upstream-machine.ts";

const peerOf = (v: WordValues): string => `${v.peer ?? "the upstream"}`;
const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
const plural = (count: unknown, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

export const upstreamWords: MachineWords<typeof upstreamMachine> = {
  summary: "How nginx gets an answer from an upstream for one request: try by try.",
  states: {
    init: "The request body is read; nothing has been asked yet.",
    "looking in cache": "The cache is asked for the key of this request.",
    "waiting for lock":
      "Another request fetches the same entry; this one looks again every 500 ms.",
    resolving: "The host of proxy_pass is a name that only this request gave; DNS is asked for it.",
    "choosing peer": "The balancer decides which server is tried.",
    connecting: "connect() is under way; proxy_connect_timeout runs.",
    sending: "The request is being written; proxy_send_timeout runs.",
    "reading header": "nginx waits for the status line and the header; proxy_read_timeout runs.",
    "reading body": "The body is read and passed to the client as it comes.",
    "try failed": "This server gave no usable answer; what next is being decided.",
    done: "An answer went to the client, or another location took over.",
    failed: "No answer could be had, or it broke off.",
  },
  transitions: {
    lookInCache: {
      title: (v) => `Nginx looks into the cache ${v.zone ?? ""}`,
      sentence: (v) =>
        `The cache is asked for the key ${v.key}, because this location has proxy_cache set.`,
      interview:
        "The cache key decides what counts as the same page: by default scheme, upstream host and the raw URI, so the order of arguments matters.",
    },
    waitForLock: {
      title: "The request waits for another one to fill the cache",
      sentence:
        "proxy_cache_lock lets only one request fetch a missing entry; this one looks again every 500 ms.",
      interview:
        "A cache lock stops the thundering herd: a hundred misses for one page become one request to the application.",
    },
    lookAgain: {
      title: "The waiting request looks into the cache again",
      sentence: "Half a second has passed, so nginx checks whether the entry is there now.",
    },
    hit: {
      title: (v) => `The cache answers: ${v.status ?? "HIT"}`,
      sentence: (v) =>
        v.status === "STALE" || v.status === "UPDATING"
          ? "The entry has expired but may be served while a fresh answer is fetched, so the application is not waited for."
          : `A fresh entry is served${typeof v.left === "number" ? `, good for another ${v.left} s` : ""}; the application never sees this request.`,
      interview:
        "A cache hit is answered by nginx alone: no Python runs, which is why caching beats every other tuning.",
    },
    miss: {
      title: (v) =>
        v.status ? `Cache ${v.status}: the upstream is needed` : "Nginx turns to the upstream",
      sentence: (v) =>
        `The request will be passed to ${v.upstream}.${v.how === undefined ? "" : ` ${capital(`${v.how}`)}.`}${Number(v.lost ?? 0) > 0 ? " Its own proxy_set_header lines replace all outer ones." : ""}`,
      interview:
        "A reverse proxy makes a request of its own: another connection, by default HTTP/1.0 with Connection: close, and only the headers it was told to set.",
    },
    resolve: {
      title: (v) => `Nginx asks DNS for ${v.name}: proxy_pass has variables`,
      sentence: (v) =>
        `The name became known only with this request, so nginx asks the server of its resolver directive, ${v.server}.`,
      interview:
        "A name written plainly in proxy_pass is resolved once, when nginx starts. With a variable it is resolved while it runs, by nginx itself: it reads neither /etc/resolv.conf nor /etc/hosts.",
    },
    hearAddress: {
      title: (v) =>
        v.cached === true
          ? `Nginx still knows the addresses of ${v.name}`
          : `${v.name} is ${v.addresses}, so Nginx can connect`,
      sentence: (v) =>
        v.cached === true
          ? `An earlier answer is used until its time is over: ${v.addresses}.`
          : `The answer is kept for ${plural(v.seconds, "second")}, its TTL unless valid= says otherwise.`,
      leavesOut: "Each worker has its own memory of names.",
    },
    failToResolve: {
      title: (v) => `${v.name} has no address: 502`,
      sentence: (v) => `${v.reason}, so there is nobody to connect to, and the client gets 502.`,
      interview:
        "no resolver defined means that the directive is missing: a proxy_pass with variables needs one, even where the system itself can resolve the name.",
    },
    choosePeer: {
      title: (v) => `The balancer chooses ${peerOf(v)}`,
      sentence: (v) =>
        v.peers === 1
          ? `There is only ${peerOf(v)} to choose from, and a single server is never marked as failed.`
          : `Of ${plural(v.peers, "server")} in ${v.upstream}, ${peerOf(v)} is next by ${v.method}.`,
      interview:
        "Smooth weighted round robin spreads a server's turns evenly: weights 5, 1, 2 give a c a a b a c a, not five in a row.",
      leavesOut: "Each worker keeps its own counts unless the upstream has a zone.",
    },
    reuse: {
      title: (v) => `An idle connection to ${peerOf(v)} is used again`,
      sentence:
        "A kept connection saves the handshake; it needs keepalive, HTTP/1.1 and an empty Connection header.",
      interview:
        'Upstream keep-alive needs three lines: keepalive N, proxy_http_version 1.1 and proxy_set_header Connection "".',
    },
    findNoPeer: {
      title: "No server of the upstream may be asked",
      sentence: (v) =>
        `All servers of ${v.upstream} are down, full or failed within fail_timeout, so the answer is 502 at once.`,
      interview:
        '"no live upstreams" means nginx did not even try: every server had failed recently and is being skipped.',
    },
    connect: {
      title: (v) => `Connected to ${peerOf(v)}`,
      sentence:
        "connect() succeeded: the kernel has accepted the connection, whether or not a worker is free to take it.",
      interview:
        "A connection that succeeds does not mean a free worker: it may sit in the listen queue until proxy_read_timeout.",
    },
    failToConnect: {
      title: (v) => `No connection to ${peerOf(v)}`,
      sentence: (v) =>
        `connect() failed ${v.what ?? ""}: nobody listens there, or the socket cannot be used.`,
      interview:
        '502 with "connect() failed (111: Connection refused)" means the application server is not running or listens elsewhere.',
    },
    send: {
      title: (v) => `The request goes to ${peerOf(v)}`,
      sentence: (v) =>
        `${v.bytes} bytes are written; from now on proxy_read_timeout counts the silence between two reads.`,
      interview:
        "nginx reads the whole client body before it connects, so a slow upload never holds a Gunicorn worker.",
    },
    timeOut: {
      title: (v) => `${peerOf(v)} does not answer in time`,
      sentence: (v) =>
        `Nothing came for ${v.seconds} s while ${v.what}; the connection is closed, though the application may go on working.`,
      interview:
        "504 is nginx giving up waiting; the view keeps running and may still change the database.",
    },
    breakOff: {
      title: (v) => `${peerOf(v)} closes without an answer`,
      sentence: (v) =>
        `The connection was ${v.what ?? "closed"}, so there is nothing to pass on: 502 unless another server answers.`,
      interview:
        '"upstream prematurely closed connection" usually means the worker was killed: timeout, out of memory or a crash.',
    },
    rejectHeader: {
      title: (v) => `The header from ${peerOf(v)} is refused`,
      sentence: (v) =>
        `The response header is ${v.what}; it must be valid and fit in proxy_buffer_size.`,
      interview:
        '"upstream sent too big header" is cured with proxy_buffer_size; large cookies are the usual cause.',
    },
    rejectStatus: {
      title: (v) => `${v.what} from ${peerOf(v)} is passed over`,
      sentence: "proxy_next_upstream names this status, and another server can be tried.",
    },
    tryNext: {
      title: "Nginx tries another server",
      sentence: (v) =>
        `After ${v.failure} another try is allowed; ${plural(v.tries, "try")} left.`.replace(
          "trys",
          "tries",
        ),
      interview:
        "By default nginx retries after errors and timeouts, but never a POST that was already sent: it might be done twice.",
    },
    serveStale: {
      title: "A stale page is served instead of an error",
      sentence:
        "The upstream failed, and proxy_cache_use_stale or stale-if-error allows the expired entry.",
      interview: "Serving stale keeps a site readable while the application is down.",
    },
    revalidate: {
      title: "The upstream says: not modified",
      sentence:
        "304 to nginx's own conditional request: the stored entry is good for another while and is served.",
    },
    receiveHeader: {
      title: (v) => `${v.status || "An old style answer"} from ${peerOf(v)}`,
      sentence:
        "The header is complete: hop-by-hop headers are dropped, Server and Date hidden, the rest passed to the client.",
      interview:
        "nginx hides the backend: its own Server and Date replace the application's, and X-Accel headers are obeyed, not passed.",
    },
    receiveBody: {
      title: "A piece of the body arrives",
      sentence: (v) => `${v.bytes} bytes come from the upstream and go on to the client.`,
    },
    upgrade: {
      title: "The connection changes its protocol",
      sentence: "101 Switching Protocols: from now on nginx only passes bytes both ways.",
      leavesOut: "Bytes from the client after the upgrade are not passed on.",
    },
    redirect: {
      title: "The application hands over with X-Accel-Redirect",
      sentence: (v) =>
        `The answer's body is thrown away and nginx serves ${v.target} itself, keeping a few of its headers.`,
      interview: "X-Accel-Redirect lets Django check permission and nginx send the file.",
    },
    intercept: {
      title: (v) => `The upstream's ${v.status} becomes an error page`,
      sentence:
        "proxy_intercept_errors is on and an error_page names this status, so nginx answers in its place.",
    },
    finish: {
      title: "The upstream's answer is complete",
      sentence:
        "All of the body is read: the connection is closed or kept, and the backend's worker is free, however slow the client is.",
      interview:
        "Buffering is the point of nginx before Gunicorn: the worker is released as soon as nginx has the answer.",
    },
    cut: {
      title: "The answer breaks off",
      sentence: (v) =>
        `After ${v.bytes} bytes of body: ${v.what}. The client gets what came and a closed connection; the status stays what it was.`,
      interview:
        "Once the header is sent the status cannot change: the access log says 200 for an answer that broke off.",
    },
    giveUp: {
      title: (v) => `Nginx answers ${v.status}`,
      sentence: (v) =>
        `No other try: ${v.because ?? "none is allowed"}. So the last failure decides: ${v.status}.`,
      interview:
        "502: no valid answer; 504: no answer in time; 499: the client left first. Each points at another place.",
    },
    abandon: {
      title: "The client went away",
      sentence:
        "nginx closes the connection to the upstream and logs 499; the application finds out only when it writes.",
      interview:
        "499 is nginx's own code for a client that closed the connection; the view keeps running.",
    },
  },
};

export const peerWords: MachineWords<typeof peerMachine> = {
  summary: "A server of an upstream as one worker sees it.",
  states: {
    up: "Takes part in the balancing.",
    disabled: "Failed max_fails times; skipped until fail_timeout has passed.",
    "on trial": "One request tries it again.",
  },
  transitions: {
    serve: {
      title: (v) => `${peerOf(v)} answered`,
      sentence: "A try succeeded; nothing changes for this server.",
    },
    fail: {
      title: (v) => `A failure of ${peerOf(v)} is counted`,
      sentence: (v) =>
        `It is skipped after ${plural(v.maxFails, "failure")} within ${v.failTimeout} s; a single server never is.`,
    },
    disable: {
      title: (v) => `${peerOf(v)} is taken out for ${v.failTimeout} s`,
      sentence: (v) =>
        `${plural(v.maxFails, "failure")} within fail_timeout: other servers take its requests.`,
      interview:
        "Open source nginx checks health passively: real requests find out that a server is down.",
    },
    tryAgain: {
      title: (v) => `${peerOf(v)} gets another chance`,
      sentence: "fail_timeout has passed, so one request tries the server again.",
    },
    failAgain: {
      title: (v) => `${peerOf(v)} failed its trial`,
      sentence: (v) => `One failure is enough now: it is skipped for another ${v.failTimeout} s.`,
    },
    recover: {
      title: (v) => `${peerOf(v)} is back`,
      sentence: "The trial succeeded, so its failures are forgotten.",
    },
  },
};

export const cacheWords: MachineWords<typeof cacheMachine> = {
  summary: "One entry of the cache, from missing to stored, stale and refreshed.",
  states: {
    absent: "The key is known, but no answer is stored.",
    fetching: "A request is getting the answer.",
    fresh: "Stored and valid.",
    stale: "Stored, but its time is over.",
    updating: "Stale, and one request is refreshing it.",
    gone: "Dropped from the zone.",
  },
  transitions: {
    fetch: {
      title: "Cache MISS: the answer has to be fetched",
      sentence: (v) =>
        `Nothing usable is stored under ${v.key}, so the upstream is asked and may fill the entry.`,
    },
    store: {
      title: "The answer is stored in the cache",
      sentence: (v) =>
        `It is kept for ${v.seconds} s as ${v.path}, and the next request with this key is a HIT.`,
      interview:
        "nginx stores what headers or proxy_cache_valid allow: Set-Cookie, no-store and private keep an answer out.",
    },
    leave: {
      title: "The answer is not stored",
      sentence: (v) => `It may not be kept: ${v.reason ?? "it did not come whole"}.`,
      interview:
        "A page that is never cached usually sets a cookie or says Cache-Control: private.",
    },
    hit: {
      title: "Cache HIT",
      sentence: (v) => `The entry is valid for another ${v.left ?? 0} s.`,
    },
    expire: { title: "The entry has expired", sentence: "Its valid time is over." },
    update: {
      title: "One request refreshes the entry",
      sentence: "Others may be served the stale one meanwhile.",
    },
    serveStale: {
      title: "The stale entry is served",
      sentence: "It may be used although its time is over.",
    },
    serveUpdating: {
      title: (v) => `The stale entry is served: ${v.status ?? "UPDATING"}`,
      sentence: "Somebody is fetching a fresh answer; nobody else needs to wait for it.",
    },
    revalidate: {
      title: "The entry is confirmed",
      sentence: "The upstream answered 304: the stored answer is still good.",
    },
    keepStale: {
      title: "The entry stays stale",
      sentence: (v) => `It was not replaced: ${v.reason ?? "no new answer could be stored"}.`,
    },
    lose: {
      title: "The entry's file is gone",
      sentence: "The file was removed from the disk, so the entry counts as missing.",
    },
    forget: {
      title: "The entry is dropped",
      sentence: "It was not used for the inactive time, or room was needed.",
    },
  },
};

export const limitWords: MachineWords<typeof limitMachine> = {
  summary: "A gate in front of the location: limit_req, limit_conn, allow and deny, auth_basic.",
  states: {
    flowing: "The last request passed.",
    delaying: "The last request must wait its turn.",
    rejecting: "The last request was refused.",
  },
  transitions: {
    pass: {
      title: (v) => `${v.module ?? "The limit"} lets the request pass`,
      sentence: passSentence,
      interview:
        "limit_req is a leaky bucket per key: rate is how fast it drains, burst how much it holds.",
    },
    delay: {
      title: (v) => `limit_req delays the request by ${v.delayMs} ms`,
      sentence: (v) =>
        `The bucket of ${v.key} in zone ${v.zone} holds ${v.excess} requests too many, within burst ${v.burst}; it drains at ${v.rate} a second.`,
      interview:
        "Without nodelay a burst is smoothed: the requests wait; with it they pass at once but still fill the bucket.",
    },
    reject: {
      title: (v) => `${v.module ?? "The limit"} refuses the request`,
      sentence: rejectSentence,
      interview: "Refusing early in nginx is cheap: no worker, no Django, no database is touched.",
    },
  },
};

function passSentence(v: WordValues): string {
  if (v.module === "limit_req") {
    return `The bucket of ${v.key} in zone ${v.zone} holds ${v.excess} of burst ${v.burst}; it drains at ${v.rate} a second.`;
  }
  if (v.module === "limit_conn")
    return `${v.now} of at most ${v.most} requests with this key are at work.`;
  if (v.module === "access") return `\`${v.rule}\` is the first rule that fits ${v.address}.`;
  return `${v.why ?? "It is within the limit"}.`;
}

function rejectSentence(v: WordValues): string {
  if (v.module === "limit_req") {
    return `The bucket of ${v.key} in zone ${v.zone} would hold ${v.excess}, more than burst ${v.burst}.`;
  }
  if (v.module === "limit_conn")
    return `${v.now} requests with this key are at work already, and ${v.most} are allowed.`;
  if (v.module === "access")
    return `\`${v.rule}\` is the first rule that fits ${v.address}, so the answer is 403.`;
  return `${v.why ?? "It is over the limit"}.`;
}
