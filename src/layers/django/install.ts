// Installs Django: the application that gunicorn and uwsgi call. It keeps what each process has imported
// and every call that is under way, and goes on with a call when what it waits for has come.

import type { Host, Pid } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { renewed } from "../../kernel/renewal.ts";
import { NO_REQUEST, type RequestNumber } from "../../kernel/simulation.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Environ, LoadResult, WsgiApplication, WsgiServer } from "../application.ts";
import type { DatabaseServer } from "../database-client.ts";
import { bodyRead } from "./body.ts";
import { HANDLER_NS, LOAD_APP_NS, LOAD_FAILED_NS, LOAD_NS } from "./costs.ts";
import {
  type Django,
  type DjangoWorld,
  fire,
  forgetRun,
  isIn,
  keepDiagnostics,
  worldOf,
} from "./django.ts";
import { crash } from "./handler.ts";
import { advance } from "./interpreter.ts";
import { applicationMachine, queryMachine, requestMachine } from "./machine.ts";
import { type Loaded, loadProject, type ProjectParts } from "./project.ts";
import { abandonQueries, connectionAnswered, statementAnswered } from "./queries.ts";
import { beginCall } from "./rehearsed-calls.ts";
import { type Run, raise } from "./run.ts";
import { closeSending, sendNext } from "./sending.ts";
import { spanCause } from "./settings.ts";
import { readProjectUrls } from "./url-state.ts";

export interface DjangoParts extends ProjectParts {}

export interface DjangoApplication extends WsgiApplication {
  /** What is wrong or not simulated in the settings and URLconfs that have been imported so far. */
  diagnostics(): readonly Diagnostic[];
  /** Reads the URLconf of every process as its first request would, for those who check texts. */
  readUrls(): void;
}

/** Installs Django on a host. `servers` may be filled after: they are looked up when they are answered. */
export function installDjango(
  host: Host,
  database: DatabaseServer,
  servers: readonly WsgiServer[],
  parts: DjangoParts,
): DjangoApplication {
  const { sim } = host;
  const world: DjangoWorld = {
    runs: new Map(),
    processes: new Map(),
    connections: new Map(),
    sharedCache: new Map(),
    diagnostics: new Map(),
    sessionFiles: new Map(),
  };
  sim.world.django = world;
  sim.renewal.add(() => {
    const now = worldOf(django);
    now.runs = renewed(now.runs);
    now.connections = renewed(now.connections);
    return now.runs.size + now.connections.size;
  });
  const resume = (slot: number): void => {
    const run = worldOf(django).runs.get(slot);
    if (run === undefined) return;
    run.wait = "";
    run.owedNs = 0;
    run.timer = NO_EVENT;
    advanceOrSend(run);
  };
  const advanceOrSend = (run: Run): void => {
    if (run.started) sendNext(django, run);
    else goOn(run);
  };
  const goOn = (run: Run): void => advance(django, run);
  const django: Django = {
    host,
    sim,
    database,
    servers,
    parts,
    requests: sim.machine(requestMachine),
    applications: sim.machine(applicationMachine),
    queries: sim.machine(queryMachine),
    events: {
      cpu: sim.event("django: work on the processor is done", resume),
      timer: sim.event("django: sleep is over", resume),
    },
  };
  database.client({
    connected(slot, connection, error) {
      const run = worldOf(django).runs.get(slot);
      if (run === undefined || run.wait !== "connect") return;
      run.wait = "";
      connectionAnswered(django, run, connection, error);
      goOn(run);
    },
    result(slot, result) {
      const run = worldOf(django).runs.get(slot);
      if (run === undefined || run.wait !== "query") return;
      run.wait = "";
      statementAnswered(django, run, result);
      goOn(run);
    },
  });
  return {
    load: (pid, options) => load(django, pid, options),
    forked: (parent, child) => forked(django, parent, child),
    call: (...[server, slot, pid, environ, request]) => {
      const run = newRun(django, { server, slot, pid, environ, request });
      worldOf(django).runs.set(slot, run);
      if (host.sink.wants(request))
        host.sink.observe(request, { django: { middleware: [], queries: 0, unfinished: true } });
      beginCall(django, run);
    },
    bodyArrived: (slot, body) => {
      const run = worldOf(django).runs.get(slot);
      if (run === undefined || run.wait !== "body") return;
      run.wait = "";
      bodyRead(run, body);
      goOn(run);
    },
    next: (slot) => {
      const run = worldOf(django).runs.get(slot);
      if (run?.started === true && run.wait === "next" && run.timer === NO_EVENT)
        sendNext(django, run);
    },
    close: (slot) => {
      const run = worldOf(django).runs.get(slot);
      if (run === undefined) return;
      stopWaiting(django, run);
      closeSending(django, run);
      forgetRun(django, run);
    },
    interrupt: (slot, exception) => interrupt(django, slot, exception, goOn),
    processEnded: (pid) => processEnded(django, pid),
    diagnostics: () => [...worldOf(django).diagnostics.values()],
    readUrls: () => {
      for (const { project } of worldOf(django).processes.values())
        readProjectUrls(django, project);
    },
  };
}

interface CallOptions {
  readonly server: number;
  readonly slot: number;
  readonly pid: Pid;
  readonly environ: Environ;
  readonly request: RequestNumber;
}

function newRun(django: Django, { server, slot, pid, environ, request }: CallOptions): Run {
  const entity = django.sim.spawn(django.requests, request);
  return {
    slot,
    server,
    pid,
    request,
    environ,
    entity,
    startedAt: django.sim.now,
    views: django.parts.views,
    isWatched: django.host.sink.wants(request) || django.sim.seesInner(entity),
    owedNs: 0,
    varies: false,
    frames: [{ kind: "handler", pc: 0, costNs: HANDLER_NS, response: null }],
    value: null,
    affected: 0,
    raised: null,
    wait: "",
    timer: NO_EVENT,
    http: null,
    match: null,
    session: null,
    hasUser: false,
    user: undefined,
    permissionsLoaded: false,
    csrf: {
      cookie: null,
      cookieUsed: false,
      needsReset: false,
      processingDone: false,
      rejection: null,
    },
    messages: null,
    cacheUpdate: false,
    language: null,
    heldBytes: 0,
    draws: 0,
    response: null,
    started: false,
    delivered: 0,
    observed: { middleware: [], exceptions: [], queries: 0, sql: [] },
  };
}

type LoadOptions = Parameters<WsgiApplication["load"]>[1];

function load(
  django: Django,
  pid: Pid,
  options: LoadOptions,
): { readonly result: LoadResult; readonly costNs: number } {
  const loaded = loadProject({ disk: django.host.disk, parts: django.parts, ...options });
  keepDiagnostics(django, loaded.diagnostics);
  const entity = django.sim.spawn(django.applications, NO_REQUEST);
  noteStages(django, entity, loaded);
  if (loaded.project === null) {
    django.sim.retire(entity);
    return { result: loaded.failed, costNs: LOAD_FAILED_NS };
  }
  worldOf(django).processes.set(pid, {
    project: loaded.project,
    entity,
    urlconf: null,
    cache: new Map(),
    cachedSessions: new Map(),
    languages: new Map(),
  });
  return {
    result: { ok: true },
    costNs: LOAD_NS + loaded.project.settings.installedApps.length * LOAD_APP_NS,
  };
}

/** A child has what its parent imported: settings and middleware, but not yet the URLconf of a first request. */
function forked(django: Django, parent: Pid, child: Pid): void {
  const { processes } = worldOf(django);
  const app = processes.get(parent);
  if (app === undefined) return;
  const { importSettings, populateApps, loadMiddleware } = applicationMachine.transition;
  const entity = django.sim.spawn(django.applications, NO_REQUEST);
  for (const stage of [importSettings, populateApps, loadMiddleware])
    django.sim.fire(django.applications, entity, stage);
  processes.set(child, {
    ...app,
    entity,
    cache: new Map(app.cache),
    cachedSessions: new Map(app.cachedSessions),
    languages: new Map(app.languages),
  });
}

function noteStages(django: Django, entity: number, loaded: Loaded): void {
  const { transition } = applicationMachine;
  const { sim, applications } = django;
  const stages = [transition.importSettings, transition.populateApps, transition.loadMiddleware];
  stages.slice(0, loaded.stage).forEach((stage, i) => {
    const row = sim.fire(applications, entity, stage);
    if (!sim.recording(entity) || loaded.project === null) return;
    const { settings, chain } = loaded.project;
    const span =
      i === 1
        ? settings.installedApps[0]?.span
        : i === 2
          ? settings.middleware[0]?.span
          : undefined;
    sim.note(row, {
      values: {
        module: settings.module,
        apps: settings.installedApps.length,
        middleware: chain.length,
        names: chain.map((link) => link.name).join(" "),
      },
      ...(span !== undefined && { cause: spanCause(span, "imported in this order") }),
    });
  });
  if (loaded.project !== null || loaded.failed.reason !== "import-error") return;
  const row = sim.fire(applications, entity, transition.failImport);
  if (sim.recording(entity)) {
    sim.note(row, {
      values: { exception: loaded.failed.exception, message: loaded.failed.traceback.at(-1) },
      ...(loaded.line > 0 && {
        cause: { file: loaded.file, line: loaded.line, note: "this line raised" },
      }),
    });
  }
}

function stopWaiting(django: Django, run: Run): void {
  if (run.wait === "cpu") django.host.cpu.cancel(run.pid, django.events.cpu, run.slot);
  if (run.timer !== NO_EVENT) django.sim.cancel(run.timer as EventHandle);
  run.timer = NO_EVENT;
  run.owedNs = 0;
  if (run.wait === "query" || run.wait === "connect") dropConnection(django, run);
  run.wait = "";
}

/** A statement that was cut off leaves its connection in no state to be used again. */
function dropConnection(django: Django, run: Run): void {
  abandonQueries(django, run);
  const { connections } = worldOf(django);
  const connection = connections.get(run.slot);
  if (connection === undefined) return;
  connections.delete(run.slot);
  django.database.close(connection.id);
}

/** An exception from outside, such as SystemExit by gunicorn's signal handler, is raised where the call is. */
function interrupt(
  django: Django,
  slot: number,
  exception: string,
  goOn: (run: Run) => void,
): void {
  const run = worldOf(django).runs.get(slot);
  if (run === undefined) return;
  stopWaiting(django, run);
  const [name, ...message] = exception.split(": ");
  if (run.started) {
    crash(django, run, { name, message: message.join(": ") });
    return;
  }
  raise(run, name, message.join(": "));
  goOn(run);
}

function processEnded(django: Django, pid: Pid): void {
  const world = worldOf(django);
  for (const run of [...world.runs.values()]) {
    if (run.pid !== pid) continue;
    stopWaiting(django, run);
    // An exception that left the call ended it before the process did.
    if (!isIn(django, run, "crashed")) fire(django, run, "interrupt");
    forgetRun(django, run);
  }
  for (const [slot, connection] of [...world.connections])
    if (connection.pid === pid) world.connections.delete(slot);
  django.database.processEnded(pid);
  const app = world.processes.get(pid);
  if (app === undefined) return;
  world.processes.delete(pid);
  django.sim.fire(django.applications, app.entity, applicationMachine.transition.endProcess);
  django.sim.retire(app.entity);
}
