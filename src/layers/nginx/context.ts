// Puts the engine together: the phase table from the modules, and the context that modules see.

import type { Host } from "../../host/processes.ts";
import { type EventHandle, NO_EVENT } from "../../kernel/event-queue.ts";
import { renewed } from "../../kernel/renewal.ts";
import { showByteText } from "../../text/utf8.ts";
import type { Http2 } from "../http2-session.ts";
import type { NameQuestions } from "../name-lookup.ts";
import { causeOf } from "./cause.ts";
import { readBody } from "./client-body.ts";
import { clientSockets, connectionTimedOut, requestTimedOut } from "./connection.ts";
import type { Core, PhaseEntry } from "./core.ts";
import { logProcess, logRequestError } from "./error-log.ts";
import { finalize } from "./finalize.ts";
import { clientStreams } from "./http2.ts";
import { connectionMachine, masterMachine, requestMachine, workerMachine } from "./machine.ts";
import { quitOldWorkers } from "./master.ts";
import { hooksOf } from "./module-hooks.ts";
import { runPhases } from "./phase-engine.ts";
import type { NginxModule, PhaseHandler, PhaseName } from "./phases.ts";
import { processRequest } from "./process-request.ts";
import { internalRedirect, namedLocation } from "./redirects.ts";
import type { NginxRequest } from "./request.ts";
import { sendBody } from "./response-body.ts";
import { sendHeader } from "./response-header.ts";
import { makeRoom } from "./slots.ts";
import { startSubrequest } from "./subrequests.ts";
import { evaluateTemplate, variableOf } from "./variables.ts";
import { checkExit, scheduleExitCheck, shutdownTimedOut } from "./worker.ts";
import { connectionOf, newWorld, requestOf, worldOf } from "./world.ts";

const nothing: PhaseHandler = () => "next";

/** The rows of the phase table, in nginx's order. */
function phaseTable(modules: readonly NginxModule[]): readonly PhaseEntry[] {
  const entries: PhaseEntry[] = [];
  const hang = (phase: PhaseName): void => {
    for (const module of modules) {
      const handler = module.phases?.[phase];
      if (handler !== undefined) entries.push({ phase, module: module.name, handler, next: 0 });
    }
  };
  const core = (phase: PhaseEntry["phase"]): void =>
    void entries.push({ phase, module: "core", handler: nothing, next: 0 });
  hang("post-read");
  hang("server-rewrite");
  core("find-config");
  hang("rewrite");
  core("post-rewrite");
  hang("preaccess");
  hang("access");
  core("post-access");
  hang("precontent");
  hang("content");
  for (const [index, entry] of entries.entries()) {
    const after = entries.findIndex((other, at) => at > index && other.phase !== entry.phase);
    entry.next = after < 0 ? entries.length : after;
  }
  return entries;
}

/** Registers machines and events and makes the engine for a host. */
export function createCore(
  host: Host,
  http2: Http2,
  modules: readonly NginxModule[],
  names: NameQuestions | null,
): Core {
  const { sim } = host;
  sim.world.nginx = newWorld();
  const phases = phaseTable(modules);
  const world = () => worldOf(sim);
  const variables = modules.flatMap((module) => module.variables ?? []);
  const content = modules.flatMap((module) => Object.entries(module.content ?? {}));
  const indexOf = (phase: PhaseEntry["phase"]) =>
    phases.findIndex((entry) => entry.phase === phase);
  const core: Core = {
    host,
    sim,
    names,
    modules,
    hooks: hooksOf(modules),
    phases,
    serverRewriteIndex: indexOf("server-rewrite"),
    findConfigIndex: indexOf("find-config"),
    locationRewriteIndex: indexOf("rewrite"),
    content: new Map(content),
    variables: new Map(variables.filter((row) => !row.prefix).map((row) => [row.name, row])),
    prefixVariables: variables
      .filter((row) => row.prefix === true)
      .sort((a, b) => b.name.length - a.name.length),
    master: sim.machine(masterMachine),
    worker: sim.machine(workerMachine),
    connectionMachine: sim.machine(connectionMachine),
    requestMachine: sim.machine(requestMachine),
    events: {
      process: sim.event("nginx.process", (id) => processRequest(core, id)),
      connectionTimer: sim.event("nginx.connection timer", (socket) =>
        connectionTimedOut(core, socket),
      ),
      requestTimer: sim.event("nginx.request timer", (id) => requestTimedOut(core, id)),
      shutdownTimer: sim.event("nginx.shutdown timer", (pid) => shutdownTimedOut(core, pid)),
      exitCheck: sim.event("nginx.exit check", (pid) => checkExit(core, pid)),
      quitOldWorkers: sim.event("nginx.quit old workers", (pid) => quitOldWorkers(core, pid)),
    },
    sockets: host.network.handlers(clientSockets(() => core)),
    http2,
    http2Handlers: http2.handlers(clientStreams(() => core)),
    world,
    shown: (bytes) => showByteText(bytes),
    ...requestMethods(() => core),
    ...serviceMethods(() => core),
  };
  sim.renewal.add(() => {
    const nginx = world();
    nginx.requests = renewed(nginx.requests);
    return nginx.requests.size;
  });
  const connectionsSoFar = () => world().nextConnection;
  sim.renewal.addCounted(connectionsSoFar, () => {
    const nginx = world();
    nginx.connections = renewed(nginx.connections);
    return nginx.connections.size;
  });
  for (const module of modules) module.install?.(core);
  return core;
}

function requestMethods(core: () => Core) {
  return {
    request: (id: number) => requestOf(core().world(), id),
    connection: (socket: number) => connectionOf(core().world(), socket),
    step: ((request, transition, value = 0, facts) => {
      const { sim, requestMachine: handle } = core();
      const row = sim.fire(handle, request.entity, handle.machine.transition[transition], value);
      if (facts !== undefined && sim.recording(request.entity)) sim.note(row, facts());
    }) as Core["step"],
    resume: (request: NginxRequest) => runPhases(core(), request),
    finalize: ((request, result) => finalize(core(), request, result)) as Core["finalize"],
    internalRedirect: ((request, uri, args, why) =>
      internalRedirect(core(), request, { uri, args }, why)) as Core["internalRedirect"],
    namedLocation: ((request, name, why) =>
      namedLocation(core(), request, name, why)) as Core["namedLocation"],
    readBody: ((request, module) => readBody(core(), request, module)) as Core["readBody"],
    sendHeader: (request: NginxRequest) => sendHeader(core(), request),
    sendBody: ((request, chunks, last) =>
      sendBody(core(), request, chunks, last)) as Core["sendBody"],
    unsentBytes: (request: NginxRequest) => core().host.network.unsentBytes(request.socket),
    subrequest: ((request, options) =>
      startSubrequest(core(), request, options)) as Core["subrequest"],
  };
}

function serviceMethods(core: () => Core) {
  return {
    moduleState: <T>(name: string, make: () => T): T => {
      const { modules } = core().world();
      const known = modules[name];
      if (known !== undefined) return known as T;
      const made = make();
      modules[name] = made;
      return made;
    },
    evaluate: ((template, request) =>
      evaluateTemplate(core(), template, request)) as Core["evaluate"],
    variable: ((name, request) => variableOf(core(), name, request)) as Core["variable"],
    logError: ((request, level, message) =>
      logRequestError(core(), request, level, message)) as Core["logError"],
    logWorker: ((pid, level, text) => {
      const worker = core().world().workers.get(pid);
      if (worker !== undefined) logProcess(core(), worker.configuration.main, pid, { level, text });
    }) as Core["logWorker"],
    takeSlot: (request: NginxRequest) => {
      const worker = core().world().workers.get(request.worker);
      if (worker === undefined || !makeRoom(core(), worker)) return false;
      worker.slots++;
      return true;
    },
    freeSlot: (pid: number) => {
      const worker = core().world().workers.get(pid);
      if (worker === undefined) return;
      worker.slots--;
      scheduleExitCheck(core(), worker);
    },
    setTimer: ((request, delay, kind, clock) => {
      const { sim } = core();
      sim.cancel(request.timer);
      request.timer = sim.after(delay, kind, request.id);
      if (clock === undefined || !sim.recording(request.entity)) return;
      const { name, span, ...said } = clock;
      const { entity, timer: handle } = request;
      const cause = causeOf(span, "how long Nginx waits");
      const facts = { party: "nginx", ...said, ...(cause !== undefined && { cause }) };
      sim.setClock({ entity, name, deadline: sim.now + delay, handle, facts });
    }) as Core["setTimer"],
    clearTimer: (request: NginxRequest) => {
      core().sim.cancel(request.timer);
      request.timer = NO_EVENT;
    },
    cancel: (handle: EventHandle) => core().sim.cancel(handle),
    now: () => core().sim.now,
    nowMs: () => Math.floor(core().host.clock.nowMs()),
  };
}
