// The parts of a scene: what is drawn inside Nginx, Gunicorn, Django, the database and the supervisor.
import type { LayerRing, PartState, PhaseView, ProcessView, Scene, WorkerView } from "./journey.ts";
import type { Actor, Watched } from "./scene.ts";

/** Nginx's phases as they are drawn, the states of its request machine that belong to each, and what is said of it. */
const NGINX_PHASES: readonly {
  readonly name: string;
  readonly states: readonly string[];
  readonly detail: (values: Actor["values"]) => string;
}[] = [
  {
    name: "read headers",
    states: ["reading request line", "reading headers"],
    detail: (v) => (v.headers === undefined ? "" : `${v.headers} headers`),
  },
  { name: "server", states: ["post-read"], detail: (v) => text(v.server) },
  { name: "server rewrite", states: ["server-rewrite"], detail: (v) => text(v.inServer) },
  { name: "find location", states: ["find-config"], detail: (v) => text(v.location) },
  { name: "rewrite", states: ["rewrite"], detail: (v) => text(v.inLocation) },
  { name: "limits", states: ["preaccess", "delayed"], detail: (v) => text(v.limit) },
  { name: "access", states: ["access", "waiting for subrequest"], detail: (v) => text(v.access) },
  { name: "try files", states: ["precontent"], detail: (v) => text(v.tried) },
  {
    name: "content",
    states: ["content", "reading body", "waiting for upstream", "header filter", "sending body"],
    detail: (v) => text(v.handler ?? v.status),
  },
  { name: "log", states: ["log", "freed"], detail: (v) => text(v.status) },
];

/** Steps that are shown at the phase that decided, although the machine has moved on with them. */
const DECIDED_AT: Readonly<Record<string, string>> = {
  chooseServer: "server",
  readHeaders: "read headers",
  chooseLocation: "find location",
  beginContent: "content",
};

function actorsOf(watched: Watched, machine: string): Actor[] {
  return [...watched.actors.values()].filter((actor) => actor.machine === machine);
}

function ofRequest(watched: Watched, machine: string): Actor | undefined {
  return actorsOf(watched, machine).findLast((actor) => actor.request === watched.request);
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What the gates of limits and access rules said of the request at hand. */
function gateValues(watched: Watched): Record<string, string> {
  const said: Record<string, string> = {};
  for (const { machine, request, values: v } of watched.actors.values()) {
    if (machine !== "nginx limit zone" || request !== watched.request) continue;
    if (v.module === "limit_req") said.limit = `${text(v.excess)} of ${text(v.burst)}`;
    else if (v.module === "limit_conn") said.limit = `${text(v.now)} of ${text(v.most)}`;
    else if (v.module === "access") said.access = text(v.rule).replace(/;$/, "");
    else said.access ??= text(v.module);
  }
  return said;
}

export function nginxScene(watched: Watched): Scene["nginx"] {
  const request = ofRequest(watched, "nginx request");
  const values = { ...request?.values, ...gateValues(watched) };
  const decided = request === undefined ? undefined : DECIDED_AT[request.path.at(-1) ?? ""];
  const at =
    request === undefined
      ? -1
      : NGINX_PHASES.findIndex((phase) =>
          decided === undefined ? phase.states.includes(request.state) : phase.name === decided,
        );
  const phases = NGINX_PHASES.map((phase, i): PhaseView => {
    const state = phaseState(phase, i - at, request);
    return {
      name: phase.name,
      detail: state === "to come" || request === undefined ? "" : phase.detail(values),
      state,
    };
  });
  return { phases, workers: processes(watched, "nginx worker process", "worker") };
}

/** `after` counts the phases from the one at work to this one. */
function phaseState(
  { name, states }: (typeof NGINX_PHASES)[number],
  after: number,
  request: Actor | undefined,
): PartState {
  if (request === undefined) return "to come";
  if (after === 0 && request.state !== "freed") return "now";
  // The server is chosen while headers are still read, so its phase can be over before the first one.
  if (name === "server" && request.path.includes("chooseServer")) return "done";
  if (after > 0 && request.state !== "freed") return "to come";
  // The line is read and Host seen, but not the empty line that ends the headers.
  if (states.includes(request.state) && request.state !== "freed") return "to come";
  return states.some((state) => request.states.includes(state)) ? "done" : "skipped";
}

function processes(watched: Watched, machine: string, role: string): ProcessView[] {
  return actorsOf(watched, machine)
    .filter((actor) => actor.state !== "ended" && actor.state !== "exited")
    .map((actor) => ({ pid: Number(actor.values.pid ?? 0), role, state: actor.state }));
}

const ENDED_WORKER = new Set(["ended", "exited"]);

export function gunicornScene(watched: Watched): Scene["gunicorn"] {
  const arbiter = processes(watched, "Gunicorn arbiter", "arbiter").at(-1) ?? null;
  const workers = actorsOf(watched, "Gunicorn worker")
    .filter((actor) => !ENDED_WORKER.has(actor.state))
    .map((actor, i) => workerView(watched, actor, i + 1));
  const settings = actorsOf(watched, "Gunicorn arbiter").at(-1)?.values;
  const listeners = actorsOf(watched, "listening socket").filter(
    (actor) => actor.values.backlog === settings?.backlog,
  );
  const queued = listeners.reduce((sum, actor) => sum + Number(actor.values.waiting ?? 0), 0);
  return { arbiter, workers, queued, queueMax: Number(settings?.backlog ?? 2048) + 1 };
}

function workerView(watched: Watched, actor: Actor, number: number): WorkerView {
  const busy = actor.state === "busy" || actor.state === "finishing";
  return {
    number,
    pid: Number(actor.values.pid ?? 0),
    role: "worker",
    state: actor.state,
    request: busy ? actor.request : -1,
    heartbeatNs: silenceOf(actor, watched.now),
    timeoutNs: Number(actor.values.timeoutNs ?? 30e9),
    busy,
  };
}

/** How long ago the worker touched its file: its loop does so at every turn, but not while it serves alone. */
function silenceOf({ state, values, changedAt }: Actor, now: number): number {
  const every = Number(values.beatEveryNs ?? 0);
  if (state === "idle") return every > 0 ? (now - changedAt) % every : now - changedAt;
  const since = now - Number(values.beatAt ?? changedAt);
  return values.beatsWhileBusy === true && every > 0 ? since % every : since;
}

export function djangoScene(watched: Watched): Scene["django"] {
  const request = ofRequest(watched, "Django request");
  const application = actorsOf(watched, "Django application").find(
    (actor) => typeof actor.values.names === "string",
  );
  const names = text(application?.values.names)
    .split(" ")
    .filter((name) => name !== "");
  const middleware = names.map(
    (name, i): LayerRing => ({
      name: name.replace(/Middleware$/, ""),
      detail: ringDetail(request, i),
      state: ringState(request, i, names.length),
    }),
  );
  return { middleware, inside: djangoInside(watched, request) };
}

/** What the middleware changed: on the way out if it is on the way out, before that on the way in. */
function ringDetail(request: Actor | undefined, index: number): string {
  const out = request?.values[`out ${index}`];
  const isOut = out !== undefined && request?.state === "response middleware";
  return text(isOut || isOutside(request) ? out : request?.values[`in ${index}`]);
}

function isOutside(request: Actor | undefined): boolean {
  return request?.state === "sending the response" || request?.state === "closed";
}

/** Rings are entered from the outside in; the way out may begin before the innermost was reached. */
function ringState(request: Actor | undefined, index: number, count: number): LayerRing["state"] {
  const entered = request?.reached.callMiddleware ?? -1;
  if (request === undefined || index > entered)
    return request !== undefined && isLeaving(request) ? "skipped" : "to come";
  if (request.state === "request middleware") return index === entered ? "now" : "in";
  if (!isLeaving(request)) return "in";
  if (request.state !== "response middleware") return "out";
  const left = request.reached.returnThroughMiddleware ?? count;
  return index === left ? "now" : index > left ? "out" : "in";
}

function isLeaving(request: Actor): boolean {
  return [
    "response middleware",
    "sending the response",
    "closed",
    "crashed",
    "interrupted",
  ].includes(request.state);
}

function djangoInside(watched: Watched, request: Actor | undefined): Scene["django"]["inside"] {
  const taken = (transition: string): boolean => request?.path.includes(transition) === true;
  const query = ofRequest(watched, "ORM query");
  const inView = request?.state === "view";
  const last = request?.path.at(-1);
  const part = (now: boolean, done: boolean): PartState =>
    now
      ? "now"
      : done
        ? "done"
        : request !== undefined && isLeaving(request)
          ? "skipped"
          : "to come";
  const resolving = request?.state === "resolving the URL" || last === "matchPattern";
  const querying =
    query !== undefined && (query.state === "connecting" || query.state === "executing");
  const rendering = inView && last === "renderTemplate";
  return [
    {
      name: "urls",
      detail: text(request?.values.pattern),
      state: part(resolving, taken("matchPattern")),
    },
    {
      name: "view",
      detail: text(request?.values.view),
      state: part(inView && !querying && !rendering, taken("callView")),
    },
    {
      name: "model",
      detail: query === undefined ? "" : "query",
      state: part(querying, query !== undefined),
    },
    {
      name: "template",
      detail: text(request?.values.template),
      state: part(rendering, taken("renderTemplate")),
    },
  ];
}

export function databaseScene(watched: Watched): Scene["database"] {
  const connections = actorsOf(watched, "database connection").filter(
    (actor) => actor.state !== "CLOSED",
  );
  const active = connections.find((actor) => actor.state === "ACTIVE");
  return {
    connections: connections.length,
    connectionsMax: Number(active?.values.connectionsMax ?? 100),
    query: active === undefined ? null : text(active.values.sql),
  };
}

export function supervisorScene(watched: Watched): Scene["supervisor"] {
  const units = [...actorsOf(watched, "systemd unit"), ...actorsOf(watched, "supervisor process")];
  return units.map((actor) => ({ name: text(actor.values.name), state: actor.state }));
}
