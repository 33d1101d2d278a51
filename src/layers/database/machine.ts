// The two machines of the database: a connection, in the states that pg_stat_activity shows of its
// backend, and a statement from the driver's call to its result. SQLite's connection is an open file,
// so it has neither a handshake nor a process, but the same states.
import { defineMachine } from "../../kernel/machine.ts";

const OPEN = ["IDLE", "IDLE IN TRANSACTION", "IDLE IN TRANSACTION (ABORTED)"] as const;

export const connectionMachine = defineMachine({
  name: "database connection",
  layer: "database",
  source: "PostgreSQL 15: protocol-flow.html, pg_stat_activity.state; postmaster.c, postinit.c",
  initial: "CONNECTING",
  states: {
    CONNECTING: {},
    AUTHENTICATING: {},
    IDLE: {},
    ACTIVE: {},
    "IDLE IN TRANSACTION": {},
    "IDLE IN TRANSACTION (ABORTED)": {},
    CLOSED: { final: true },
  },
  transitions: {
    openFile: { from: "CONNECTING", to: "IDLE", on: "SQLite: the file is open" },
    forkBackend: { from: "CONNECTING", to: "AUTHENTICATING", on: "StartupMessage / fork" },
    becomeReady: { from: "AUTHENTICATING", to: "IDLE", on: "ReadyForQuery" },
    refuse: { from: ["CONNECTING", "AUTHENTICATING"], to: "CLOSED", on: "refused, or FATAL" },
    receive: { from: OPEN, to: "ACTIVE", on: "Query" },
    complete: { from: "ACTIVE", to: "IDLE", on: "CommandComplete, no transaction" },
    completeInTransaction: {
      from: "ACTIVE",
      to: "IDLE IN TRANSACTION",
      on: "CommandComplete in a transaction",
    },
    abortTransaction: {
      from: "ACTIVE",
      to: "IDLE IN TRANSACTION (ABORTED)",
      on: "ErrorResponse in a transaction",
    },
    close: { from: OPEN, to: "CLOSED", on: "Terminate" },
    terminate: {
      from: ["CONNECTING", "AUTHENTICATING", "ACTIVE", ...OPEN],
      to: "CLOSED",
      on: "the server stops, or the client's process ends",
    },
  },
});

export const statementMachine = defineMachine({
  name: "statement",
  layer: "database",
  source:
    "PostgreSQL 15: protocol-flow.html (simple query), 13.3 Explicit Locking; SQLite: lockingv3.html",
  initial: "sent",
  states: {
    sent: {},
    executing: {},
    "waiting for a lock": {},
    answering: {},
    done: { final: true },
    failed: { final: true },
  },
  transitions: {
    begin: { from: "sent", to: "executing", on: "the server reads the Query" },
    waitForLock: {
      from: "executing",
      to: "waiting for a lock",
      on: "another transaction holds it",
    },
    tryAgain: {
      from: "waiting for a lock",
      to: "waiting for a lock",
      on: "SQLite's busy handler",
      after: "timeout",
    },
    getLock: { from: "waiting for a lock", to: "executing", on: "the holder's transaction ends" },
    execute: { from: "executing", to: "answering", on: "the last row is made" },
    cancel: {
      from: ["executing", "waiting for a lock"],
      to: "answering",
      on: "canceled by the server",
      after: "lock_timeout, statement_timeout",
    },
    return: { from: "answering", to: "done", on: "the result arrives" },
    fail: { from: ["sent", "answering"], to: "failed", on: "the error arrives" },
    abandon: {
      from: ["sent", "executing", "waiting for a lock", "answering"],
      to: "failed",
      on: "the connection is lost",
    },
  },
});
