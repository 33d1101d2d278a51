// Finding steps in a journey: by identity, by text, by layer, by log line, by what a reader waits for.
// All of it is pure: the journey goes in, step numbers come out.
import type { LayerId } from "../../layers/layer.ts";
import type { Journey, Step, StepId } from "../../simulation/journey.ts";

/** What playing can be told to stop at. */
export type StopEvent =
  | { readonly kind: "error-status" }
  | { readonly kind: "layer"; readonly layer: LayerId }
  | { readonly kind: "transition"; readonly machine: string; readonly transition: string }
  | { readonly kind: "text"; readonly text: string };

/** HTTP status that counts as an error (RFC 9110, sections 15.5 and 15.6). */
const FIRST_ERROR_STATUS = 400;

/** The status line or page a step carries, or null. */
export function statusOf(step: Step): number | null {
  for (const message of step.messages) {
    if (message.kind === "page") return message.status;
    const match = message.kind === "http" ? /^HTTP\/[\d.]+ (\d{3})/.exec(message.head) : null;
    if (match !== null) return Number(match[1]);
  }
  return null;
}

/** True when `step` is what `event` waits for. */
export function isStop(step: Step, event: StopEvent): boolean {
  switch (event.kind) {
    case "error-status":
      return (statusOf(step) ?? 0) >= FIRST_ERROR_STATUS;
    case "layer":
      return step.layer === event.layer;
    case "transition":
      return step.machine === event.machine && step.transition === event.transition;
    case "text":
      return matchesText(step, wordsOf(event.text));
  }
}

/** The first step after `from` that is what `event` waits for, or null. */
export function nextStop(journey: Journey, from: number, event: StopEvent): number | null {
  const found = journey.steps.find((step) => step.index > from && isStop(step, event));
  return found?.index ?? null;
}

/** The steps that hold every word of `query`, in order. Empty for an empty query. */
export function searchSteps(journey: Journey, query: string): readonly number[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return journey.steps.filter((step) => matchesText(step, words)).map((step) => step.index);
}

function wordsOf(query: string): readonly string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

const searchable = new WeakMap<Step, string>();

function matchesText(step: Step, words: readonly string[]): boolean {
  let text = searchable.get(step);
  if (text === undefined) {
    text = textOf(step).toLowerCase();
    searchable.set(step, text);
  }
  return words.length > 0 && words.every((word) => text.includes(word));
}

function textOf(step: Step): string {
  const alternatives = step.alternatives.map((item) => `${item.text} ${item.verdict}`);
  const messages = step.messages.map((item) => {
    if (item.kind === "http") return `${item.title} ${item.head}`;
    return item.kind === "sql" ? `${item.title} ${item.sql}` : item.title;
  });
  return [
    ...[step.title, step.sentence, step.layer, step.machine, step.transition, step.to],
    ...[step.cause?.file ?? "", step.cause?.note ?? "", step.scene.token.label],
    ...alternatives,
    ...messages,
  ].join("\n");
}

/** The step where the next layer (or, backwards, the one before) begins its work. */
export function layerJump(journey: Journey, from: number, direction: 1 | -1): number {
  const { steps } = journey;
  const here = steps[from]?.layer;
  let index = from;
  while (steps[index] !== undefined && steps[index].layer === here) index += direction;
  if (steps[index] === undefined) return direction === 1 ? steps.length - 1 : 0;
  if (direction === 1) return index;
  const layer = steps[index].layer;
  while (index > 0 && steps[index - 1].layer === layer) index -= 1;
  return index;
}

/** The step that wrote the next log line (or the one before); `from` itself when there is none. */
export function logJump(journey: Journey, from: number, direction: 1 | -1): number {
  const writers = journey.logs.map((line) => line.step).filter((step) => step >= 0);
  const beyond = writers.filter((step) => (direction === 1 ? step > from : step < from));
  if (beyond.length === 0) return from;
  return direction === 1 ? Math.min(...beyond) : Math.max(...beyond);
}

export interface FoundStep {
  readonly index: number;
  /** False when the exact step is not in this run and its nearest relative is shown. */
  readonly exact: boolean;
}

/** The step with this identity, or the nearest: same transition of the request, else of any request. */
export function findStep(journey: Journey, id: StepId): FoundStep | null {
  const sameTransition = journey.steps.filter(
    (step) => step.id.machine === id.machine && step.id.transition === id.transition,
  );
  const sameRequest = sameTransition.filter((step) => step.id.request === id.request);
  const exact = sameRequest.find((step) => step.id.occurrence === id.occurrence);
  if (exact !== undefined) return { index: exact.index, exact: true };
  const nearest = sameRequest.at(-1) ?? sameTransition[0];
  return nearest === undefined ? null : { index: nearest.index, exact: false };
}

/** What a reference entry points at: the first step of a layer, a machine or a transition. */
export interface StepTarget {
  readonly layer?: LayerId;
  readonly machine?: string;
  readonly transition?: string;
  /** Words that must be in the step. */
  readonly text?: string;
}

/** The first step that fits every part of the target given, or null. */
export function findTarget(journey: Journey, target: StepTarget): number | null {
  const words = wordsOf(target.text ?? "");
  const found = journey.steps.find(
    (step) =>
      (target.layer === undefined || step.layer === target.layer) &&
      (target.machine === undefined || step.machine === target.machine) &&
      (target.transition === undefined || step.transition === target.transition) &&
      (words.length === 0 || matchesText(step, words)),
  );
  return found?.index ?? null;
}
