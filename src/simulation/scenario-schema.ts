// The shape of a scenario file, checked before anything runs. A wrong file gets the path of the wrong
// value and what was expected there; unknown keys are named, since a mistyped key is a silent mistake.
import * as v from "valibot";

export const ACTIONS_MAX = 10_000;
/** Chunks of one body, each of which is sent by itself. */
export const CHUNKS_MAX = 100_000;
export const TEXT_CHARACTERS_MAX = 2_000_000;
/** Bodies are counted, not allocated; a terabyte is beyond what any of the programs would take. */
const BODY_BYTES_MAX = 1e12;
/** More requests a second than any machine of a scenario could take; a run of them would not end. */
export const RATE_MAX = 100_000;
/** Ninety days, ms: well beyond it integer nanoseconds would lose exactness (time.ts). */
const AT_MS_MAX = 90 * 86_400_000;
const NESTING_MAX = 20;
const JSON_NESTING_MAX = 100;
const JSON_NESTING = `nested at most ${JSON_NESTING_MAX} deep`;
const ARRIVALS_MAX = 1_000_000;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(AT_MS_MAX));
const bodyBytes = v.pipe(count, v.maxValue(BODY_BYTES_MAX));
const texts = v.record(v.string(), v.string());
const isoDate = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}/, "a date such as 2024-01-01T00:00:00Z"),
);
const mode = v.pipe(v.string(), v.regex(/^[0-7]{3,4}$/, "permission bits such as 0644"));
const path = v.pipe(v.string(), v.startsWith("/", "an absolute path"));

function isNestedAtMost(depth: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isNestedAtMost(depth - 1, inner));
}

const isJsonShallow = (value: unknown): boolean => isNestedAtMost(JSON_NESTING_MAX, value);

/** Any JSON; deeper nesting than anybody writes would need more stack than there is. */
const json = v.pipe(v.unknown(), v.check(isJsonShallow, JSON_NESTING));

/** The branch is chosen by the first key that names one, so that the messages speak of that branch. */
function keyed(
  branches: Readonly<Record<string, v.GenericSchema<unknown>>>,
): v.GenericSchema<unknown> {
  const names = Object.keys(branches);
  const none = v.custom<unknown>(() => false, `an object with one of the keys ${names.join(", ")}`);
  return v.lazy((input) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return none;
    const name = names.find((key) => Object.hasOwn(input, key));
    return name === undefined ? none : branches[name];
  });
}

const ownership = {
  mode: v.optional(mode),
  owner: v.optional(v.string()),
  mtime: v.optional(isoDate),
};
const fileObject = keyed({
  text: v.strictObject({ text: v.string(), ...ownership }),
  bytes: v.strictObject({ bytes: bodyBytes, ...ownership }),
  cert: v.strictObject({
    cert: v.array(v.string()),
    notBefore: v.optional(isoDate),
    notAfter: v.optional(isoDate),
  }),
  key: v.strictObject({ key: v.literal(true) }),
  link: v.strictObject({ link: v.string() }),
  mode: v.strictObject(ownership),
  owner: v.strictObject(ownership),
  mtime: v.strictObject(ownership),
});
const isEmpty = (input: unknown): boolean =>
  typeof input === "object" && input !== null && Object.keys(input).length === 0;

const file = v.lazy((input) => {
  if (isEmpty(input)) return v.strictObject({});
  return typeof input === "string" ? v.string() : fileObject;
}) as v.GenericSchema<unknown>;

/** `"/srv/media/": {}` is a directory with nothing said about it; a file says at least its text. */
function onlyDirectoriesAreEmpty({
  dataset,
  addIssue,
}: v.RawCheckContext<Readonly<Record<string, unknown>>>): void {
  if (!dataset.typed) return;
  for (const [key, value] of Object.entries(dataset.value))
    if (isEmpty(value) && !key.endsWith("/"))
      addIssue({
        message: "an object with one of the keys text, bytes, cert, key, link, mode, owner, mtime",
        path: [{ type: "object", origin: "value", input: dataset.value, key, value }],
      });
}

const respond = v.strictObject({
  status: v.optional(count),
  type: v.optional(v.string()),
  bytes: v.optional(bodyBytes),
  body: v.optional(v.string()),
  headers: v.optional(texts),
  cookies: v.optional(
    v.record(v.string(), v.union([v.string(), v.looseObject({ value: v.string() })])),
  ),
  stream: v.optional(
    v.strictObject({
      chunks: v.pipe(count, v.maxValue(CHUNKS_MAX)),
      bytes: bodyBytes,
      sleep: v.optional(milliseconds),
      raise: v.optional(v.union([v.string(), count])),
    }),
  ),
});

type Unchecked = v.GenericSchema<unknown>;

const spread = v.optional(
  v.lazy((input) =>
    typeof input === "string"
      ? v.literal("exponential")
      : keyed({
          logNormal: v.strictObject({
            logNormal: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
          }),
          listMs: v.strictObject({ listMs: v.array(milliseconds) }),
        }),
  ) as Unchecked,
);

function viewStep(depth: number): Unchecked {
  const inner: Unchecked = depth > 0 ? v.lazy(() => viewStep(depth - 1)) : v.never();
  // `raise` before `message`: a raise step may carry a message.
  return keyed({
    raise: v.strictObject({ raise: v.string(), message: v.optional(v.string()) }),
    work: v.strictObject({ work: milliseconds, spread }),
    sleep: v.strictObject({ sleep: milliseconds, spread }),
    allocate: v.strictObject({ allocate: count }),
    query: v.strictObject({
      query: v.string(),
      ms: v.optional(milliseconds),
      rows: v.optional(count),
      spread,
    }),
    transaction: v.strictObject({ transaction: v.array(inner) }),
    session: v.strictObject({ session: texts }),
    flush: v.strictObject({ flush: v.literal(true) }),
    login: v.strictObject({ login: v.string() }),
    logout: v.strictObject({ logout: v.literal(true) }),
    message: v.strictObject({ message: v.string() }),
    render: v.strictObject({
      render: v.string(),
      context: v.optional(v.record(v.string(), json)),
      ms: v.optional(milliseconds),
      bytes: v.optional(bodyBytes),
    }),
    respond: v.strictObject({ respond }),
    json: v.strictObject({ json, status: v.optional(count) }),
    redirect: v.strictObject({ redirect: v.string(), permanent: v.optional(v.boolean()) }),
    csrf: v.strictObject({ csrf: v.literal(true) }),
    echo: v.strictObject({ echo: v.array(v.string()) }),
    read: v.strictObject({ read: v.picklist(["body", "POST"]) }),
    header: v.strictObject({ header: v.tuple([v.string(), v.string()]) }),
    allowed: v.strictObject({ allowed: v.array(v.string()) }),
  });
}

const steps = v.array(viewStep(NESTING_MAX));
const view = v.strictObject({
  decorators: v.optional(v.array(v.union([v.string(), v.looseObject({})]))),
  steps,
});
const middleware = v.strictObject({
  request: v.optional(steps),
  response: v.optional(steps),
  view: v.optional(steps),
  exception: v.optional(steps),
  unused: v.optional(v.literal(true)),
});

const request = v.strictObject({
  method: v.optional(v.string()),
  url: v.pipe(v.string(), v.regex(/^https?:\/\//, "an absolute http or https URL")),
  version: v.optional(v.picklist(["1.0", "1.1", "2"])),
  headers: v.optional(v.record(v.string(), v.nullable(v.string()))),
  body: v.optional(v.union([v.string(), v.strictObject({ bytes: bodyBytes })])),
  ip: v.optional(v.string()),
  keepalive: v.optional(v.boolean()),
  timeout: v.optional(milliseconds),
  jar: v.optional(v.string()),
  target: v.optional(v.string()),
  raw: v.optional(v.union([v.string(), v.array(v.union([v.string(), v.number()]))])),
  halfClose: v.optional(v.boolean()),
  chunked: v.optional(v.union([v.literal(true), v.pipe(v.number(), v.integer(), v.minValue(1))])),
  bodyDelay: v.optional(milliseconds),
  sni: v.optional(v.string()),
  to: v.optional(v.string()),
  overlap: v.optional(v.literal(true)),
});

const browse = v.strictObject({
  url: v.string(),
  how: v.optional(v.picklist(["type", "link", "reload", "hard-reload", "back", "submit"])),
  form: v.optional(texts),
});

const overlap = v.optional(v.literal(true));
const action = keyed({
  request: v.strictObject({ at: milliseconds, request }),
  shell: v.strictObject({ at: milliseconds, shell: v.string(), overlap }),
  write: v.strictObject({ at: milliseconds, write: texts, overlap }),
  browse: v.strictObject({ at: milliseconds, browse, overlap }),
});

const formatOne = {
  name: v.string(),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  files: v.pipe(v.record(path, file), v.rawCheck(onlyDirectoriesAreEmpty)),
  processes: v.array(v.string()),
  views: v.optional(v.record(v.string(), view)),
  middleware: v.optional(v.record(v.string(), middleware)),
  database: v.optional(v.string()),
  zones: v.optional(texts),
  watch: v.optional(v.array(path)),
  settle: v.optional(milliseconds),
  timeline: v.pipe(v.array(action), v.maxLength(ACTIONS_MAX, `at most ${ACTIONS_MAX} actions`)),
};

const link = v.strictObject({
  rttMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000))),
  rateMbps: v.optional(v.pipe(v.number(), v.minValue(0.001))),
  loss: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});

const positive = v.pipe(v.number(), v.gtValue(0));
const rate = v.pipe(positive, v.maxValue(RATE_MAX));
const arrivals = keyed({
  poisson: v.strictObject({ poisson: rate }),
  constant: v.strictObject({ constant: rate }),
  bursts: v.strictObject({
    bursts: v.pipe(
      v.strictObject({
        size: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
        everyMs: v.pipe(milliseconds, v.minValue(1)),
      }),
      v.check(
        ({ size, everyMs }) => (size * 1000) / everyMs <= RATE_MAX,
        `at most ${RATE_MAX} requests a second`,
      ),
    ),
  }),
  atMs: v.strictObject({
    atMs: v.pipe(v.array(milliseconds), v.maxLength(ARRIVALS_MAX, `at most ${ARRIVALS_MAX} times`)),
  }),
  users: v.strictObject({
    users: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
    thinkMs: milliseconds,
    thinking: v.optional(v.picklist(["exponential", "constant"])),
  }),
});
const traffic = v.strictObject({
  arrivals,
  durationS: v.optional(v.pipe(positive, v.maxValue(AT_MS_MAX / 1000))),
  mix: v.optional(
    v.pipe(
      v.array(v.strictObject({ weight: positive, request })),
      v.minLength(1),
      v.maxLength(100),
    ),
  ),
  giveUpMs: v.optional(milliseconds),
  retry: v.optional(
    v.strictObject({
      times: v.pipe(count, v.maxValue(100)),
      afterMs: milliseconds,
      factor: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(10))),
      jitter: v.optional(v.boolean()),
    }),
  ),
  keepAlive: v.optional(v.boolean()),
  clients: v.optional(v.pipe(count, v.minValue(1), v.maxValue(65_000))),
});

export const scenarioSchema = v.variant("format", [
  v.strictObject({ format: v.literal(1), ...formatOne }),
  v.strictObject({
    format: v.literal(2),
    ...formatOne,
    start: v.optional(isoDate),
    versions: v.optional(texts),
    host: v.optional(
      v.strictObject({
        cores: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024))),
        memoryBytes: v.optional(count),
        sysctl: v.optional(texts),
        addresses: v.optional(v.array(v.string())),
      }),
    ),
    links: v.optional(v.strictObject({ client: v.optional(link), dns: v.optional(link) })),
    client: v.optional(v.picklist(["bare", "chromium"])),
    warm: v.optional(
      v.strictObject({
        dns: v.optional(v.boolean()),
        tls: v.optional(v.boolean()),
        http: v.optional(v.boolean()),
      }),
    ),
    traffic: v.optional(traffic),
    lesson: v.optional(
      v.strictObject({ title: v.string(), sentence: v.string(), notice: v.array(v.string()) }),
    ),
  }),
]);
