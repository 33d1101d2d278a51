// A run: a scenario, a seed and the actions taken, and nothing else, decide what happens. The world is
// put together, the server's processes are started, and the timeline is played from its zero.

import { parseIsoDate } from "../host/calendar.ts";
import { createClock } from "../host/clock.ts";
import { createCores } from "../host/cores.ts";
import { createDisk } from "../host/file-system.ts";
import { createMemory } from "../host/memory.ts";
import { createProcesses } from "../host/process-table.ts";
import type { Host } from "../host/processes.ts";
import { type RequestNumber, Simulation } from "../kernel/simulation.ts";
import { fromMs, type Instant, MILLISECOND, SECOND } from "../kernel/time.ts";
import { layOutFiles } from "./deployment.ts";
import type { ShellRecord } from "./observe.ts";
import { createRecording, type Recording } from "./recording.ts";
import { type Action, DEFAULT_CORES, type Scenario } from "./scenario.ts";
import { runShell } from "./shell.ts";
import { installInterventions, installTimeline, type Timeline } from "./timeline.ts";
import { networkOf, type Programs, wirePrograms } from "./wiring.ts";

/** A request of the run, as it was begun. */
export interface RunRequest {
  readonly number: RequestNumber;
  readonly method: string;
  readonly url: string;
  readonly client: "client" | "Chromium";
  readonly startedAt: Instant;
  /** "favicon" and the like for what a browser asks beside the page; steps are told of the rest only. */
  readonly kind: "main" | "aside";
  /**
   * Of the timeline, or beyond its end one of the actions taken beside it; -1 for what a browser asked by
   * itself.
   */
  readonly action: number;
}

/** What an operator did: of the timeline, or beside it. */
interface HandRecord {
  /** Its place in the timeline, or beyond its end among the actions taken beside it. */
  readonly index: number;
  readonly time: Instant;
  /** The journal row after which it was done. */
  readonly row: number;
  readonly exit: number;
  readonly output: readonly string[];
}

interface RunState {
  nextRequest: number;
  requests: RunRequest[];
  shell: ShellRecord[];
  hands: HandRecord[];
  notModelled: string[];
}

export interface RunOptions {
  readonly seed?: number;
  /**
   * What was done to the run beside its timeline. Each happens at its own moment, whatever waits: the
   * run up to there is the one without it.
   */
  readonly actions?: readonly Action[];
  /** Which requests are recorded; -1 stands for what belongs to none. All by default. */
  readonly wants?: (request: RequestNumber) => boolean;
  readonly keepJournal?: boolean;
  /** Hears of every request that ended, with its status or null. */
  readonly onFinished?: (request: RequestNumber, status: number | null) => void;
}

export interface Run {
  readonly scenario: Scenario;
  readonly actions: readonly Action[];
  readonly sim: Simulation;
  readonly host: Host;
  readonly programs: Programs;
  readonly recording: Recording;
  readonly timeline: Timeline;
  /** Simulated time at the timeline's zero. */
  readonly zero: Instant;
  readonly startMs: number;
  /** What only the run as a whole knows: requests begun, shell commands and their output. */
  state(): RunState;
  newRequest(request: Omit<RunRequest, "number" | "startedAt">): RequestNumber;
}

/** Wall-clock time of the timeline's zero when the scenario names none. */
const DEFAULT_START_MS = 1_795_253_400_000;
/** A recorded server was just up when its timeline began; the product's own has been running. */
const BOOT_FORMAT_1_NS = 500 * MILLISECOND;
const BOOT_FORMAT_2_NS = 5 * SECOND;
/** How long a run goes on after the last answer when the scenario does not say: log lines of the end. */
const SETTLE_MS = 60;
/** How long it goes on after the last action of a reader: new workers load the application in it. */
const AFTER_ACTION_NS = 5 * SECOND;
/** No scenario runs longer than this after its last action: whatever waits then waits for ever. */
const RUN_MAX_NS = 1000 * SECOND;
const EVENTS_MAX = 4_000_000;
/** In recorded runs the files that an action writes carry the time of all others: 2024-01-01T00:00:00Z. */
const WRITTEN_MTIME = 1_704_067_200;
/** Commands of the scenario start one after the other. */
const COMMAND_GAP_NS = 20 * MILLISECOND;
/** The recorded programs ran in a container of their own, whose first processes have two digits. */
const RECORDED_FIRST_PID = 31;
const DEFAULT_ADDRESS = "192.0.2.10";

/** Puts a run together; nothing has happened yet. */
export function createRun(scenario: Scenario, options: RunOptions = {}): Run {
  const sim = new Simulation({
    seed: options.seed ?? scenario.seed ?? 1,
    keepJournal: options.keepJournal,
  });
  const zero = scenario.format === 1 ? BOOT_FORMAT_1_NS : BOOT_FORMAT_2_NS;
  const startMs =
    (scenario.start === undefined ? null : parseIsoDate(scenario.start)) ?? DEFAULT_START_MS;
  const recording = createRecording(sim, options.wants ?? (() => true));
  sim.recorder = recording.recorder;
  const host = createHost(sim, scenario, recording, startMs - zero / MILLISECOND);
  sim.world.run = {
    nextRequest: 0,
    requests: [],
    shell: [],
    hands: [],
    notModelled: [],
  } satisfies RunState;
  const state = (): RunState => sim.world.run as RunState;
  const newRequest: Run["newRequest"] = (request) => {
    const number = state().nextRequest++;
    if (recording.recorder.wants(number))
      state().requests.push(Object.freeze({ ...request, number, startedAt: sim.now }));
    return number;
  };
  const programs = wirePrograms(host, scenario, {
    newRequest,
    requestFinished: (number, status) => {
      options.onFinished?.(number, status);
      timeline.finished();
    },
    visitFinished: () => timeline.finished(),
  });
  const actions = options.actions ?? [];
  const run: Run = {
    scenario,
    actions,
    sim,
    host,
    programs,
    recording,
    zero,
    startMs,
    state,
    newRequest,
    get timeline() {
      return timeline;
    },
  };
  const timeline = installTimeline(sim, {
    zero,
    actions: scenario.timeline,
    perform: (action, index) => perform(run, action, index),
  });
  installInterventions(sim, {
    zero,
    actions,
    perform: (action, index) => {
      timeline.started(perform(run, action, scenario.timeline.length + index));
    },
  });
  startProcesses(run);
  return run;
}

/** Plays the whole timeline, what was done beside it, and the time after it. */
export function playRun(run: Run, onProgress: (progress: RunProgress) => void = () => {}): void {
  const { sim, timeline, scenario, zero, actions } = run;
  const lastOf = (list: readonly Action[]): number =>
    zero + fromMs(Math.max(0, ...list.map(({ at }) => at)));
  const end = Math.max(lastOf(scenario.timeline), lastOf(actions)) + RUN_MAX_NS;
  sim.runUntil(zero);
  while (!timeline.done() && sim.queue.peekTime() <= end && sim.eventCount < EVENTS_MAX) {
    sim.step();
    if (sim.eventCount % PROGRESS_EVENTS === 0)
      onProgress({ taken: timeline.taken(), timeNs: sim.now - zero });
  }
  const settled = sim.now + fromMs(Math.max(SETTLE_MS, scenario.settle ?? 0));
  const shown = actions.length === 0 ? settled : lastOf(actions) + AFTER_ACTION_NS;
  sim.runUntil(Math.max(settled, shown), EVENTS_MAX);
  if (!timeline.done()) run.state().notModelled.push(unfinished(sim.eventCount));
}

/** How far a run has come: for those who have to say where they stopped it. */
export interface RunProgress {
  /** Actions of the timeline that were taken. */
  readonly taken: number;
  /** Since the timeline's zero. */
  readonly timeNs: number;
}

/** Events between two reports of progress. */
const PROGRESS_EVENTS = 2_000;

function unfinished(events: number): string {
  return events >= EVENTS_MAX
    ? `the run was stopped after ${EVENTS_MAX} events, before its timeline ended`
    : `the timeline has not ended ${RUN_MAX_NS / SECOND} s after its last action; the rest is left out`;
}

function createHost(
  sim: Simulation,
  scenario: Scenario,
  recording: Recording,
  clockStartMs: number,
): Host {
  const clock = createClock(sim, clockStartMs);
  const settings = {
    get cores() {
      return cpu.count;
    },
    memoryBytes: scenario.host?.memoryBytes ?? 4 * 2 ** 30,
    sysctl: scenario.host?.sysctl ?? {},
    hostname: "server",
    addresses: scenario.host?.addresses ?? [DEFAULT_ADDRESS],
  };
  const disk = createDisk(sim, () => Math.floor(clock.nowMs() / 1000));
  layOutFiles(disk, scenario);
  const cpu = createCores(sim, scenario.host?.cores ?? DEFAULT_CORES);
  const processes = createProcesses(
    sim,
    {
      processEnded: (pid) => {
        network.processEnded(pid);
        cpu.processEnded(pid);
        memory.processEnded(pid);
      },
    },
    scenario.format === 1 ? RECORDED_FIRST_PID : undefined,
  );
  const memory = createMemory({
    sim,
    processes,
    sink: recording.sink,
    clock,
    totalBytes: settings.memoryBytes,
  });
  const network = networkOf({ sim, disk, settings, processes, scenario, nowMs: clock.nowMs });
  return { sim, disk, processes, network, cpu, memory, sink: recording.sink, clock, settings };
}

/** The scenario's commands, started in order from the beginning of the run. */
function startProcesses(run: Run): void {
  const { sim, scenario } = run;
  const startEvent = sim.event("run: start a command", (index) => startCommand(run, index));
  scenario.processes.forEach((_, index) => void sim.at(index * COMMAND_GAP_NS, startEvent, index));
}

function startCommand(run: Run, index: number): void {
  const command = run.scenario.processes[index];
  // A command that was removed leaves its number free.
  if (command === "") return;
  const started = run.programs.start(command, index);
  if (started) return;
  const result = runShell(run.host, run.programs.shell, command);
  if (result.notModelled !== undefined)
    run.state().notModelled.push(`command ${index + 1}: ${result.notModelled}`);
}

function perform(run: Run, action: Action, index: number): number {
  const { programs, host } = run;
  if ("request" in action) {
    const { request } = action;
    const number = run.newRequest({
      method: request.method ?? "GET",
      url: request.url,
      client: "client",
      kind: "main",
      action: index,
    });
    programs.client.request(number, request);
    return 1;
  }
  if ("browse" in action) return programs.browse(action.browse);
  if ("write" in action) {
    for (const [path, text] of Object.entries(action.write))
      host.disk.write(path, text, run.scenario.format === 1 ? { mtime: WRITTEN_MTIME } : {});
    remember(run, { index, row: run.sim.journal.rowCount - 1, exit: 0, output: [] });
    return 0;
  }
  const row = run.sim.journal.rowCount - 1;
  const result = runShell(host, programs.shell, action.shell);
  remember(run, { index, row, exit: result.exit, output: result.output });
  run
    .state()
    .shell.push({ at: action.at, shell: action.shell, exit: result.exit, output: result.output });
  if (result.notModelled !== undefined)
    run.state().notModelled.push(`${placeOf(run, index)}: ${result.notModelled}`);
  return 0;
}

function remember(run: Run, done: Omit<HandRecord, "time">): void {
  run.state().hands.push(Object.freeze({ ...done, time: run.sim.now }));
}

function placeOf({ scenario, actions }: Run, index: number): string {
  const beside = actions[index - scenario.timeline.length];
  return beside === undefined ? `timeline[${index}]` : `the action at ${beside.at} ms`;
}

/** Numbers of the requests that the timeline's own `request` actions began, in order. */
export function timelineRequests(run: Run): RequestNumber[] {
  return run
    .state()
    .requests.filter((request) => "request" in (run.scenario.timeline[request.action] ?? {}))
    .map((request) => request.number);
}
