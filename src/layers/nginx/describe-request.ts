// The learner's words for a request on its way through nginx's phases.
import type { MachineWords, WordValues } from "../layer.ts";
import type { requestMachine } from "./machine.ts";

const text = (value: WordValues[string]): string => `${value ?? ""}`;
const cut = (value: string, most: number): string =>
  value.length <= most ? value : `${value.slice(0, most - 1)}…`;

/** What an if or a rewrite did. */
function rewriteSentence(v: WordValues, where: string): string {
  if (v.kind !== "if")
    return `A rewrite directive of ${where} acted: ${text(v.verdict)}. The URI is now ${text(v.uri)}.`;
  return text(v.verdict).endsWith("true")
    ? `Inside the braces other settings hold, as in a location of its own${text(v.lost) === "" ? "" : `: ${text(v.lost)} of the location around it does not`}.`
    : "So what stands inside the braces does not hold, and the script goes on with its next line.";
}

export const requestWords: MachineWords<typeof requestMachine> = {
  summary:
    "A request passes nginx's phases in a fixed order, whatever the order of lines in the file: rewrite, find the location, limits, access, files, content, log.",
  states: {
    "reading request line": "Method, target and version are being read.",
    "reading headers": "Header lines are read one by one; Host chooses the server block.",
    "post-read": "Phase 1: realip may replace the client's address.",
    "server-rewrite": "Phase 2: rewrite directives of the server block.",
    "find-config": "Phase 3: the location for the URI is searched.",
    rewrite: "Phase 4: rewrite, return, set and if of the location.",
    preaccess: "Phase 6: limit_req and limit_conn.",
    delayed: "limit_req lets the request wait until it fits the rate.",
    access: "Phase 7: allow, deny, auth_basic, auth_request.",
    "waiting for subrequest":
      "auth_request has asked the application whether the request may pass.",
    precontent: "Phase 9: try_files.",
    content:
      "Phase 10: whoever makes the answer: proxy_pass, or index, autoindex and static files.",
    "reading body": "The request's body is read before the backend is asked.",
    "waiting for upstream":
      "The backend has the request; nginx holds no process for it, only this record.",
    "header filter": "The answer's header goes through the filters: ranges, gzip, added headers.",
    "sending body": "The answer is on its way to the client.",
    log: "Phase 11: the access log line.",
    freed: "The request is over; its memory is free.",
  },
  transitions: {
    readRequestLine: {
      title: (v) => `Nginx reads ${cut(text(v.method), 10)} ${cut(text(v.target), 44)}`,
      sentence: (v) =>
        `${v.version === "HTTP/2.0" ? "The pseudo-headers :method and :path make the request line" : "The request line is complete"}. Escapes are decoded, // and .. resolved: $uri is ${text(v.uri)}, while $request_uri stays ${text(v.target)}.`,
      interview:
        "Locations match the decoded, normalised path without arguments, never the raw request line.",
    },
    chooseServer: {
      title: (v) => `Host chooses the server block ${cut(text(v.server) || "without a name", 36)}`,
      sentence: (v) =>
        v.how === "default"
          ? `No server_name on ${text(v.address)} matches ${v.host === null ? "a request without Host" : text(v.host)}, so the default server of that address answers.`
          : `${text(v.host)} matches the ${text(v.how)} name ${text(v.name)} on ${text(v.address)}, where ${v.servers === 1 ? "one server block listens" : `${text(v.servers)} server blocks listen`}.`,
      interview:
        "First the address and port, then the Host header: exact name, longest *.name, longest name.*, first regex, default server.",
    },
    readHeaders: {
      title: (v) =>
        `The request is complete: ${text(v.headers)} header${v.headers === 1 ? "" : "s"}`,
      sentence: (v) =>
        `${v.stream === true ? "END_HEADERS" : "The empty line"} has come, so nginx checks the header as a whole and takes the request into the phases.`,
    },
    beginSubrequest: {
      title: (v) => `Nginx asks itself for ${cut(text(v.uri), 40)}`,
      sentence: (v) =>
        `${text(v.by)} makes a subrequest: it runs through the phases like a client's, but its answer goes nowhere.`,
    },
    setRealAddress: {
      title: (v) => cut(`The client's address becomes ${text(v.address)}`, 70),
      sentence:
        "The peer is trusted by set_real_ip_from, so the address is taken from the header it sent.",
    },
    beginServerRewrite: {
      title: "Server rewrite phase",
      sentence:
        "Rewrite directives that stand in the server block itself run before any location is chosen.",
    },
    rewriteInServer: {
      title: (v) => cut(`Server block: ${text(v.what)}`, 70),
      sentence: (v) =>
        v.kind === "return"
          ? "The directive return ends the phases here: no location is chosen, and nothing after it runs."
          : rewriteSentence(v, "the server block"),
    },
    rewriteInLocation: {
      title: (v) => cut(`Location: ${text(v.what)}`, 70),
      sentence: (v) =>
        v.kind === "return"
          ? "The directive return ends the phases here: nothing after it runs, no limit, no access rule, no file."
          : rewriteSentence(v, "this location"),
      interview:
        "return and rewrite run before limits and access rules, so those never apply to them.",
    },
    findConfig: {
      title: "Nginx searches the location",
      sentence: "The URI is compared with the locations of the server block.",
    },
    chooseLocation: {
      title: (v) =>
        v.location === ""
          ? "No location matches: the server block's own settings hold"
          : `Nginx picks location ${cut(text(v.location), 46)}`,
      sentence: (v) =>
        v.location === ""
          ? `Nginx compared ${text(v.uri)} with every location of the server block and none fits it.`
          : `For ${text(v.uri)} this one wins: ${text(v.verdict)}. Prefixes are compared first, the longest counts; then regular expressions in file order, unless = or ^~ ended the search.`,
      interview:
        "= wins at once, ^~ stops regexes, else the first matching regex beats the longest prefix.",
    },
    internalRedirect: {
      title: (v) => cut(`Internal redirect to ${text(v.uri)}`, 70),
      sentence: (v) =>
        `Nginx starts over with ${text(v.uri)}${v.why === undefined ? "" : ` (${text(v.why)})`} without telling the client: the server's rewrites and the location search run again.`,
      interview:
        "index, try_files, error_page and X-Accel-Redirect all work by internal redirects; at most ten are allowed.",
    },
    enterNamed: {
      title: (v) => cut(`On to the named location ${text(v.name)}`, 70),
      sentence: (v) =>
        `${v.why === undefined ? "It was named" : `It is ${text(v.why)}`}. A named location is never searched by URI; only try_files and error_page lead there, and the URI stays.`,
    },
    beginPreaccess: {
      title: "Preaccess phase: limits",
      sentence: "limit_req and limit_conn decide whether this request may go on now.",
    },
    delay: {
      title: "limit_req makes the request wait",
      sentence:
        "It came faster than the rate allows but fits the burst, so nginx holds it back until its turn.",
    },
    endDelay: { title: "The delay is over", sentence: "The request goes on where it waited." },
    beginAccess: {
      title: "Access phase",
      sentence:
        "allow, deny, auth_basic and auth_request decide whether this client may have the answer.",
    },
    askSubrequest: {
      title: "auth_request asks whether to let it in",
      sentence: "A subrequest goes to the URI of auth_request; its status decides.",
    },
    hearSubrequest: {
      title: (v) => `The subrequest answered ${text(v.status)}`,
      sentence: (v) =>
        `2xx lets the request pass, 401 and 403 refuse it, anything else is 500; here ${Number(v.status) < 300 ? "it may pass" : "it may not"}.`,
    },
    beginPrecontent: {
      title: "Precontent phase: try_files",
      sentence: "Files are tested before a handler makes the answer.",
    },
    tryFiles: {
      title: (v) => cut(`try_files ends with ${text(v.what)}`, 70),
      sentence: (v) =>
        `${text(v.tested)} arguments were considered in order; the first that exists is served, else the last one decides.`,
      interview:
        "The last argument of try_files is not tested: it is a redirect, a named location or a code.",
    },
    beginContent: {
      title: (v) => `Content phase: ${cut(text(v.handler), 50)}`,
      sentence: (v) =>
        `${v.location === "" ? "The server block" : `Location ${text(v.location)}`} lets ${text(v.handler)} make the answer.`,
    },
    openFile: {
      title: (v) => cut(`Nginx opens ${text(v.path)}`, 70),
      sentence: (v) =>
        v.bytes === null
          ? `The disk says ${text(v.result)}. The path: ${text(v.rule)}.`
          : `The disk has it: a ${text(v.result)} of ${text(v.bytes)} bytes. The path: ${text(v.rule)}.`,
      interview:
        "A static file never reaches the application: nginx sends it straight from the page cache.",
    },
    readBody: {
      title: "Nginx reads the request's body first",
      sentence:
        "The whole body is gathered before the backend is connected, so that a slow client does not hold a worker of the application.",
      interview:
        "proxy_request_buffering protects the few workers of the application from slow uploads.",
    },
    bodyRead: {
      title: (v) => `The body is complete: ${text(v.bytes)} bytes`,
      sentence: "All bytes have come; now the backend can be asked.",
    },
    callUpstream: {
      title: "Nginx turns to its upstream",
      sentence: "The location passes the request on, so nginx becomes a client itself.",
    },
    receiveUpstreamHeader: {
      title: "The upstream's header has arrived",
      sentence:
        "Status and headers of the application are here; nginx drops hop-by-hop ones and adds its own.",
    },
    serveFromCache: {
      title: "Nginx answers from its cache",
      sentence: "A stored answer is still fresh, so the application is not asked at all.",
    },
    refuse: {
      title: (v) => `Nginx makes the page for ${text(v.status)} itself`,
      sentence: (v) =>
        Number(v.status) < 400
          ? "A redirect needs no page of the application: Location says where to go, and a few built-in lines go along."
          : `${typeof v.logged === "string" ? `The error log says: ${v.logged}. ` : ""}No error_page names this status here, so the built-in page is sent.`,
      interview: "A page that ends in nginx/1.x was made by nginx, not by the application.",
    },
    sendHeader: {
      title: (v) => `Nginx sends the header: ${text(v.status)}`,
      sentence: (v) =>
        Number(v.lost ?? 0) > 0
          ? `${text(v.lost)} add_header ${v.lost === 1 ? "line" : "lines"} of an outer level ${v.lost === 1 ? "does" : "do"} not hold here: this level has an add_header of its own, and such lists are replaced, not joined.`
          : v.chunked === true
            ? "The length is not known beforehand, so the body follows in chunks."
            : v.stream === true
              ? "Server and Date are nginx's own; the header goes to HTTP/2 as fields, and the connection stays for other streams."
              : `Server, Date and the framing headers are nginx's own; the connection will be ${v.keepalive === true ? "kept" : "closed"}.`,
    },
    finish: {
      title: (v) => `The request is over and logged: ${text(v.status)}`,
      sentence: (v) =>
        `${text(v.bytes)} bytes were sent; the access log line is written now, at the end.`,
      interview:
        "The access log is written when the request ends, so a slow download appears late.",
    },
    free: { title: "The request is freed", sentence: "Its memory is given back." },
    drop: {
      title: "The request is dropped",
      sentence: "It ends without a log line: a subrequest, or its worker is gone.",
    },
  },
};
