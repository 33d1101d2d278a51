// A server with real processes, cores, disk and sockets, a small WSGI application, and a client that
// sends text and writes down what comes back: for tests of the application servers.
import { createClock } from "../../../src/host/clock.ts";
import { createCores } from "../../../src/host/cores.ts";
import { createDisk, directoryNode } from "../../../src/host/file-system.ts";
import { createMemory } from "../../../src/host/memory.ts";
import { type Address, type Chunk, textChunk } from "../../../src/host/network.ts";
import { createProcesses } from "../../../src/host/process-table.ts";
import { type Host, NO_PID, type Pid, type Signal } from "../../../src/host/processes.ts";
import type { RecordedRow } from "../../../src/kernel/recorder.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { fromMs, MILLISECOND } from "../../../src/kernel/time.ts";
import type {
  Environ,
  LoadResult,
  WsgiApplication,
  WsgiServer,
} from "../../../src/layers/application.ts";
import { installGunicorn } from "../../../src/layers/gunicorn/install.ts";
import type { Facts } from "../../../src/layers/layer.ts";
import { installTcp } from "../../../src/layers/tcp/install.ts";
import { splitCommandLine } from "../../../src/text/command-line.ts";

/** What the application does with a request. */
export interface Behaviour {
  readonly status?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: readonly string[];
  readonly sleepMs?: number;
  readonly read?: number | null;
  readonly raise?: string;
  /** Raise before the item of this number (from 0). */
  readonly raiseAt?: number;
}

export interface Answer {
  text: string;
  ended: boolean;
  reset: boolean;
  refused: number | null;
  atMs: number;
}

interface Call {
  readonly slot: number;
  readonly server: WsgiServer;
  readonly behaviour: Behaviour;
  item: number;
  environ: Environ;
}

export interface ServerWorld {
  readonly host: Host;
  readonly sim: Simulation;
  readonly lines: string[];
  readonly environs: Environ[];
  readonly bodies: (readonly Chunk[] | null)[];
  readonly rows: RecordedRow[];
  readonly facts: Map<number, Facts>;
  readonly observations: Map<number, Record<string, unknown>>;
  loads: LoadResult[];
  start(command: string): Pid;
  /** Sends the texts, with pauses in ms between them; ends with a FIN when the last is null. */
  send(at: number, to: Address, ...texts: (string | number | null)[]): Answer;
  kill(at: number, target: "master" | "worker", signal: Signal, program?: string): void;
  at(ms: number, act: () => void): void;
  run(ms: number): void;
  /** Lines without times and pids. */
  log(): string[];
  exits(): number[];
}

const ZERO_MS = 1_795_253_400_000;

export function serverWorld(
  install: (host: Host, application: WsgiApplication) => WsgiServer,
  behave: (environ: Environ) => Behaviour = () => ({}),
): ServerWorld {
  const sim = new Simulation({ seed: 1 });
  const clock = createClock(sim, ZERO_MS);
  const disk = createDisk(sim, () => Math.floor(clock.nowMs() / 1000));
  const cpu = createCores(sim, 2);
  const processes = createProcesses(sim, {
    processEnded: (pid) => {
      network.processEnded(pid);
      cpu.processEnded(pid);
      memory.processEnded(pid);
    },
  });
  const network = installTcp({
    sim,
    disk,
    sysctl: {},
    addresses: ["192.0.2.10"],
    userOf: (pid) => processes.get(pid)?.user ?? "root",
    link: () => ({ rttNs: 0, bytesPerSecond: Number.POSITIVE_INFINITY, lossRate: 0 }),
  });
  const lines: string[] = [];
  const observations = new Map<number, Record<string, unknown>>();
  const rows: RecordedRow[] = [];
  const facts = new Map<number, Facts>();
  sim.recorder = {
    wants: () => true,
    row: (row) => void rows.push(row),
    note: (row, fact) => void facts.set(row, fact as Facts),
  };
  const memory = createMemory({
    sim,
    processes,
    clock,
    totalBytes: 4e9,
    sink: {
      diagnose: () => undefined,
      wants: () => true,
      log: (_stream, text) => void lines.push(text),
      observe: () => undefined,
      observed: () => ({}),
    },
  });
  const host: Host = {
    sim,
    disk,
    processes,
    network,
    cpu,
    memory,
    clock,
    sink: {
      diagnose: () => undefined,
      wants: () => true,
      log: (stream, text) => void lines.push(stream.startsWith("/") ? `${stream}: ${text}` : text),
      observe: (request, part) =>
        void observations.set(request, { ...observations.get(request), ...part }),
      observed: (request) => observations.get(request) ?? {},
    },
    settings: {
      cores: 2,
      memoryBytes: 4e9,
      sysctl: {},
      hostname: "server",
      addresses: ["192.0.2.10"],
    },
  };
  disk.write("/srv/shop/shop/wsgi.py", "application = 1\n");
  disk.put("/run", directoryNode(0));
  const world = {
    loads: [] as LoadResult[],
    environs: [] as Environ[],
    bodies: [] as (readonly Chunk[] | null)[],
  };
  const calls = new Map<number, Call>();
  const wake = sim.event("test: application goes on", (slot) => {
    const call = calls.get(slot);
    if (call !== undefined) begin(call);
  });
  const application: WsgiApplication = {
    load: () => ({ result: world.loads.shift() ?? { ok: true }, costNs: 100 * MILLISECOND }),
    forked: () => undefined,
    call: (_server, slot, _pid, environ) => {
      const behaviour = behave(environ);
      world.environs.push(environ);
      calls.set(slot, { slot, server, behaviour, item: 0, environ });
      if (behaviour.read !== undefined) server.readBody(slot, behaviour.read);
      else sim.after(fromMs(behaviour.sleepMs ?? 1), wake, slot);
    },
    bodyArrived: (slot, body) => {
      world.bodies.push(body);
      sim.after(0, wake, slot);
    },
    next: (slot) => {
      const call = calls.get(slot);
      if (call !== undefined) give(call);
    },
    close: (slot) => void calls.delete(slot),
    interrupt: (slot) => void calls.delete(slot),
    processEnded: () => undefined,
  };
  function begin(call: Call): void {
    const { behaviour } = call;
    if (behaviour.raise !== undefined && behaviour.raiseAt === undefined) {
      fail(call);
      return;
    }
    const length = (behaviour.body ?? ["home\n"]).join("").length;
    call.server.startResponse(
      call.slot,
      behaviour.status ?? "200 OK",
      behaviour.headers ?? [
        ["Content-Type", "text/html"],
        ["Content-Length", String(length)],
      ],
    );
    give(call);
  }
  function give(call: Call): void {
    const items = call.behaviour.body ?? ["home\n"];
    if (call.behaviour.raiseAt === call.item) {
      fail(call);
      return;
    }
    const item = items[call.item++];
    if (item === undefined) call.server.exhausted(call.slot);
    else call.server.item(call.slot, textChunk(item));
  }
  function fail(call: Call): void {
    const exception = call.behaviour.raise ?? "";
    calls.delete(call.slot);
    call.server.raised(call.slot, exception, [
      "Traceback (most recent call last):",
      "  <frames>",
      exception,
    ]);
  }
  const server = install(host, application);
  const client = installClient(host);
  const later = sim.event("test: at", (index) => acts[index]());
  const acts: (() => void)[] = [];
  const at = (ms: number, act: () => void): void =>
    void sim.at(fromMs(ms), later, acts.push(act) - 1);
  return {
    host,
    sim,
    lines,
    rows,
    facts,
    observations,
    environs: world.environs,
    bodies: world.bodies,
    get loads() {
      return world.loads;
    },
    set loads(loads) {
      world.loads = loads;
    },
    start(command) {
      const argv = splitCommandLine(command).map((word) => word.text);
      return processes.start({
        parent: NO_PID,
        argv,
        cwd: "/srv/shop",
        command: 0,
        commandLine: command,
      });
    },
    send: (ms, to, ...texts) => {
      const answer: Answer = { text: "", ended: false, reset: false, refused: null, atMs: -1 };
      at(ms, () => client(to, texts, answer));
      return answer;
    },
    kill: (ms, target, signal, program = "gunicorn") =>
      at(ms, () => {
        const found = processes
          .living()
          .find((process) => process.program === program && process.role === target);
        if (found !== undefined) processes.kill(found.pid, signal);
      }),
    at,
    run: (ms) => void sim.runUntil(fromMs(ms)),
    log: () =>
      lines.map((line) =>
        line
          .replace(/^\[\d{4}-[^\]]*\] \[\d+\] /, "")
          .replace(/(pid:? ?|pid )\d+/g, "$1N")
          .replace(/\(\d+\)$/, "(N)"),
      ),
    exits: () => processes.exits().map((exit) => exit.status),
  };
}

function installClient(
  host: Host,
): (to: Address, texts: (string | number | null)[], answer: Answer) => void {
  const open = new Map<number, { answer: Answer; texts: (string | number | null)[] }>();
  let request = 0;
  const { network, sim } = host;
  const go = sim.event("test: client sends", (socket) => {
    const state = open.get(socket);
    if (state === undefined) return;
    while (state.texts.length > 0) {
      const next = state.texts.shift() as string | number | null;
      if (typeof next === "number") {
        sim.after(fromMs(next), go, socket);
        return;
      }
      if (next === null) network.end(socket);
      else network.send(socket, textChunk(next), requests.get(socket) ?? 0);
    }
  });
  const requests = new Map<number, number>();
  const handlers = network.handlers({
    connected: (socket) => void sim.after(0, go, socket),
    connectFailed: (socket, errno) => {
      const state = open.get(socket);
      if (state !== undefined) state.answer.refused = errno;
    },
    readable: (socket) => {
      const { answer } = open.get(socket) as { answer: Answer };
      for (let chunk = network.read(socket); chunk !== null; chunk = network.read(socket))
        answer.text += chunk.text ?? `<${chunk.bytes}>`;
      answer.atMs = sim.now / MILLISECOND;
    },
    ended: (socket) => {
      const { answer } = open.get(socket) as { answer: Answer };
      answer.ended = true;
      answer.atMs = sim.now / MILLISECOND;
      network.close(socket);
    },
    reset: (socket) => {
      const { answer } = open.get(socket) as { answer: Answer };
      answer.reset = true;
      answer.atMs = sim.now / MILLISECOND;
    },
  });
  return (to, texts, answer) => {
    const number = request++;
    const socket = network.connect({ pid: NO_PID, handlers, to, request: number });
    requests.set(socket, number);
    open.set(socket, { answer, texts: [...texts] });
  };
}

export const TCP: Address = { kind: "tcp", ip: "127.0.0.1", port: 8000 };
export const UNIX: Address = { kind: "unix", path: "/run/gunicorn.sock" };
export const GET = "GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: client/1.0\r\n\r\n";

/** A server with gunicorn. */
export function gunicornWorld(behave?: (environ: Environ) => Behaviour): ServerWorld {
  return serverWorld((host, application) => installGunicorn(host, application, 1), behave);
}
