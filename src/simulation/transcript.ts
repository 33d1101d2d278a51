// A journey as text alone: time, layer, machine, transition, one sentence, cause. For the command
// line, for tests that a reviewer can read, and for those who cannot see the stage.
import { formatSpan } from "../kernel/time.ts";
import type { Journey, Step } from "./journey.ts";

/** The whole journey, one paragraph a step. Ends with a newline. */
export function transcript(journey: Journey): string {
  const lines = [journey.scenario.title, journey.scenario.sentence, ""];
  for (const problem of journey.problems) lines.push(`! ${problem}`);
  for (const step of journey.steps) lines.push(...stepLines(step, journey));
  lines.push(
    "",
    ...journey.requests.map(
      (request) =>
        `${request.method} ${request.url}: ${request.status ?? request.error ?? "no answer"} after ${formatSpan(request.endNs - request.startNs)}`,
    ),
  );
  return `${lines.join("\n")}\n`;
}

function stepLines(step: Step, journey: Journey): string[] {
  const head = `${String(step.index + 1).padStart(3)}  ${formatMs(step.timeNs)}  ${step.layer} · ${step.machine}: ${step.transition} (${step.from} → ${step.to})`;
  const lines = [head, `     ${step.title}. ${step.sentence}`];
  if (step.cause !== undefined)
    lines.push(`     Because of ${step.cause.file}:${step.cause.line}: ${step.cause.note}`);
  for (const line of journey.logs)
    if (line.step === step.index) lines.push(`     ${line.stream}: ${line.text}`);
  for (const { text, timeNs, output, ...action } of journey.actions)
    if (action.step === step.index)
      lines.push(
        `     $ ${text}   (at ${formatMs(timeNs).trim()})`,
        ...output.map((line) => `     ${line}`),
      );
  return lines;
}

function formatMs(ns: number): string {
  return `${(ns / 1e6).toFixed(3).padStart(10)} ms`;
}
