// One call of the application while it runs: Django's call stack as explicit frames, and what hangs on
// the request object. Plain data throughout, so that a run can be stopped anywhere and copied.

import type { Pid } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { Entity, RequestNumber } from "../../kernel/simulation.ts";
import type { Environ } from "../application.ts";
import type { SqlRow, SqlValue } from "../database-client.ts";
import type { HttpRequest } from "./http-request.ts";
import type { Response } from "./http-response.ts";
import type { PyException } from "./python-values.ts";
import type { ResolverMatch } from "./resolver.ts";
import type { Decorator, ViewSpec, ViewStep } from "./view-spec.ts";

/** What a frame may hand to the one that called it. */
export type Value = Response | readonly SqlRow[] | null;

export type Wait = "" | "cpu" | "sleep" | "connect" | "query" | "body" | "next";

/** The user of a request: null is AnonymousUser. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly isSuperuser: boolean;
  readonly password: string;
}

export interface Session {
  /** The key, or null before the first save. */
  key: string | null;
  /** The data, or null while they have not been read. */
  data: Record<string, string> | null;
  accessed: boolean;
  modified: boolean;
  /** Whether the middleware has saved it already. */
  saved: boolean;
  /** Whether the middleware found it empty on the way out, or null before that. */
  emptyAtEnd: boolean | null;
}

export interface CsrfState {
  /** META['CSRF_COOKIE']: the masked token, or null. */
  cookie: string | null;
  cookieUsed: boolean;
  needsReset: boolean;
  processingDone: boolean;
  /** Why the request was refused, until the refusal has been logged. */
  rejection: string | null;
}

export interface MessageState {
  /** What the cookie held, or null before it was read; [] when there was none. */
  loaded: readonly string[] | null;
  hadCookie: boolean;
  used: boolean;
  queued: string[];
}

interface FrameBase {
  pc: number;
  /** CPU time to pay before the frame's first step. */
  costNs: number;
}

export type Frame = FrameBase &
  (
    | { kind: "handler"; response: Response | null }
    | {
        kind: "middleware";
        index: number;
        response: Response | null;
        /** For those who look: the response before it was touched, and the row of the way in. */
        before?: readonly string[];
        row?: number;
      }
    | { kind: "innermost" }
    | {
        kind: "getResponse";
        index: number;
        response: Response | null;
        raised: PyException | null;
        /** For those who look: the row of the process_view that was asked last. */
        row?: number;
      }
    | {
        kind: "decorators";
        list: readonly Decorator[];
        index: number;
        response: Response | null;
        view: string;
      }
    | {
        kind: "steps";
        steps: readonly ViewStep[];
        response: Response | null;
        view: string;
        nested?: boolean;
      }
    | { kind: "stockView"; view: string; response: Response | null; user?: SqlRow | null }
    | {
        kind: "atomic";
        outermost: boolean;
        /** With AUTOCOMMIT off: this block entered the transaction that was open already. */
        inOpenTransaction?: true;
        savepoint: string | null;
        body: Frame | null;
        value: Value;
        failure: PyException | null;
      }
    | { kind: "convert"; exception: PyException; response: Response | null }
    | {
        kind: "errorView";
        exception: PyException;
        status: number;
        /** What a handler raised, while handler500 answers for it. */
        handling?: PyException;
      }
    | {
        kind: "query";
        sql: string;
        params: readonly SqlValue[];
        stepCostNs: number;
        rows: number;
        counted: boolean;
        query: Entity;
        startedAt: number;
        silent: boolean;
      }
    | { kind: "readBody"; parse: boolean }
    | { kind: "loadSession" }
    | { kind: "saveSession"; create: boolean }
    | { kind: "createSession" }
    | { kind: "cycleSession"; oldKey: string | null }
    | { kind: "deleteSession"; key: string | null; flush: boolean }
    | { kind: "loadUser" }
    | { kind: "loadPermissions" }
    | { kind: "login"; username: string; user: User | null }
    | { kind: "logout" }
    | {
        kind: "template";
        name: string;
        context: Readonly<Record<string, unknown>>;
        target: Response | null;
        /** Rendered without the request: no context processors. */
        bare?: boolean;
      }
  );

export type FrameKind = Frame["kind"];
export type FrameOf<K extends FrameKind> = Extract<Frame, { kind: K }>;

export interface Run {
  readonly slot: number;
  readonly server: number;
  readonly pid: Pid;
  readonly request: RequestNumber;
  readonly entity: Entity;
  readonly environ: Environ;
  readonly startedAt: number;
  /** The scenario's views as they were when the call began: code that runs is not exchanged. */
  readonly views: Readonly<Record<string, ViewSpec>>;
  /** Somebody looks: every piece of work happens at its own moment. */
  readonly isWatched: boolean;
  /** Work on the processor that was done in advance and is still to be paid for (private-steps.ts). */
  owedNs: number;
  /** A step took a time of its own, drawn for this request. */
  varies: boolean;
  frames: Frame[];
  /** What the last frame returned. */
  value: Value;
  /** Rows that the last statement returned or changed. */
  affected: number;
  /** The exception that travels up, or null. */
  raised: PyException | null;
  wait: Wait;
  timer: EventHandle;
  http: HttpRequest | null;
  match: ResolverMatch | null;
  session: Session | null;
  /** Whether request.user exists (AuthenticationMiddleware ran). */
  hasUser: boolean;
  /** Undefined until it has been asked for; null is AnonymousUser. */
  user: User | null | undefined;
  permissionsLoaded: boolean;
  csrf: CsrfState;
  messages: MessageState | null;
  /** request.LANGUAGE_CODE, once LocaleMiddleware has chosen it. */
  language: string | null;
  /** request._cache_update_cache of the site-wide cache. */
  cacheUpdate: boolean;
  /** Memory that its view has taken and not given back. */
  heldBytes: number;
  /** How many random texts the run has drawn. */
  draws: number;
  response: Response | null;
  started: boolean;
  /** Items of the body delivered so far. */
  delivered: number;
  observed: Observed;
}

/** What the recordings say of a request in Django. */
export interface Observed {
  middleware: string[];
  view?: string;
  matched?: string;
  urlName?: string;
  kwargs?: Record<string, string>;
  args?: string[];
  exceptions: string[];
  queries: number;
  sql: string[];
}

/** Calls a frame: the caller goes on when it has returned. */
export function push(run: Run, frame: Frame): void {
  run.value = null;
  run.frames.push(frame);
}

/** The top frame returns a value. */
export function finish(run: Run, value: Value): void {
  run.frames.pop();
  run.value = value;
}

/** Something raises: frames are left until one catches, the top one included. */
export function raise(run: Run, name: string, message = "", cause?: PyException): void {
  raiseException(run, cause === undefined ? { name, message } : { name, message, cause });
}

export function raiseException(run: Run, exception: PyException): void {
  run.raised = exception;
}

/** The frame's value as a response, when it is one. */
export function asResponse(value: Value): Response | null {
  return value !== null && "status" in value ? (value as Response) : null;
}
