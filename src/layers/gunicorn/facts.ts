// The facts noted at a request's steps: what decided, what was weighed, and the real bytes.
import { formatSpan, SECOND } from "../../kernel/time.ts";
import type { LoadResult } from "../application.ts";
import type { Alternative, Cause, Facts, Field } from "../layer.ts";
import { causeOf, type GunicornConfig, numberOf } from "./config.ts";
import type { HeaderList } from "./response.ts";
import { idleTurnNs } from "./watching.ts";
import type { Connection, Master, Worker } from "./world.ts";

export interface AcceptedBy {
  readonly worker: Worker;
  /** The listening socket, as text. */
  readonly listener: string;
  /** Connections still waiting behind this one. */
  readonly queued: number;
  readonly others: readonly Alternative[];
  readonly number: number;
  readonly thread: number;
}

function because(config: GunicornConfig, name: string, note: string): { cause?: Cause } {
  const cause = causeOf(config, name);
  return cause === undefined ? {} : { cause: { ...cause, note } };
}

function processesText(count: number): string {
  return count === 1 ? "1 worker process" : `${count} worker processes`;
}

export function acceptFacts({
  worker,
  listener,
  queued,
  others,
  number,
  thread,
}: AcceptedBy): Facts {
  const { config } = worker;
  const workers = numberOf(config, "workers");
  const chosen: Alternative = {
    text: `worker ${number} (pid ${worker.pid})`,
    verdict: others.length === 0 ? "the only worker" : "accept() returned the connection to it",
    chosen: true,
  };
  return {
    values: {
      worker: worker.pid,
      number,
      workers,
      listener,
      queued,
      thread,
      kind: config.workerKind,
      timeout: numberOf(config, "timeout"),
    },
    ...because(config, "workers", `${processesText(workers)} on one listening socket`),
    alternatives: [chosen, ...others],
  };
}

/** What the stage shows of the arbiter: the settings that shape the server, each with its place. */
export function arbiterFacts(master: Master): Facts {
  const { config } = master;
  const shaping = [
    "bind",
    "workers",
    "threads",
    "worker_class",
    "timeout",
    "graceful_timeout",
    "backlog",
    "max_requests",
    "preload_app",
  ];
  const fields = shaping.map((name) => {
    const value = config.settings.get(name)?.value;
    const text = Array.isArray(value) ? value.join(" ") : String(value);
    return { name, value: text, note: causeOf(config, name)?.note ?? "default" };
  });
  return {
    values: {
      pid: master.pid,
      backlog: numberOf(config, "backlog"),
      workers: numberOf(config, "workers"),
    },
    ...because(config, "workers", processesText(numberOf(config, "workers"))),
    messages: [{ kind: "table", title: "Settings", fields }],
  };
}

/** What the stage shows of a worker; its rows are the finer grain of the request's. */
export function workerFacts(worker: Worker): Facts {
  return {
    values: {
      pid: worker.pid,
      timeoutNs: numberOf(worker.config, "timeout") * SECOND,
      beatAt: worker.lastBeat,
      beatEveryNs: idleTurnNs(worker),
      beatsWhileBusy: worker.config.workerKind !== "sync",
      requests: worker.requests,
    },
    fine: true,
  };
}

export function receiveFacts(connection: Connection): Facts {
  return {
    values: {
      received: connection.head.length,
      wanted: connection.wanted?.bytes ?? 0,
      got: connection.wanted?.gotBytes ?? 0,
    },
    fine: true,
  };
}

export function parseFacts(worker: Worker, connection: Connection): Facts {
  const head = connection.parsed;
  if (head === null) return {};
  const { limits, config } = worker;
  const lineBytes = head.text.indexOf("\r\n");
  const rule = (text: string, verdict: string): Alternative => ({ text, verdict, chosen: false });
  return {
    values: {
      method: head.method,
      uri: head.uri,
      version: `HTTP/${head.version.join(".")}`,
      headers: head.headers.length,
      bytes: head.text.length,
      body: head.framing.kind === "chunked" ? "chunked" : head.framing.bytes,
    },
    ...because(config, "limit_request_line", `${lineBytes} bytes are within limit_request_line`),
    alternatives: [
      rule("limit_request_line", `${lineBytes} of ${limits.lineBytes || "unlimited"} bytes`),
      rule("limit_request_fields", `${head.headers.length} of ${limits.fields} headers`),
      rule(
        "limit_request_field_size",
        `no header is longer than ${limits.fieldBytes || "unlimited"} bytes`,
      ),
    ],
    messages: [
      {
        kind: "http",
        title: "Request as gunicorn reads it",
        head: head.text,
        bodyBytes: head.framing.kind === "length" ? head.framing.bytes : 0,
      },
    ],
  };
}

export function rejectFacts(worker: Worker, connection: Connection): Facts {
  const { error } = connection;
  if (error === null) return {};
  const setting =
    error.name === "LimitRequestLine"
      ? "limit_request_line"
      : error.text.includes("size")
        ? "limit_request_field_size"
        : "limit_request_fields";
  const limited = error.name === "LimitRequestLine" || error.name === "LimitRequestHeaders";
  return {
    values: { error: error.name, message: error.text, status: error.status },
    ...(limited ? because(worker.config, setting, error.text) : {}),
    messages: [
      {
        kind: "http",
        title: "What gunicorn received",
        head: connection.head.slice(0, 2000),
        bodyBytes: 0,
      },
    ],
  };
}

const ENVIRON_NOTES: Readonly<Record<string, string>> = {
  REMOTE_ADDR: "the TCP peer, not the browser; empty on a unix socket",
  "wsgi.url_scheme": "from a trusted X-Forwarded-Proto, otherwise http",
  PATH_INFO: "percent-decoded",
  RAW_URI: "as sent",
  SERVER_PROTOCOL: "nginx speaks HTTP/1.0 to its upstreams unless told otherwise",
  QUERY_STRING: "not decoded",
};

export function environFacts(worker: Worker, connection: Connection): Facts {
  const environ = connection.environ ?? new Map<string, string>();
  const head = connection.parsed;
  const fields: Field[] = [...environ].map(([name, value]) => {
    const note = ENVIRON_NOTES[name];
    return note === undefined ? { name, value } : { name, value, note };
  });
  const trusted = head?.schemeHeader !== null && head?.schemeHeader !== undefined;
  return {
    values: {
      entries: environ.size,
      scheme: environ.get("wsgi.url_scheme") ?? "http",
      address: environ.get("REMOTE_ADDR") ?? "",
      schemeHeader: head?.schemeHeader ?? null,
    },
    ...because(
      worker.config,
      "forwarded_allow_ips",
      trusted
        ? `${head?.schemeHeader} of a trusted peer sets the scheme`
        : "no scheme header of a trusted peer",
    ),
    messages: [{ kind: "table", title: "WSGI environ", fields }],
  };
}

export function callFacts(worker: Worker, connection: Connection): Facts {
  const { config } = worker;
  return {
    values: {
      module: config.module,
      attribute: config.attribute,
      worker: worker.pid,
      path: connection.parsed?.path ?? "",
      served: worker.requests,
    },
    ...(config.applicationCause === null
      ? {}
      : {
          cause: {
            ...config.applicationCause,
            note: `${config.module}:${config.attribute} is the application`,
          },
        }),
  };
}

export function startFacts(connection: Connection, headers: HeaderList): Facts {
  const { response } = connection;
  if (response === null) return {};
  const fields = headers.map(([name, value]) => ({ name, value }));
  return {
    values: {
      status: response.status,
      headers: headers.length,
      chunked: response.chunked,
      length: response.length,
    },
    messages: [
      {
        kind: "table",
        title: "start_response()",
        fields: [{ name: "status", value: response.status }, ...fields],
      },
    ],
  };
}

export function headSentFacts(connection: Connection, head: string): Facts {
  const { response, item } = connection;
  const connectionHeader = /\r\nConnection: ([^\r]*)/.exec(head)?.[1] ?? "";
  return {
    values: {
      status: response?.status ?? "",
      bytes: head.length,
      connection: connectionHeader,
      chunked: response?.chunked ?? false,
    },
    messages: [
      {
        kind: "http",
        title: "Head of the response",
        head,
        bodyBytes: response?.length ?? item?.bytes ?? 0,
      },
    ],
  };
}

export function itemFacts(
  connection: Connection,
  item: { text: string | null; bytes: number },
  bytes: number,
): Facts {
  return {
    values: {
      bytes,
      total: connection.response?.sent ?? 0,
      length: connection.response?.length ?? null,
    },
    messages: [
      {
        kind: "http",
        title: "Body as gunicorn writes it",
        head: "",
        ...(item.text === null ? {} : { body: item.text.slice(0, bytes) }),
        bodyBytes: bytes,
      },
    ],
  };
}

export function completeFacts(connection: Connection, line: string | null): Facts {
  return {
    values: {
      status: connection.response?.status ?? "",
      bytes: connection.response?.sent ?? 0,
      line,
    },
  };
}

export function exceptionFacts({
  exception,
  traceback,
}: {
  exception: string;
  traceback: readonly string[];
}): Facts {
  const fields = traceback.map((value, index) => ({ name: String(index + 1), value }));
  return { values: { exception }, messages: [{ kind: "table", title: "Traceback", fields }] };
}

export function errorPageFacts(head: string, body: string, line: string | null): Facts {
  const status = head.slice(9, head.indexOf("\r\n"));
  return {
    values: { status, line },
    messages: [
      { kind: "http", title: "Gunicorn's own error page", head, body, bodyBytes: body.length },
    ],
  };
}

/** The worker was aborted while it served this request. */
export function abortFacts(
  worker: Worker,
  now: number,
  reason: "timeout" | "quit" | "kill",
): Facts {
  const { config } = worker;
  const silent = now - worker.lastBeat;
  const timeout = numberOf(config, "timeout");
  const note = `no heartbeat for ${formatSpan(silent)}, more than timeout ${timeout} s`;
  return {
    values: { worker: worker.pid, reason, silent: formatSpan(silent), timeout },
    ...(reason === "timeout" ? because(config, "timeout", note) : {}),
  };
}

/** The application could not be imported: what the arbiter will make of the exit code. */
export function bootFailureFacts(
  worker: Worker,
  load: Extract<LoadResult, { ok: false }>,
  code: number,
): Facts {
  const { config } = worker;
  const why =
    load.reason === "no-attribute"
      ? `${load.module} has no ${load.attribute}`
      : `Importing ${config.module} raised ${load.exception.split(":")[0]}`;
  return {
    values: { code, why },
    ...(config.applicationCause !== null && { cause: config.applicationCause }),
  };
}
