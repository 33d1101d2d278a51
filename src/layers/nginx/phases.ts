// The contract between nginx's request engine and its modules: handlers ordered by phase, content
// handlers by name, filters of the response, and what a handler may ask of the engine. It mirrors
// ngx_http_core_run_phases and the module hooks.
// Source: src/http/ngx_http_core_module.c, ngx_http_core_run_phases and the checkers.
import type { Chunk, SocketId } from "../../host/network.ts";
import type { Host } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import type { Facts } from "../layer.ts";
import type { NameQuestions } from "../name-lookup.ts";
import type { RequestTransition } from "./machine.ts";
import type { ClientConnection, NginxRequest, RequestId } from "./request.ts";
import type { DirectiveRow, HttpConf, Setting } from "./settings.ts";
import type { Template } from "./template.ts";

/**
 * What a handler answers. "next": not mine, the next handler (NGX_DECLINED); "ok": this phase is done (NGX_OK);
 * "again": it waits, and will call `resume` (NGX_AGAIN); "done": it has answered or redirected or will finalize by
 * itself (NGX_DONE); a number: the request ends with this status and its page (444 closes).
 */
export type PhaseResult = "next" | "ok" | "again" | "done" | number;

export type PhaseHandler = (context: NginxContext, request: NginxRequest) => PhaseResult;

/** Phases that modules hang handlers into; the others belong to the core. */
export type PhaseName =
  | "post-read"
  | "server-rewrite"
  | "rewrite"
  | "preaccess"
  | "access"
  | "precontent"
  | "content"
  | "log";

export type LogLevel = "emerg" | "alert" | "crit" | "error" | "warn" | "notice" | "info" | "debug";

// biome-ignore lint/suspicious/noConfusingVoidType: most filters answer nothing at all.
export type HeaderFilterResult = number | undefined | void;

/** How a variable gets its value; null: not found (empty, `-` in logs). */
/** The directive that a request's timer obeys, and what it waits for: for those who look. */
export interface RequestClock {
  readonly name: string;
  readonly waitsFor: string;
  readonly otherwise: string;
  /** Where the configuration sets it; null for nginx's default. */
  readonly span: Setting<unknown>["span"];
  readonly setBy?: string;
}

export interface VariableRow {
  /** `upstream_addr`, or a prefix ending in `_` for families: `upstream_http_`. */
  readonly name: string;
  readonly prefix?: true;
  get(context: NginxContext, request: NginxRequest, suffix: string): string | null;
}

/**
 * A module: all that it adds to nginx. Handlers of one phase run in the order of the modules of `modules.ts`, which
 * is the order nginx runs them in. Everything is optional but the name.
 */
export interface NginxModule {
  readonly name: string;
  readonly directives?: readonly DirectiveRow[];
  readonly variables?: readonly VariableRow[];
  readonly phases?: Partial<Record<PhaseName, PhaseHandler>>;
  /** Content handlers by the name that DirectiveRow.handler gives. */
  readonly content?: Readonly<Record<string, PhaseHandler>>;
  /**
   * Changes the response's header before it is written. May change `out`. A status instead (412, 416) has its page
   * sent in place of the answer.
   */
  headerFilter?(context: NginxContext, request: NginxRequest): HeaderFilterResult;
  /** Changes body chunks on their way out; `last` when no more come. */
  bodyFilter?(
    context: NginxContext,
    request: NginxRequest,
    chunks: readonly Chunk[],
    last: boolean,
  ): readonly Chunk[];
  /** The client's body is complete (after `readBody`). */
  bodyReady?(context: NginxContext, request: NginxRequest): void;
  /** The client went away while this module was waited for; true when the module dealt with it. */
  clientGone?(context: NginxContext, request: NginxRequest): boolean;
  /** A subrequest made by this module has ended with this status; the module resumes the parent. */
  subrequestDone?(
    context: NginxContext,
    parent: NginxRequest,
    child: NginxRequest,
    status: number,
  ): void;
  /** The request is freed, whatever happened: release what is held for it. */
  cleanup?(context: NginxContext, request: NginxRequest): void;
  /** When http is complete: checks across levels; the first problem stops nginx (with its place in the text). */
  finishHttp?(
    http: HttpConf,
    resolve: (name: string) => readonly string[] | null,
  ): { readonly emerg: string } | null;
  /** Called once at install: register events and socket handlers, make the module's state in the world. */
  install?(context: NginxContext): void;
  /** A worker process is told to finish: close what idles (kept upstream connections). */
  workerQuits?(context: NginxContext, worker: number): void;
  /** A worker process ended: forget what is kept for it. */
  workerEnded?(context: NginxContext, worker: number): void;
}

/** What the engine offers. One for each host; holds no state of its own. */
export interface NginxContext {
  readonly host: Host;
  readonly sim: Simulation;
  /** The DNS server that `resolver` names; null where nobody answers. */
  readonly names: NameQuestions | null;

  request(id: RequestId): NginxRequest | null;
  connection(socket: SocketId): ClientConnection | null;
  /** This module's own plain state in the world: world.nginx.modules[name], made by `make` the first time. */
  moduleState<T>(name: string, make: () => T): T;

  /** Fires a transition of the request machine; the facts are made only when somebody looks. */
  step(
    request: NginxRequest,
    transition: RequestTransition,
    value?: number,
    facts?: () => Facts,
  ): void;

  /** Goes on with the phases after "again". */
  resume(request: NginxRequest): void;
  /**
   * Ends the request (ngx_http_finalize_request): a status ≥ 300 makes its page or error_page; "ok" after a complete
   * response; "error" closes the connection after what was sent (a cut response).
   */
  finalize(request: NginxRequest, result: number | "ok" | "error"): void;
  /** Null for no arguments at all. `why` gives the cause and the candidates to those who look. */
  internalRedirect(
    request: NginxRequest,
    uri: string,
    args: string | null,
    why?: () => Facts,
  ): void;
  namedLocation(request: NginxRequest, name: string, why?: () => Facts): void;

  /** Reads the client's whole body, then calls `bodyReady` of the module (perhaps at once). A status on refusal. */
  readBody(request: NginxRequest, module: string): PhaseResult;
  /** Sends the response's header through the filters (Server, Date and the rest are added here). */
  sendHeader(request: NginxRequest): void;
  /** Sends body chunks through the filters; `last` ends the body. Nothing is sent for HEAD and 304. */
  sendBody(request: NginxRequest, chunks: readonly Chunk[], last: boolean): void;
  /** Bytes sent to the client that its kernel has not taken yet. */
  unsentBytes(request: NginxRequest): number;

  /** Starts a subrequest; its response goes nowhere, `subrequestDone` of the module hears of its end. */
  subrequest(request: NginxRequest, options: SubrequestOptions): NginxRequest;

  /** The value of a text with variables for this request. */
  evaluate(template: Template, request: NginxRequest): string;
  /** A variable's value; null when not found. */
  variable(name: string, request: NginxRequest): string | null;

  /** A line of the error log with its tail (`while …, client: …`), if the level lets it through. */
  /** A line of a worker that belongs to no request. */
  logWorker(worker: number, level: LogLevel, text: string): void;
  logError(request: NginxRequest, level: LogLevel, message: string): void;

  /** A slot of worker_connections for an upstream connection; false when there is none (alert is logged). */
  takeSlot(request: NginxRequest): boolean;
  freeSlot(worker: number): void;

  /** Starts (again) the request's timer: event `kind` with a = request id. */
  setTimer(request: NginxRequest, delay: Span, kind: number, clock?: RequestClock): void;
  clearTimer(request: NginxRequest): void;
  cancel(handle: EventHandle): void;
  now(): Instant;
  /** nginx's cached time in whole milliseconds since 1970. */
  nowMs(): number;
}

export interface SubrequestOptions {
  readonly module: string;
  readonly uri: string;
  readonly args: string;
  /** Only the status and headers are wanted (auth_request); the body is dropped anyway. */
  readonly headerOnly?: boolean;
  /** Goes on when the parent has ended (mirror, background cache update). */
  readonly background?: boolean;
}
