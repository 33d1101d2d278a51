// Django's state machines: the application in a worker process, a request on its way through it, and a
// query of the ORM. Source: django/core/handlers/base.py and wsgi.py, django/db/models/query.py, 3.2.
import { defineMachine } from "../../kernel/machine.ts";

export const applicationMachine = defineMachine({
  name: "Django application",
  layer: "django",
  source:
    "django/core/wsgi.py, get_wsgi_application; django/core/handlers/base.py, load_middleware, 3.2",
  initial: "not imported",
  states: {
    "not imported": {},
    "settings read": {},
    "apps ready": {},
    ready: {},
    serving: {},
    broken: { final: true },
    gone: { final: true },
  },
  transitions: {
    importSettings: { from: "not imported", to: "settings read", on: "the server imports wsgi.py" },
    populateApps: { from: "settings read", to: "apps ready", on: "django.setup()" },
    loadMiddleware: { from: "apps ready", to: "ready", on: "WSGIHandler is made" },
    importUrlconf: { from: "ready", to: "serving", on: "the first request" },
    failUrlconf: { from: "ready", to: "ready", on: "the URLconf raises when imported" },
    failImport: {
      from: ["not imported", "settings read", "apps ready"],
      to: "broken",
      on: "an import raises",
    },
    endProcess: {
      from: ["not imported", "settings read", "apps ready", "ready", "serving"],
      to: "gone",
      on: "the process ends",
    },
  },
});

export const requestMachine = defineMachine({
  name: "Django request",
  layer: "django",
  source: "django/core/handlers/base.py, _get_response; django/core/handlers/exception.py, 3.2",
  initial: "called",
  states: {
    called: {},
    "request middleware": {},
    "resolving the URL": {},
    "view middleware": {},
    view: {},
    "handling an exception": {},
    "response middleware": {},
    "sending the response": {},
    closed: { final: true },
    crashed: { final: true },
    interrupted: { final: true },
  },
  transitions: {
    makeRequest: {
      from: "called",
      to: "request middleware",
      on: "the server calls the application",
    },
    callMiddleware: {
      from: "request middleware",
      to: "request middleware",
      on: "the middleware outside it passes the request on",
    },
    answerEarly: {
      from: ["request middleware", "view middleware"],
      to: "response middleware",
      on: "a middleware returns a response",
    },
    resolveUrl: {
      from: "request middleware",
      to: "resolving the URL",
      on: "the innermost middleware passes the request on",
    },
    matchPattern: {
      from: "resolving the URL",
      to: "view middleware",
      on: "a pattern matches to the end",
    },
    callViewMiddleware: {
      from: "view middleware",
      to: "view middleware",
      on: "the middleware has a process_view",
    },
    readBody: {
      from: "view middleware",
      to: "view middleware",
      on: "request.POST or request.body is asked for before the view",
    },
    callView: { from: "view middleware", to: "view", on: "no process_view answered" },
    readBodyInView: { from: "view", to: "view", on: "request.POST or request.body is asked for" },
    beginTransaction: { from: "view", to: "view", on: "atomic begins" },
    commitTransaction: { from: "view", to: "view", on: "the atomic block returns" },
    rollBack: { from: "view", to: "view", on: "the atomic block raises" },
    authenticate: { from: "view", to: "view", on: "a user logs in" },
    takeMemory: { from: "view", to: "view", on: "the view builds up something large" },
    renderTemplate: { from: ["view"], to: "view", on: "a template is rendered" },
    returnResponse: { from: "view", to: "response middleware", on: "the view returns" },
    raiseException: {
      from: [
        "request middleware",
        "resolving the URL",
        "view middleware",
        "view",
        "response middleware",
      ],
      to: "handling an exception",
      on: "something raises",
    },
    handleByMiddleware: {
      from: "handling an exception",
      to: "response middleware",
      on: "a process_exception answers",
    },
    convertException: {
      from: "handling an exception",
      to: "response middleware",
      on: "convert_exception_to_response",
    },
    failToConvert: {
      from: "handling an exception",
      to: "handling an exception",
      on: "the error handler raises too",
    },
    returnThroughMiddleware: {
      from: "response middleware",
      to: "response middleware",
      on: "the middleware inside it returns the response",
    },
    startResponse: {
      from: "response middleware",
      to: "sending the response",
      on: "the chain is done",
    },
    sendItem: {
      from: "sending the response",
      to: "sending the response",
      on: "the server asks for the next item",
    },
    closeResponse: { from: "sending the response", to: "closed", on: "the server calls close()" },
    crash: {
      from: [
        "called",
        "request middleware",
        "handling an exception",
        "response middleware",
        "sending the response",
      ],
      to: "crashed",
      on: "an exception reaches the server",
    },
    interrupt: {
      from: [
        "called",
        "request middleware",
        "resolving the URL",
        "view middleware",
        "view",
        "handling an exception",
        "response middleware",
        "sending the response",
      ],
      to: "interrupted",
      on: "the process is told to end, or ends",
    },
  },
});

export const queryMachine = defineMachine({
  name: "ORM query",
  layer: "django",
  source: "django/db/backends/utils.py, CursorWrapper; django/db/models/sql/compiler.py, 3.2",
  initial: "built",
  states: {
    built: {},
    connecting: {},
    executing: {},
    fetched: { final: true },
    failed: { final: true },
  },
  transitions: {
    openConnection: { from: "built", to: "connecting", on: "the thread has no open connection" },
    execute: { from: ["built", "connecting"], to: "executing", on: "cursor.execute()" },
    fetchRows: { from: "executing", to: "fetched", on: "the database answers" },
    fail: { from: ["built", "connecting", "executing"], to: "failed", on: "the driver raises" },
  },
});
