// A run in the form of the recordings: one observation for each request of the timeline, and the logs.
import type { ExitStatus } from "../host/processes.ts";
import {
  maskEnviron,
  maskErrorLine,
  maskHeaders,
  maskLogLine,
  maskSql,
  maskTokens,
  type SessionKeys,
  sessionKeys,
} from "./mask.ts";
import type {
  DjangoObservation,
  NginxObservation,
  Observation,
  RequestObservation,
} from "./observation.ts";
import type { Recording } from "./recording.ts";
import type { Scenario } from "./scenario.ts";

export interface ShellRecord {
  readonly at: number;
  readonly shell: string;
  readonly exit: number;
  readonly output: readonly string[];
}

export interface ObservedRun {
  readonly scenario: Scenario;
  readonly recording: Recording;
  /** Request numbers in the order of the timeline. */
  readonly requests: readonly number[];
  readonly shell: readonly ShellRecord[];
  readonly exits: readonly { readonly command: number; readonly status: ExitStatus }[];
  readonly startMs: number;
  /** Simulated time at the timeline's zero: the recordings' error log begins there. */
  readonly zero: number;
}

const ACCESS_LOG = "/var/log/nginx/access.log";
const ERROR_LOG = "/var/log/nginx/error.log";

/** The observation of a run. */
export function observeRun(run: ObservedRun): Observation {
  const keys = keysOf(run);
  const lines = (stream: string): string[] =>
    run.recording.lines
      .filter((line) => line.stream === stream)
      .map((line) => maskLogLine(line.text, keys));
  const { watch, processes } = run.scenario;
  const nginxStart = lines("nginx:start");
  const supervisor = lines("supervisor");
  return {
    requests: run.requests.map((number) =>
      observeRequest(run.recording.observations.get(number) ?? {}, run.startMs, keys),
    ),
    logs: {
      access: lines(ACCESS_LOG),
      gunicorn: run.recording.lines
        .filter((line) => line.stream === "gunicorn" || line.stream === "uwsgi")
        .map((line) => maskLogLine(line.text, keys)),
      django: lines("django"),
      error: run.recording.lines
        .filter((line) => line.stream === ERROR_LOG && line.request < 0 && line.time >= run.zero)
        .map((line) => maskLogLine(line.text, keys)),
      ...(nginxStart.length > 0 && { nginxStart }),
      ...(supervisor.length > 0 && { supervisor }),
      ...(watch !== undefined && {
        files: Object.fromEntries(watch.map((path) => [path, lines(path)])),
      }),
    },
    ...(run.exits.length > 0 && {
      exits: Object.fromEntries(
        run.exits.map(({ command, status }) => [processes[command], status]),
      ),
    }),
    ...(run.shell.length > 0 && { shell: run.shell.map(observeShell) }),
  };
}

function keysOf(run: ObservedRun): SessionKeys {
  const cookies = [...run.recording.observations.values()].flatMap((seen) =>
    ((seen.headers ?? []) as [string, string][])
      .filter(([name]) => name.toLowerCase() === "set-cookie")
      .map(([, value]) => value),
  );
  return cookies.length === 0 ? new Set() : sessionKeys(cookies, JSON.stringify(run.scenario));
}

function observeShell(record: ShellRecord): {
  at: number;
  shell: string;
  exit: number;
  output: string[];
} {
  return { ...record, output: record.output.map((line) => maskLogLine(line)) };
}

function observeRequest(
  part: Record<string, unknown>,
  startMs: number,
  keys: SessionKeys,
): RequestObservation {
  const seen = part as unknown as Partial<RequestObservation>;
  const answered = seen.status !== null && seen.status !== undefined;
  return {
    ...seen,
    status: seen.status ?? null,
    headers: maskHeaders(seen.headers ?? [], startMs, keys),
    bodyBytes: seen.bodyBytes ?? 0,
    by: answered || seen.by === "upstream" ? (seen.by ?? null) : null,
    ...(seen.body !== undefined && { body: maskTokens(seen.body, keys) }),
    ...(seen.nginx !== undefined && { nginx: observeNginx(seen.nginx, keys) }),
    ...(seen.wsgi !== undefined && { wsgi: maskEnviron(seen.wsgi, keys) }),
    ...(seen.django !== undefined && { django: observeDjango(seen.django) }),
  };
}

function observeNginx(nginx: NginxObservation, keys: SessionKeys): NginxObservation {
  return {
    ...nginx,
    ...(nginx.errorLog !== undefined && {
      errorLog: nginx.errorLog.map((line) => maskErrorLine(line, keys)),
    }),
  };
}

function observeDjango(django: DjangoObservation): DjangoObservation {
  return { ...django, ...(django.sql !== undefined && { sql: django.sql.map(maskSql) }) };
}
