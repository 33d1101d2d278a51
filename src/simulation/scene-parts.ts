// The parts of a scene: what is drawn inside Nginx, Gunicorn, Django, the database and the supervisor.
import type { LayerRing, PartState, PhaseView, ProcessView, Scene, WorkerView } from "./journey.ts";
import type { Actor, Watched } from "./scene.ts";

/** Nginx's phases as they are drawn, with the states of its request machine that belong to each. */
const NGINX_PHASES: readonly { readonly name: string; readonly states: readonly string[]; readonly detail: string }[] = [
  { name: "read headers", states: ["reading request line", "reading headers"], detail: "headers" },
  { name: "server", states: ["post-read", "server-rewrite"], detail: "server" },
  { name: "find location", states: ["find-config"], detail: "location" },
  { name: "rewrite", states: ["rewrite"], detail: "rewrite" },
  { name: "limits", states: ["preaccess", "delayed"], detail: "limit" },
  { name: "access", states: ["access", "waiting for subrequest"], detail: "access" },
  { name: "try files", states: ["precontent"], detail: "file" },
  { name: "content", states: ["content", "reading body", "waiting for upstream", "header filter", "sending body"], detail: "upstream" },
  { name: "log", states: ["log", "freed"], detail: "logged" },
];

function actorsOf(watched: Watched, machine: string): Actor[] {
  return [...watched.actors.values()].filter((actor) => actor.machine === machine);
}

function ofRequest(watched: Watched, machine: string): Actor | undefined {
  return actorsOf(watched, machine).findLast((actor) => actor.request === watched.request);
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function nginxScene(watched: Watched): Scene["nginx"] {
  const request = ofRequest(watched, "nginx request");
  const at = request === undefined ? -1 : NGINX_PHASES.findIndex((phase) => phase.states.includes(request.state));
  const phases = NGINX_PHASES.map((phase, i): PhaseView => {
    const state: PartState = i < at ? "done" : i === at ? (request?.state === "freed" ? "done" : "now") : "to come";
    const detail = state === "to come" ? "" : text(request?.values[phase.detail]);
    return { name: phase.name, detail, state };
  });
  return { phases, workers: processes(watched, "nginx worker process", "worker") };
}

function processes(watched: Watched, machine: string, role: string): ProcessView[] {
  return actorsOf(watched, machine)
    .filter((actor) => actor.state !== "ended" && actor.state !== "exited")
    .map((actor) => ({ pid: Number(actor.values.pid ?? 0), role, state: actor.state }));
}

const ENDED_WORKER = new Set(["ended", "exited"]);

export function gunicornScene(watched: Watched): Scene["gunicorn"] {
  const { run } = watched;
  const arbiter = processes(watched, "Gunicorn arbiter", "arbiter").at(-1) ?? null;
  const workers = actorsOf(watched, "Gunicorn worker")
    .filter((actor) => !ENDED_WORKER.has(actor.state))
    .map((actor, i) => workerView(watched, actor, i + 1));
  const queued = actorsOf(watched, "Gunicorn request").filter((actor) => actor.state === "in the accept queue").length;
  void run;
  return { arbiter, workers, queued, backlog: Number(arbiterValue(watched, "backlog") ?? 2048) };
}

function arbiterValue(watched: Watched, name: string): unknown {
  return actorsOf(watched, "Gunicorn arbiter").at(-1)?.values[name];
}

function workerView(watched: Watched, actor: Actor, number: number): WorkerView {
  const busy = actor.state === "busy" || actor.state === "finishing";
  return {
    number,
    pid: Number(actor.values.pid ?? 0),
    role: "worker",
    state: actor.state,
    request: busy ? actor.request : -1,
    heartbeatNs: watched.now - actor.changedAt,
    timeoutNs: Number(actor.values.timeoutNs ?? 30e9),
    busy,
  };
}

export function djangoScene(watched: Watched): Scene["django"] {
  const request = ofRequest(watched, "Django request");
  const names = text(request?.values.rings).split(" ").filter((name) => name !== "");
  const depth = Number(request?.values.depth ?? 0);
  const goingOut = request?.values.direction === "out";
  const middleware = names.map((name, i): LayerRing => {
    const state = i === depth ? "now" : i < depth ? "in" : goingOut ? "out" : "to come";
    return { name, detail: text(request?.values[`ring ${name}`]), state };
  });
  const inside = ["urls.py", "view", "template"].map((name) => {
    const state = (text(request?.values[`inside ${name}`]) || "to come") as PartState;
    return { name, detail: text(request?.values[`detail ${name}`]), state };
  });
  return { middleware, inside };
}

export function databaseScene(watched: Watched): Scene["database"] {
  const connections = actorsOf(watched, "database connection").filter((actor) => actor.state !== "CLOSED");
  const active = connections.find((actor) => actor.state === "ACTIVE");
  return { connections: connections.length, connectionsMax: Number(active?.values.connectionsMax ?? 100), query: active === undefined ? null : text(active.values.sql) };
}

export function supervisorScene(watched: Watched): Scene["supervisor"] {
  const units = [...actorsOf(watched, "systemd unit"), ...actorsOf(watched, "supervisor process")];
  return units.map((actor) => ({ name: text(actor.values.name), state: actor.state }));
}
