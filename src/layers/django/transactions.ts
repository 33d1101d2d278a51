// atomic: BEGIN and COMMIT around a block, savepoints inside another one.
// Source: django/db/transaction.py, Atomic, 3.2; BEGIN is a statement of its own with SQLite.

import type { ThreadConnection } from "./django.ts";
import { type Django, fire, isIn, note } from "./django.ts";
import { autocommitIsOff, connectionOf, pushStatement, usesPostgres } from "./queries.ts";
import { type Frame, type FrameOf, finish, type Run } from "./run.ts";

const BODY = 1;
const LEFT = 2;
const RELEASE = 3;
const ENDED = 4;

export function atomicFrame(django: Django, run: Run, frame: FrameOf<"atomic">): void {
  if (run.raised !== null) {
    leftByException(django, run, frame);
    return;
  }
  switch (frame.pc) {
    case 0:
      enter(django, run, frame);
      return;
    case BODY:
      frame.pc = LEFT;
      entered(django, run, frame);
      if (frame.body !== null) {
        const { body } = frame;
        frame.body = null;
        run.value = null;
        run.frames.push(body);
      }
      return;
    case LEFT:
      frame.value = run.value;
      exit(django, run, frame);
      return;
    case RELEASE:
      frame.pc = ENDED;
      pushStatement(run, `RELEASE SAVEPOINT "${frame.savepoint}"`, true);
      return;
    default:
      ended(django, run, frame);
      return;
  }
}

function enter(django: Django, run: Run, frame: FrameOf<"atomic">): void {
  frame.pc = BODY;
  const connection = connectionOf(django, run);
  if (connection?.inAtomic === true) {
    enterSavepoint(run, frame, connection);
    return;
  }
  if (autocommitIsOff(django, run)) {
    enterOpenTransaction(run, frame, connection);
    return;
  }
  noteTransaction(django, run, "beginTransaction");
  // With PostgreSQL the driver sends BEGIN before the first statement; here it goes at once.
  pushStatement(run, "BEGIN", !usesPostgres(django, run));
}

/** Without autocommit a transaction is open already: the outermost block is a savepoint, and commits nothing. */
function enterOpenTransaction(
  run: Run,
  frame: FrameOf<"atomic">,
  connection: ThreadConnection | undefined,
): void {
  if (connection === undefined) {
    frame.pc = 0;
    pushStatement(run, "BEGIN", false);
    return;
  }
  connection.inAtomic = true;
  connection.needsRollback = false;
  frame.inOpenTransaction = true;
  enterSavepoint(run, frame, connection);
}

function enterSavepoint(run: Run, frame: FrameOf<"atomic">, connection: ThreadConnection): void {
  if (connection.needsRollback) {
    connection.savepoints.push(null);
    return;
  }
  frame.savepoint = `s${THREAD_IDENT + run.slot * 4096}_x${++connection.savepointCount}`;
  connection.savepoints.push(frame.savepoint);
  pushStatement(run, `SAVEPOINT "${frame.savepoint}"`, true);
}

/** BEGIN went through: from here on the thread is in a transaction. */
function entered(django: Django, run: Run, frame: FrameOf<"atomic">): void {
  const connection = connectionOf(django, run);
  if (connection === undefined || connection.inAtomic) return;
  connection.inAtomic = true;
  connection.needsRollback = false;
  frame.outermost = true;
}

/** A frame for an atomic block around another frame. */
export function atomicFrameOf(body: Frame): Frame {
  return {
    kind: "atomic",
    pc: 0,
    costNs: 0,
    outermost: false,
    savepoint: null,
    body,
    value: null,
    failure: null,
  };
}

/** What threading.get_ident() looks like. */
const THREAD_IDENT = 140_000_000_000_000;

function noteTransaction(
  django: Django,
  run: Run,
  transition: "beginTransaction" | "commitTransaction" | "rollBack",
): void {
  if (!isIn(django, run, "view")) return;
  const row = fire(django, run, transition);
  note(django, run, row, () => ({ values: { view: run.observed.view } }));
}

function leftByException(django: Django, run: Run, frame: FrameOf<"atomic">): void {
  const connection = connectionOf(django, run);
  if (frame.pc === BODY || connection === undefined) {
    // BEGIN or SAVEPOINT itself failed: nothing was entered.
    if (frame.savepoint !== null) connection?.savepoints.pop();
    run.frames.pop();
    return;
  }
  if (frame.pc >= RELEASE) {
    run.frames.pop();
    return;
  }
  frame.failure = run.raised;
  run.raised = null;
  exit(django, run, frame);
}

/** __exit__: commit or release when all went well, roll back otherwise. */
function exit(django: Django, run: Run, frame: FrameOf<"atomic">): void {
  const connection = connectionOf(django, run);
  frame.pc = ENDED;
  if (connection === undefined) return;
  const failed = frame.failure !== null || connection.needsRollback;
  if (!frame.outermost) {
    connection.savepoints.pop();
    if (frame.savepoint === null) {
      if (failed) connection.needsRollback = true;
    } else if (failed) {
      connection.needsRollback = false;
      frame.pc = RELEASE;
      pushStatement(run, `ROLLBACK TO SAVEPOINT "${frame.savepoint}"`, true);
    } else {
      pushStatement(run, `RELEASE SAVEPOINT "${frame.savepoint}"`, true);
    }
    return;
  }
  noteTransaction(django, run, failed ? "rollBack" : "commitTransaction");
  pushStatement(run, failed ? "ROLLBACK" : "COMMIT", false);
}

function ended(django: Django, run: Run, frame: FrameOf<"atomic">): void {
  const connection = connectionOf(django, run);
  if (connection !== undefined && (frame.outermost || frame.inOpenTransaction === true)) {
    connection.inAtomic = false;
    connection.needsRollback = false;
  }
  finish(run, frame.value);
  if (frame.failure !== null) run.raised = frame.failure;
}
