// The traffic worker's entry: it holds one run of traffic and answers what the page asks of it, one
// question after the other. What cannot be done is an answer in words, never a worker that stops.
import type { Scenario } from "../simulation/scenario.ts";
import { loadEditing, loadEngineFor } from "./parts.ts";
import { scenarioOfSpec } from "./scenario-of-spec.ts";
import type { TrafficAnswers } from "./traffic-answers.ts";
import type {
  FromTrafficWorker,
  TextDraft,
  ToTrafficWorker,
  TrafficRunSpec,
} from "./traffic-protocol.ts";

type TextsAnswer = Omit<Extract<FromTrafficWorker, { readonly kind: "texts" }>, "ticket">;

let last: Promise<void> = Promise.resolve();
let answers: TrafficAnswers | null = null;

addEventListener("message", ({ data }: MessageEvent<ToTrafficWorker>) => {
  last = last.then(async () => send(await answer(data)));
});

/** The columns of a frame belong to the page: they are handed over, not copied. */
function send(message: FromTrafficWorker): void {
  const dots = "frame" in message ? message.frame.dots : null;
  const columns =
    dots === null
      ? []
      : [dots.request, dots.place, dots.slot, dots.progress, dots.ageMs, dots.outcome];
  postMessage(message, { transfer: columns.map((column) => column.buffer as ArrayBuffer) });
}

async function answer(question: ToTrafficWorker): Promise<FromTrafficWorker> {
  const { ticket } = question;
  try {
    if (question.kind === "start") {
      answers = await start(question.spec);
      return { ...answers.ready(), ticket };
    }
    if (answers === null) return { kind: "failed", ticket, message: "No run has been started." };
    if (question.kind === "texts")
      return { ...(await textsOf(answers.scenario, question.draft)), ticket };
    return { ...answers.answer(question), ticket };
  } catch (error) {
    return {
      kind: "failed",
      ticket,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

async function start(spec: TrafficRunSpec): Promise<TrafficAnswers> {
  const { scenario } = await scenarioOfSpec(spec.run);
  // Whatever the changes of a link bring in is there before the run begins.
  const writes = spec.changes.flatMap(({ atNs, change }) =>
    change.kind === "file" && change.path.startsWith("/") && change.text !== null
      ? [{ at: atNs / 1e6, write: { [change.path]: change.text } }]
      : [],
  );
  const [{ TrafficAnswers: Answers }] = await Promise.all([
    import("./traffic-answers.ts"),
    loadEngineFor(scenario, [...spec.run.actions, ...writes]),
  ]);
  const timeline = [...scenario.timeline, ...spec.run.actions].sort((a, b) => a.at - b.at);
  return new Answers({ ...scenario, timeline }, spec, () => performance.now());
}

/** The texts; those of a draft are read by their programs, on a server that boots beside the run. */
async function textsOf(scenario: Scenario, draft: TextDraft | null): Promise<TextsAnswer> {
  const { checkTexts, editScenario, runTexts } = await loadEditing();
  if (draft === null) return { kind: "texts", texts: runTexts(scenario, []), problems: [] };
  const edited = editScenario(scenario, { [draft.path]: draft.text });
  const { files, problems } = checkTexts(edited.scenario, edited.diagnostics);
  const diagnostics = new Set([
    ...edited.diagnostics,
    ...files.flatMap((file) => file.diagnostics),
  ]);
  return { kind: "texts", texts: runTexts(edited.scenario, [...diagnostics]), problems };
}
