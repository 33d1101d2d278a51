// The learner's words for connections and statements.
import type { MachineWords, WordValues } from "../layer.ts";
import type { connectionMachine, statementMachine } from "./machine.ts";

const text = (v: WordValues, name: string, otherwise = ""): string =>
  v[name] === undefined || v[name] === null || v[name] === "" ? otherwise : String(v[name]);
const rows = (v: WordValues): string =>
  `${text(v, "rows", "0")} row${Number(v.rows ?? 0) === 1 ? "" : "s"}`;
const isSqlite = (v: WordValues): boolean => v.engine === "SQLite";
const taken = (v: WordValues): string => {
  const used = Number(v.used ?? 0);
  const max = text(v, "connectionsMax", "100");
  if (used === 0) return `None of the ${max} places was taken before.`;
  return `${used} of the ${max} places ${used === 1 ? "was" : "were"} taken before.`;
};
/** The SQL, cut to fit a heading. */
const brief = (v: WordValues): string => {
  const whole = text(v, "sql", "a statement").replace(/\s+/g, " ");
  const sql = whole.replace(/^(SELECT )(?!COUNT).{20,}?( FROM )/i, "$1…$2");
  return sql.length > 48 ? `${sql.slice(0, 47)}…` : sql;
};

export const connectionWords: MachineWords<typeof connectionMachine> = {
  summary:
    "A connection to the database, in the states that PostgreSQL shows of it in pg_stat_activity.",
  states: {
    CONNECTING: "The driver is reaching the server",
    AUTHENTICATING: "A process was forked for the connection; it checks who is there",
    IDLE: "Open, waiting for a statement",
    ACTIVE: "A statement is running",
    "IDLE IN TRANSACTION": "BEGIN was said, and the client is doing something else; locks are kept",
    "IDLE IN TRANSACTION (ABORTED)":
      "A statement of the transaction failed; only ROLLBACK is taken",
    CLOSED: "Gone, with its process",
  },
  transitions: {
    openFile: {
      title: "SQLite opens its file",
      sentence: (v) =>
        `SQLite is a library in the worker's own process: connecting means opening ${text(v, "path", "the file")}, and no server is asked.`,
      interview:
        "SQLite has no server: the file is the database, and its locks decide who may write.",
    },
    forkBackend: {
      title: "PostgreSQL forks a process for the connection",
      sentence: (v) =>
        `The postmaster accepts the connection and forks process ${text(v, "pid")} for it alone. ${taken(v)}`,
      interview:
        "PostgreSQL has one process per connection, some megabytes each: that is why connections are limited, kept and pooled.",
      leavesOut: "Roles, databases and passwords are taken to be right.",
    },
    becomeReady: {
      title: (v) => `The connection is ready after ${text(v, "took", "some ms")}`,
      sentence: (v) =>
        `TCP, TLS, the fork and the SCRAM exchange took ${text(v, "took", "some ms")}; with CONN_MAX_AGE = ${text(v, "maxAge", "0")} Django ${v.maxAge === "0" ? "pays this again in every request that queries" : "keeps it for later requests of this thread"}.`,
      interview:
        "With CONN_MAX_AGE = 0 every request that queries pays for a new connection; a positive value keeps one for each thread of each worker.",
    },
    refuse: {
      title: (v) => `${text(v, "engine", "The database")} refuses the connection`,
      sentence: (v) =>
        `The driver raises OperationalError: ${text(v, "error", "no connection")}. There is no queue: the request fails at once.`,
      interview:
        "Of max_connections = 100 three are kept for superusers, so an ordinary role has 97: workers times threads times hosts must stay below, or PgBouncer must pool.",
    },
    receive: {
      title: (v) => `The backend receives ${brief(v)}`,
      sentence: "The connection is busy with one statement at a time.",
    },
    complete: {
      title: "The connection is idle again",
      sentence:
        "Outside a transaction every statement was its own, and its changes are everybody's now.",
    },
    completeInTransaction: {
      title: "The transaction stays open",
      sentence:
        "The statement is done, but its locks and changes belong to the transaction until COMMIT or ROLLBACK.",
      interview:
        "Idle in transaction is expensive: row locks are held while the application does something else.",
    },
    abortTransaction: {
      title: "The transaction is aborted",
      sentence:
        "A statement failed inside a transaction: PostgreSQL ignores all others until ROLLBACK.",
      interview:
        "That is why Django's atomic() marks the block for rollback after a database error.",
    },
    close: {
      title: "The connection is closed",
      sentence: "The client said Terminate; the backend's process ends and its place is free.",
    },
    terminate: {
      title: "The connection is lost",
      sentence:
        "One of the two sides ended; what was not committed is undone, and its locks are free.",
    },
  },
};

export const statementWords: MachineWords<typeof statementMachine> = {
  summary: "A SQL statement from the driver's call to its result.",
  states: {
    sent: "On its way to the server",
    executing: "Being parsed, planned and executed",
    "waiting for a lock": "Waiting until another transaction ends",
    answering: "The result is on its way back",
    done: "The result has arrived",
    failed: "The driver raises an exception",
  },
  transitions: {
    begin: {
      title: (v) => (isSqlite(v) ? `SQLite runs ${brief(v)}` : `PostgreSQL receives ${brief(v)}`),
      sentence: (v) =>
        isSqlite(v)
          ? "The statement is compiled and run in the worker's own process; only locks on the file can make it wait."
          : "The backend parses and plans the statement, takes its locks and executes it; each query costs a round trip beside its work.",
      interview:
        "N+1 queries cost N+1 round trips: select_related joins them into one, prefetch_related makes them two.",
      leavesOut:
        "The plan: execution costs what the scenario states, or what a small indexed query costs.",
    },
    waitForLock: {
      title: (v) =>
        isSqlite(v) ? "The database file is locked" : "The statement waits for a lock",
      sentence: (v) =>
        isSqlite(v)
          ? `The lock is with ${text(v, "holder", "another program")}, and SQLite has one writer at a time: it tries again for at most ${text(v, "timeout", "5000 ms")}.`
          : `The transaction of ${text(v, "holder", "another process")} holds what this statement wants to change, until it ends; the worker waits with it.`,
      interview:
        "A lock is held until the end of the transaction, so a slow view inside ATOMIC_REQUESTS makes others wait for all of it.",
    },
    tryAgain: {
      title: "SQLite tries again",
      sentence: "The lock is still taken; SQLite sleeps a little longer before its next try.",
    },
    getLock: {
      title: (v) => `The lock is free after ${text(v, "waited", "some ms")}`,
      sentence:
        "The holder's transaction has ended; an UPDATE reads the new version of its row before it goes on.",
    },
    execute: {
      title: "The last row is made",
      sentence: "The work is done, and its changes reach the disk when they are committed.",
    },
    cancel: {
      title: "The statement is canceled",
      sentence: "A timeout, a deadlock or the server's end cut it short.",
    },
    return: {
      title: (v) =>
        `${text(v, "verb", "The statement")} returns ${rows(v)} after ${text(v, "took", "some ms")}`,
      sentence: (v) =>
        isSqlite(v)
          ? `The result is there after ${text(v, "took", "some ms")}, without a network in between.`
          : `The result is back after ${text(v, "took", "some ms")}: a round trip, planning, execution and the transfer of ${rows(v)}.`,
      interview:
        "Look at the number of queries first, then at the slow ones: a missing index turns a lookup into a scan of the whole table.",
    },
    fail: {
      title: (v) => `${text(v, "verb", "The statement")} fails`,
      sentence: (v) =>
        `The driver raises an exception: ${text(v, "error", "the connection is gone").split("\n")[0]}.`,
      interview:
        "Django wraps the driver's exception in django.db.utils; unless the view handles it, the answer is a 500.",
    },
    abandon: {
      title: "Nobody waits for the result",
      sentence:
        "The process that asked is gone; the statement's changes are undone with its transaction.",
    },
  },
};
