// The learner's words for a request in Django: what each step does, and why.
import type { FactValue, MachineWords, WordValues } from "../layer.ts";
import type { requestMachine } from "./machine.ts";

/** Headings have at most 70 characters. */
const heading = (line: string): string => (line.length <= 70 ? line : `${line.slice(0, 69)}…`);
const text = (value: WordValues[string]): string =>
  value === null || value === undefined ? "" : String(value);
/** `OperationalError` of `django.db.utils.OperationalError: connection to …`. */
const exceptionName = (value: WordValues[string]): string =>
  text(value).split(":")[0].split(".").at(-1) ?? "An exception";
const plural = (count: WordValues[string], noun: string): string =>
  `${text(count)} ${noun}${Number(count) === 1 ? "" : "s"}`;

/** What a middleware left on the request, if anything. */
function onRequest(change: FactValue): string {
  return change === undefined || change === "" ? "" : ` On the request now: ${text(change)}.`;
}

export const requestWords: MachineWords<typeof requestMachine> = {
  summary: "One request inside Django, from the WSGI call to the response that the server sends.",
  states: {
    called:
      "The application server has called the WSGI application with an environ and start_response.",
    "request middleware":
      "The HttpRequest travels inward through MIDDLEWARE, from the first entry to the last.",
    "resolving the URL": "The URL resolver tries the patterns of the URLconf in order.",
    "view middleware":
      "A view is chosen; each middleware with a process_view is asked before it runs.",
    view: "The view runs: the project's own code, its queries and its templates.",
    "handling an exception":
      "Something raised; Django looks for a middleware or a handler that turns it into a response.",
    "response middleware":
      "The HttpResponse travels outward through MIDDLEWARE, from the last entry to the first.",
    "sending the response":
      "Status and headers are with the server, which takes the body item by item.",
    closed: "The server has closed the response; old database connections are closed too.",
    crashed: "An exception left the application; the server must answer for it.",
    interrupted: "The process ended, or was told to end, in the middle of the request.",
  },
  transitions: {
    makeRequest: {
      title: (v) => heading(`Django makes an HttpRequest for ${text(v.method)} ${text(v.path)}`),
      sentence: (v) =>
        `WSGIHandler turns the environ into an HttpRequest: method ${text(v.method)}, path ${text(v.path)}. The body stays unread until something asks for it.`,
      interview:
        "A WSGI application is a callable that gets an environ dict and start_response. Django's is WSGIHandler; it wraps the environ in an HttpRequest.",
    },
    callMiddleware: {
      title: (v) => heading(`${text(v.name)} sees the request`),
      sentence: (v) =>
        `Number ${text(v.index)} of ${text(v.count)} in MIDDLEWARE: it ${text(v.purpose)}.${onRequest(v.change)}`,
      interview:
        "Middleware are layers around the view: on the way in they run top to bottom, on the way out bottom to top. Order matters, because one may need what another set.",
    },
    answerEarly: {
      title: (v) => heading(`${text(v.name)} answers ${text(v.status)} itself`),
      sentence: (v) =>
        `${text(v.why) === "" ? "" : `${text(v.why)} `}${text(v.name)} returns a response (${text(v.status)} ${text(v.reason)}), so nothing further inside runs: neither the view nor the middleware below it.`,
      interview:
        "A middleware that returns a response short-circuits the chain; only the layers outside it still see the response.",
    },
    resolveUrl: {
      title: (v) => heading(`The URL resolver looks for ${text(v.path)}`),
      sentence: (v) =>
        `It tries the patterns of ${text(v.urlconf)} in the order they are written, going into each include() whose prefix matches. Only the path counts, never host, query or method.`,
      interview:
        "URL patterns are tried in order and the first match wins. The query string and the method take no part.",
    },
    matchPattern: {
      title: (v) => heading(`A pattern matches: ${text(v.view)}`),
      sentence: (v) =>
        `${text(v.pattern)} is the first pattern that matches the whole path${text(v.kwargs) === "" ? "" : `, with ${text(v.kwargs)}`}; it names the view ${text(v.view)}.`,
    },
    callViewMiddleware: {
      title: (v) => heading(`${text(v.name)} checks before the view`),
      sentence: (v) =>
        v.csrf === true
          ? `A POST must bring the token that belongs to the CSRF cookie, or the answer is 403; GET, HEAD, OPTIONS and TRACE need none.${v.change === undefined ? "" : ` Here: ${text(v.change)}.`}`
          : `The view is known but has not run. ${text(v.name)} has a process_view, which may let the view run or answer in its place.`,
      interview:
        "CSRF protection happens here, in process_view: it must know the view, because a view may be exempt.",
    },
    readBody: {
      title: (v) => heading(`The body is read before the view (${plural(v.bytes, "byte")})`),
      sentence:
        "Looking for the CSRF token in the form makes Django read and parse the request's body now.",
    },
    callView: {
      title: (v) => heading(`The view ${text(v.view)} is called`),
      sentence: (v) =>
        `Django calls ${text(v.view)} with the request${text(v.kwargs) === "" ? "" : ` and ${text(v.kwargs)}`}. What it returns must be an HttpResponse.`,
      interview: "A view is a callable that takes an HttpRequest and returns an HttpResponse.",
    },
    readBodyInView: {
      title: (v) => heading(`The view reads the body (${plural(v.bytes, "byte")})`),
      sentence:
        "request.POST or request.body was asked for the first time, so Django reads the body from the server, within its size limits.",
    },
    beginTransaction: {
      title: "A transaction begins",
      sentence: "atomic opens a transaction: either everything in the block is kept, or nothing.",
      interview:
        "With ATOMIC_REQUESTS each view runs in a transaction; it is simple, but holds locks for the whole view.",
    },
    commitTransaction: {
      title: "The transaction is committed",
      sentence:
        "The block returned without an exception, so its changes become permanent. A view that returns a 500 commits, too.",
    },
    rollBack: {
      title: "The transaction is rolled back",
      sentence: "The block raised an exception, so the database forgets what it changed.",
    },
    authenticate: {
      title: (v) => heading(`${text(v.user)} is logged in`),
      sentence: (v) =>
        `login() puts the id of ${text(v.user)} into the session, under a new session key, and gives out a new CSRF token.`,
      interview:
        "The session key changes at login, so that a key planted before it is worth nothing (session fixation).",
    },
    takeMemory: {
      title: (v) => heading(`The view takes ${text(v.value)} MiB of memory`),
      sentence: (v) =>
        `All rows and objects of this request are held at once: ${text(v.value)} MiB more in this worker. Whoever passes the limit of the service or the machine is killed by the kernel.`,
      interview:
        "Iterate with iterator() or in pages, and stream the answer: then a worker's memory does not grow with the result.",
    },
    renderTemplate: {
      title: (v) => heading(`The template ${text(v.template)} is rendered`),
      sentence: (v) =>
        `The template becomes ${plural(v.bytes, "character")} of HTML. Values are escaped unless marked safe.`,
      interview:
        "Templates escape what they print, which is Django's protection against cross-site scripting.",
    },
    returnResponse: {
      title: (v) => heading(`The view returns ${text(v.status)} ${text(v.reason)}`),
      sentence: (v) =>
        `${text(v.view)} is done. Its response goes back through the middleware, from the innermost to the outermost.`,
    },
    raiseException: {
      title: (v) => heading(`${exceptionName(v.exception)} is raised in ${text(v.where)}`),
      sentence: (v) =>
        `${text(v.exception).trim()} was raised in ${text(v.where)}. Django does not let it through: it looks for a response to stand for it.`,
      interview:
        "convert_exception_to_response wraps every layer, so an exception becomes a response at the layer where it happened and the layers outside see a normal response.",
    },
    handleByMiddleware: {
      title: (v) => heading(`${text(v.name)} handles the exception`),
      sentence: (v) =>
        `Its process_exception returned a response (${text(v.status)}), so the exception ends here.`,
    },
    convertException: {
      title: (v) => heading(`The exception becomes ${text(v.status)} ${text(v.reason)}`),
      sentence: (v) =>
        `${exceptionName(v.exception)} maps to status ${text(v.status)}. ${v.debug === true ? "DEBUG is on, so the page shows the details." : "DEBUG is off, so the client sees only a standard page."}`,
      leavesOut:
        "DEBUG's page lists every frame and setting in about 60 kB; the one shown here is short.",
    },
    failToConvert: {
      title: "The error handler fails, too",
      sentence:
        "The handler for the exception raised another one, so this layer has no response either. The next one outside tries again.",
    },
    returnThroughMiddleware: {
      title: (v) => heading(`${text(v.name)} passes the response on`),
      sentence: (v) =>
        `On the way back ${text(v.name)} ${text(v.purpose)}. ${text(v.change) === "" ? "It changes nothing here." : `It ${text(v.change)}.`}`,
    },
    startResponse: {
      title: (v) => heading(`start_response: ${text(v.status)} ${text(v.reason)}`),
      sentence: (v) =>
        `Django hands the status and ${plural(v.headers, "header")} to the application server and returns the body as an iterable.`,
      interview:
        "start_response gives the status line and headers; the return value is an iterable of byte strings. Without Content-Length the server sends chunks.",
    },
    sendItem: {
      title: (v) => heading(`An item of the body: ${plural(v.bytes, "byte")}`),
      sentence: "The server took the next item of the iterable and writes it to the connection.",
    },
    closeResponse: {
      title: "The response is closed",
      sentence:
        "The server calls close(). Django sends request_finished and closes database connections older than CONN_MAX_AGE.",
      interview:
        "CONN_MAX_AGE is 0 by default: the connection is closed after every request and opened again by the next query.",
    },
    crash: {
      title: (v) => heading(`${exceptionName(v.exception)} leaves Django`),
      sentence:
        "No layer of Django turned the exception into a response; the application server has to deal with it.",
    },
    interrupt: {
      title: "The request is cut off",
      sentence: "The worker process ended while Django was at work; nothing more comes from it.",
    },
  },
};
