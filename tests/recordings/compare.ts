// Compares an observation of the simulator with a recording of the real programs, field by field. The
// fields and the two loosenesses (compressed sizes, Django's DEBUG pages) are those of the recordings'
// own scoring.
import { isDeepStrictEqual } from "node:util";
import type { Observation, RequestObservation } from "../../src/simulation/observation.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

export interface Recorded {
  readonly scenario: Scenario;
  readonly observation: Observation;
  /** Fields that differed between two runs of the real programs: `requests[3].ms`, `logs.gunicorn`. */
  readonly unstable?: readonly string[];
}

export interface Difference {
  readonly group: Group;
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export const GROUPS = {
  outcome: ["status", "error", "by"],
  headers: ["headers"],
  body: ["bodyBytes"],
  nginx: [
    "nginx.server",
    "nginx.location",
    "nginx.uri",
    "nginx.upstreamAddr",
    "nginx.upstreamStatus",
    "nginx.cacheStatus",
    "nginx.limitReqStatus",
    "nginx.errorLog",
  ],
  wsgi: ["wsgi"],
  django: [
    "django.middleware",
    "django.view",
    "django.urlName",
    "django.kwargs",
    "django.exception",
    "django.queries",
  ],
} as const;
export type Group = keyof typeof GROUPS;
export const LOGS = ["access", "gunicorn", "django"] as const;

const at = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

function same(left: unknown, right: unknown): boolean {
  return (isEmpty(left) && isEmpty(right)) || isDeepStrictEqual(left, right);
}

/** The differences of request `index`; none when the simulator is right in every compared field. */
export function compareRequest(
  recorded: Recorded,
  actual: RequestObservation | undefined,
  index: number,
): Difference[] {
  const expected = recorded.observation.requests[index];
  const unstable = unstableFields(recorded, `requests[${index}].`);
  const loose = sizeIsInexact(recorded.scenario, expected);
  const [left, right] = loose ? loosened(expected, actual) : [expected, actual];
  const differences: Difference[] = [];
  for (const [group, paths] of Object.entries(GROUPS) as [Group, readonly string[]][]) {
    for (const path of paths) {
      if (
        unstable.some(
          (field) => path === field || path.startsWith(`${field}.`) || field.startsWith(`${path}.`),
        )
      )
        continue;
      if (!same(at(left, path), at(right, path)))
        differences.push({ group, path, expected: at(left, path), actual: at(right, path) });
    }
  }
  return differences;
}

/** Whether a log is right; null when it is not compared. */
export function compareLog(
  recorded: Recorded,
  actual: Observation | null,
  log: (typeof LOGS)[number],
): boolean | null {
  if (recorded.unstable?.includes(`logs.${log}`)) return null;
  const loose = recorded.observation.requests.some((request) =>
    sizeIsInexact(recorded.scenario, request),
  );
  const lines = (observation: Observation | null): string[] => {
    const all = observation?.logs?.[log] ?? [];
    return loose ? all.map((line) => line.replace(/" (\d{3}) \d+/, '" $1 <size>')) : all;
  };
  const [expected, got] = [lines(recorded.observation), lines(actual)];
  return isEmpty(expected) && isEmpty(got) ? null : same(expected, got);
}

function unstableFields(recorded: Recorded, prefix: string): string[] {
  return (recorded.unstable ?? [])
    .filter((field) => field.startsWith(prefix))
    .map((field) => field.slice(prefix.length).replace(/\[.*$/, ""));
}

function isCompressed(request: RequestObservation): boolean {
  return (
    request.headers?.some(([name, value]) => name === "content-encoding" && value === "gzip") ??
    false
  );
}

function sizeIsInexact(scenario: Scenario, expected: RequestObservation): boolean {
  if (isCompressed(expected)) return true;
  const debug = Object.entries(scenario.files).some(
    ([path, file]) =>
      path.endsWith(".py") && typeof file === "string" && /^DEBUG = True/m.test(file),
  );
  return (
    debug && expected.by === "django" && (expected.status ?? 0) >= 400 && expected.bodyBytes > 1000
  );
}

function loosened(
  expected: RequestObservation,
  actual: RequestObservation | undefined,
): [unknown, unknown] {
  const withoutLength = (request: RequestObservation | undefined): unknown => ({
    ...request,
    headers: request?.headers?.map(([name, value]) => [
      name,
      name === "content-length" ? "<size>" : value,
    ]),
  });
  const ratio = (actual?.bodyBytes ?? 0) / expected.bodyBytes;
  const near = isCompressed(expected) ? Math.abs(ratio - 1) < 0.1 : ratio > 0;
  return [
    withoutLength(expected),
    withoutLength(
      near && actual !== undefined ? { ...actual, bodyBytes: expected.bodyBytes } : actual,
    ),
  ];
}
