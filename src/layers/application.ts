// How an application server and a WSGI application meet: PEP 3333 as calls and callbacks. A server
// (gunicorn, uwsgi) registers a WsgiServer; the application (Django) is a WsgiApplication. A slot is
// one thread that can run one call: the server numbers them.

import type { Chunk } from "../host/network.ts";
import type { Pid } from "../host/processes.ts";
import type { RequestNumber } from "../kernel/simulation.ts";

/** A WSGI environ's text values, in the order they were inserted. */
export type Environ = ReadonlyMap<string, string>;

export type LoadResult =
  | { readonly ok: true }
  /** Importing raised: `Traceback …` lines with `  <frames>` for the frames, last line `ModuleNotFoundError: …`. */
  | {
      readonly ok: false;
      readonly reason: "import-error";
      readonly traceback: readonly string[];
      readonly exception: string;
    }
  /** The module has no such attribute, or it is not callable. */
  | {
      readonly ok: false;
      readonly reason: "no-attribute";
      readonly attribute: string;
      readonly module: string;
    };

export interface WsgiApplication {
  /** Imports `module:attribute` in a process. Answers at once; `costNs` of CPU is what it takes. */
  load(
    pid: Pid,
    options: {
      readonly module: string;
      readonly attribute: string;
      readonly chdir: string;
      readonly env: Readonly<Record<string, string>>;
    },
  ): { readonly result: LoadResult; readonly costNs: number };
  /** fork(): the child has in memory what its parent had imported (gunicorn --preload, uwsgi). */
  forked?(parent: Pid, child: Pid): void;
  /** Calls the application: answers by the callbacks of the server for this slot. */
  call(server: number, slot: number, pid: Pid, environ: Environ, request: RequestNumber): void;
  /** The bytes the application asked for with `readBody` are there (null: the client went away). */
  bodyArrived(slot: number, body: readonly Chunk[] | null): void;
  /** The server wrote what it was given and wants the next item of the body. */
  next(slot: number): void;
  /** close() of the response iterable, after the last byte or when the server gives up writing. */
  close(slot: number): void;
  /** An exception is raised inside whatever the call is doing (SystemExit by a signal handler). */
  interrupt(slot: number, exception: string): void;
  /** The process is gone: forget its calls and what it had loaded. */
  processEnded(pid: Pid): void;
}

/** What the server hears from the application, by slot. */
export interface WsgiServer {
  startResponse(
    slot: number,
    status: string,
    headers: readonly (readonly [string, string])[],
  ): void;
  /** One item of the response iterable. The application waits until the server calls `next`. */
  item(slot: number, chunk: Chunk): void;
  /** The iterable is exhausted. */
  exhausted(slot: number): void;
  /** The call or the iteration raised; `traceback` as in LoadResult. */
  raised(slot: number, exception: string, traceback: readonly string[]): void;
  /** The application reads `bytes` of the body (all that is left when null): answer with bodyArrived. */
  readBody(slot: number, bytes: number | null): void;
  /** A line the application printed to stderr (the process's error log). */
  stderr(slot: number, line: string): void;
}
