// A run told as a journey: a fold over the recorded rows. Each step gets the words of its layer, its
// causes and messages, and the state of everything on the stage at that moment.
import type { RecordedRow } from "../kernel/recorder.ts";
import { NO_REQUEST } from "../kernel/simulation.ts";
import { layers } from "../layers/index.ts";
import type { Facts, LayerId, MachineView, StepWords, WordValues } from "../layers/layer.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { barsOf } from "./bars.ts";
import { djangoStories } from "./django-story.ts";
import type { Journey, JourneyFile, JourneyRequest, LogLine, Step } from "./journey.ts";
import { journeyActions } from "./journey-actions.ts";
import { diagnosticsOf, placeless, scenarioTexts } from "./journey-files.ts";
import type { Run } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import { createScenes } from "./scene.ts";
import { spokenText } from "./spoken.ts";
import { stageOf } from "./stage.ts";
import { timerRaces } from "./timers.ts";

interface ToldRow {
  readonly row: RecordedRow;
  readonly facts: Facts;
  readonly view: MachineView;
}

const NO_FACTS: Facts = Object.freeze({});

const viewByMachine = new Map(
  layers.flatMap((layer) => layer.views.map((view) => [view.machine.spec.name, view] as const)),
);

/** Tells a run that was played with a recording; `found` is what was wrong with its texts before it. */
export function tellJourney(run: Run, found: readonly Diagnostic[] = []): Journey {
  const rows = run.recording.rows.filter((row) => row.time >= run.zero);
  const scenes = createScenes(run);
  for (const row of run.recording.rows)
    if (row.time < run.zero) scenes.see(row, run.recording.facts.get(row.row));
  const occurrences = new Map<string, number>();
  const steps: Step[] = [];
  // Connections opened ahead (request numbers below NO_REQUEST) and the icon are in the run, not in the story.
  const asides = new Set(
    run
      .state()
      .requests.filter((request) => request.kind === "aside")
      .map((request) => request.number),
  );
  for (const row of rows) {
    const facts = run.recording.facts.get(row.row);
    scenes.see(row, facts);
    const told = row.request < NO_REQUEST || asides.has(row.request) ? null : toldRow(row, facts);
    if (told !== null)
      steps.push(
        makeStep(run, told, {
          index: steps.length,
          occurrence: occurrenceOf(occurrences, row),
          scene: scenes.take(row, told.facts),
        }),
      );
  }
  const diagnostics = diagnosticsOf(run, found);
  const files = scenarioTexts(run.scenario, diagnostics);
  const requests = requestsOf(run, steps);
  const lesson = run.scenario.lesson ?? { title: run.scenario.name, sentence: "", notice: [] };
  return {
    scenario: { id: "", title: lesson.title, sentence: lesson.sentence, notice: lesson.notice },
    seed: run.sim.seed,
    hash: (run.sim.journal.hash >>> 0).toString(16).padStart(8, "0"),
    stage: stageOf(run),
    steps,
    requests,
    bars: barsOf(steps),
    logs: logsOf(run, steps),
    actions: journeyActions(run, steps),
    races: timerRaces(run, steps, requests),
    django: djangoStories(run, steps),
    files,
    endNs: steps.at(-1)?.timeNs ?? 0,
    problems: [
      ...[...run.state().notModelled, ...withoutEffect(run.scenario), ...errorsIn(files)],
      ...placeless(files, diagnostics),
    ],
  };
}

/** What a program refused: `[emerg] unknown directive "foo" in /etc/nginx/nginx.conf:5`. */
function errorsIn(files: readonly JourneyFile[]): string[] {
  return files.flatMap((file) =>
    file.diagnostics
      .filter((each) => each.severity === "error")
      .map(({ message, file: path, line }) =>
        line > 0 ? `${message} in ${path}:${line}` : `${message} in ${path}`,
      ),
  );
}

/** Keys that a scenario may have and that change nothing. */
function withoutEffect(scenario: Scenario): string[] {
  const problems: string[] = [];
  if (scenario.versions !== undefined)
    problems.push("versions: not simulated; the programs are always those of Debian 12");
  if (scenario.warm?.http === true)
    problems.push("warm.http: not simulated; visit the page twice to fill the browser's cache");
  const { timeline } = scenario;
  const isBrowsed = timeline.some((action) => "browse" in action);
  if (
    scenario.client === "chromium" &&
    !isBrowsed &&
    timeline.some((action) => "request" in action)
  )
    problems.push("client: a request is always the bare client's; use browse for Chromium's");
  return problems;
}

/** Processes whose changes are steps by themselves: what happens to a server while it runs. */
const PROCESS_MACHINES: ReadonlySet<string> = new Set([
  "Gunicorn arbiter",
  "Gunicorn worker",
  "nginx master process",
  "nginx worker process",
  "supervisor process",
  "systemd socket",
  "systemd unit",
  "uWSGI master",
  "uWSGI worker",
]);
/** What they do all the time, in answer to steps that are told already. */
const ROUTINE: ReadonlySet<string> = new Set(["rest", "accept", "acceptNext", "haveWorkers"]);

/** A row is a step when its layer recorded facts about it and did not call it too fine. */
function toldRow(row: RecordedRow, recorded: Facts | undefined): ToldRow | null {
  const ofProcess =
    PROCESS_MACHINES.has(row.machine.spec.name) &&
    !ROUTINE.has(row.machine.transitionNames[row.transition]);
  const facts = recorded ?? (ofProcess ? NO_FACTS : undefined);
  if (facts === undefined || facts.fine === true) return null;
  const view = viewByMachine.get(row.machine.spec.name);
  return view === undefined ? null : { row, facts, view };
}

function occurrenceOf(occurrences: Map<string, number>, row: RecordedRow): number {
  const key = `${row.request} ${row.machine.spec.name} ${row.transition}`;
  const seen = occurrences.get(key) ?? 0;
  occurrences.set(key, seen + 1);
  return seen;
}

function makeStep(
  run: Run,
  told: ToldRow,
  place: Pick<Step, "index" | "scene"> & { occurrence: number },
): Step {
  const { row, facts, view } = told;
  const { index, occurrence, scene } = place;
  const { machine } = row;
  const transition = machine.transitionNames[row.transition];
  const words: StepWords = view.words.transitions[transition];
  const values: WordValues = {
    ...facts.values,
    value: row.value,
    from: machine.stateNames[row.from],
    to: machine.stateNames[row.to],
  };
  const title = say(words.title, values);
  const sentence = say(words.sentence, values);
  return {
    index,
    id: { request: row.request, machine: machine.spec.name, transition, occurrence },
    row: row.row,
    timeNs: row.time - run.zero,
    layer: machine.spec.layer as LayerId,
    request: row.request,
    machine: machine.spec.name,
    entity: row.entity,
    transition,
    from: machine.stateNames[row.from],
    to: machine.stateNames[row.to],
    value: row.value,
    title,
    sentence,
    spoken: spokenText(title, sentence),
    ...(words.interview !== undefined && { interview: words.interview }),
    ...(words.leavesOut !== undefined && { leavesOut: words.leavesOut }),
    ...(facts.cause !== undefined && { cause: facts.cause }),
    alternatives: facts.alternatives ?? [],
    messages: facts.messages ?? [],
    scene,
  };
}

function say(text: StepWords["title"], values: WordValues): string {
  return typeof text === "string" ? text : text(values);
}

/** Log lines belong to the last step before they were written; those of the boot to none (-1). */
function logsOf(run: Run, steps: readonly Step[]): LogLine[] {
  let step = -1;
  return run.recording.lines.map((line) => {
    while (step + 1 < steps.length && steps[step + 1].row <= line.row && line.time >= run.zero)
      step++;
    const { stream, text, level } = line;
    return {
      stream,
      text,
      timeNs: line.time - run.zero,
      step,
      ...(level !== undefined && { level }),
    };
  });
}

function requestsOf(run: Run, steps: readonly Step[]): JourneyRequest[] {
  return run
    .state()
    .requests.filter((request) => request.kind === "main")
    .map((request) => {
      const seen = run.recording.observations.get(request.number) ?? {};
      const own = steps.filter((step) => step.request === request.number);
      const startNs = request.startedAt - run.zero;
      return {
        index: request.number,
        method: request.method,
        url: request.url,
        status: typeof seen.status === "number" ? seen.status : null,
        error: typeof seen.error === "string" ? seen.error : null,
        startNs,
        // The client's last step: what a server does for nobody afterwards does not count.
        endNs: (own.findLast(({ layer }) => layer === "browser") ?? own.at(-1))?.timeNs ?? startNs,
        client: request.client,
      };
    });
}
