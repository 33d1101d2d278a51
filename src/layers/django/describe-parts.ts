// The learner's words for the application as a process loads it, and for a query of the ORM.
import type { MachineWords, WordValues } from "../layer.ts";
import type { applicationMachine, queryMachine } from "./machine.ts";

/** Headings have at most 70 characters. */
const heading = (line: string): string => (line.length <= 70 ? line : `${line.slice(0, 69)}…`);
const text = (value: WordValues[string]): string =>
  value === null || value === undefined ? "" : String(value);

export const applicationWords: MachineWords<typeof applicationMachine> = {
  summary:
    "The Django project inside one worker process: imported once, then used for every request.",
  states: {
    "not imported": "The worker has not imported the WSGI module yet.",
    "settings read": "The settings module has been imported.",
    "apps ready": "Every app of INSTALLED_APPS has been imported.",
    ready: "The middleware chain is built; the application can be called.",
    serving: "The URLconf has been imported by the first request.",
    broken: "An import raised; the worker cannot serve.",
    gone: "The process has ended.",
  },
  transitions: {
    importSettings: {
      title: (v) => heading(`Django imports ${text(v.module)}`),
      sentence:
        "wsgi.py names the settings module; importing it runs it as Python, once per process. A change of the file takes effect only in new processes.",
    },
    populateApps: {
      title: (v) =>
        heading(
          Number(v.apps) === 0
            ? "INSTALLED_APPS is empty"
            : `INSTALLED_APPS: ${text(v.apps)} app${Number(v.apps) === 1 ? " is" : "s are"} imported`,
        ),
      sentence: "django.setup() imports each app and its models, in the order of INSTALLED_APPS.",
    },
    loadMiddleware: {
      title: (v) => heading(`The chain of ${text(v.middleware)} middleware is built`),
      sentence:
        "WSGIHandler builds the chain from the last entry of MIDDLEWARE to the first, each around the one before.",
      interview:
        "The chain is built once per process, so per-request state must not be kept on a middleware.",
    },
    importUrlconf: {
      title: (v) => heading(`The URLconf ${text(v.urlconf)} is imported`),
      sentence:
        "The URLconf is imported by the first request, so the first request of each worker is slower.",
    },
    failUrlconf: {
      title: "The URLconf cannot be imported",
      sentence:
        "Importing urls.py raised. The worker runs on, but every request fails, the error handlers included.",
    },
    failImport: {
      title: (v) => heading(`Importing fails: ${text(v.exception)}`),
      sentence: (v) => `${text(v.message)}. The application never comes up, so the worker exits.`,
    },
    endProcess: {
      title: "The process ends",
      sentence: "What it had imported and cached in memory goes with it.",
    },
  },
};

export const queryWords: MachineWords<typeof queryMachine> = {
  summary: "One statement that Django sends to the database, from its SQL to its rows.",
  states: {
    built: "The SQL is ready; parameters travel beside it, never inside it.",
    connecting: "The thread has no open connection, so one is opened first.",
    executing: "The statement is with the database; this thread waits.",
    fetched: "The rows have arrived.",
    failed: "The database or the driver raised an exception.",
  },
  transitions: {
    openConnection: {
      title: "A database connection is opened",
      sentence: (v) =>
        `This thread has no open connection, so Django connects to ${text(v.name)} before the first query.`,
      interview:
        "Django keeps one connection per thread; CONN_MAX_AGE says for how long it outlives the request.",
    },
    execute: {
      title: (v) => heading(`Query ${text(v.number)}: ${text(v.sql)}`),
      sentence:
        "The worker's thread waits for the answer and can do nothing else meanwhile. Parameters are bound by the driver, which keeps SQL injection out.",
      interview:
        "A sync worker blocks on every query; many small queries (N+1) cost a round trip each.",
    },
    fetchRows: {
      title: (v) =>
        heading(
          `${text(v.rows)} row${Number(v.rows) === 1 ? "" : "s"} after ${Number(v.ms ?? 0).toFixed(2)} ms`,
        ),
      sentence: (v) => `The answer to ${text(v.sql)} is there and the view goes on.`,
    },
    fail: {
      title: (v) => heading(`${text(v.name)}: ${text(v.error)}`),
      sentence:
        "Django raises the driver's exception as one of django.db; unless the view handles it, the answer is a 500.",
    },
  },
};
