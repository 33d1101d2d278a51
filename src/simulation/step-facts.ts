// What of a step is compared between two runs, in the order in which a reader wants to hear of it: the
// heading, the line it obeys, the candidates, the messages, the sentence, the state it ends in, and the
// time it took. The first that differs is told with both values.
import { formatSpan } from "../kernel/time.ts";
import type { Alternative, Cause, Message } from "../layers/layer.ts";
import { diffLists, type Hunk } from "../text/line-diff.ts";
import type { Journey, Step } from "./journey.ts";

/** A fact of a step that is not the same in two runs. */
export interface FactChange {
  /** What it is: "the answer", "the line obeyed". */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface StepOfRun {
  readonly step: Step;
  readonly journey: Journey;
}

type Fact = readonly [name: string, value: (of: StepOfRun) => string];

/** What says most comes first: a changed header says more than the number of bytes that it changed. */
const headFacts: readonly Fact[] = [
  ["the step", ({ step }) => quoted(step.title)],
  ["the line that decides", ({ step, journey }) => obeyed(step.cause, journey)],
];
const lastFacts: readonly Fact[] = [
  ["what is said of it", ({ step }) => quoted(withoutPlaces(step.sentence))],
  ["the state it ends in", ({ step }) => step.to],
];

/** The first fact in which the steps differ; null when there is none. */
export function factChange(old: StepOfRun, fresh: StepOfRun): FactChange | null {
  return (
    firstChange(headFacts, old, fresh) ??
    alternativeChange(old.step.alternatives, fresh.step.alternatives) ??
    messageChange(old.step.messages, fresh.step.messages) ??
    firstChange(lastFacts, old, fresh) ??
    timeChange(old, fresh)
  );
}

function firstChange(facts: readonly Fact[], old: StepOfRun, fresh: StepOfRun): FactChange | null {
  for (const [name, value] of facts) {
    const [before, after] = [value(old), value(fresh)];
    if (before !== after) return { name, before, after };
  }
  return null;
}

function quoted(text: string): string {
  return `“${text.replace(/[.]$/, "")}”`;
}

/** Line numbers and process numbers say where something stands in a row, and not what it is. */
function withoutPlaces(text: string): string {
  return text
    .replace(/(?<=[a-z]):\d+\b/g, ":N")
    .replace(/\b(lines?|process|pid) \d+(?:[-–]\d+)?/g, "$1 N");
}

/** The text of the line that a step obeys. */
function obeyed(cause: Cause | undefined, journey: Journey): string {
  if (cause === undefined) return "none";
  const text = journey.files.find(({ path }) => path === cause.file)?.text;
  const line = text?.split("\n")[cause.line - 1]?.trim();
  return line === undefined ? `in ${cause.file.split("/").at(-1)}` : quoted(line);
}

function alternativeChange(
  old: readonly Alternative[],
  fresh: readonly Alternative[],
): FactChange | null {
  const [before, after] = [old.map(candidateText), fresh.map(candidateText)];
  const [place] = diffLists(before, after);
  if (place === undefined) return null;
  const name = `candidate ${place.newFrom}`;
  return { name, ...sidesOf(place, before, after) };
}

/** What stood at a place and what stands there now, by its first line. */
function sidesOf(
  { oldFrom, oldCount, newFrom, newCount }: Hunk,
  before: readonly string[],
  after: readonly string[],
): Pick<FactChange, "before" | "after"> {
  return {
    before: oldCount > 0 ? before[oldFrom - 1] : "absent",
    after: newCount > 0 ? after[newFrom - 1] : "absent",
  };
}

function candidateText(alternative: Alternative): string {
  return `“${alternative.text}” (${withoutPlaces(alternative.verdict)})`;
}

function messageChange(old: readonly Message[], fresh: readonly Message[]): FactChange | null {
  for (let i = 0; i < Math.max(old.length, fresh.length); i += 1) {
    const [before, after] = [messageLines(old[i]), messageLines(fresh[i])];
    const [place] = diffLists(before, after);
    if (place === undefined) continue;
    const name = `${(fresh[i] ?? old[i]).title}, ${partName(before, after, place)}`;
    return { name, ...sidesOf(place, before.map(lineText), after.map(lineText)) };
  }
  return null;
}

/** What a changed line of a message is called: a header by its name, another line by its number. */
function partName(before: readonly string[], after: readonly string[], place: Hunk): string {
  const line = place.newCount > 0 ? after[place.newFrom - 1] : before[place.oldFrom - 1];
  const header = /^([\w-]+):/.exec(line);
  return header === null ? `line ${place.newFrom}` : header[1];
}

const SHOWN_CHARACTERS_MAX = 120;

function lineText(line: string): string {
  return quoted(
    line.length > SHOWN_CHARACTERS_MAX ? `${line.slice(0, SHOWN_CHARACTERS_MAX)}…` : line,
  );
}

function messageLines(message: Message | undefined): readonly string[] {
  if (message === undefined) return [];
  switch (message.kind) {
    case "http":
      // The time of day is no fact of the step.
      return [
        ...message.head.split(/\r?\n/).filter((line) => !line.startsWith("Date:")),
        ...(message.body === undefined ? [`${message.bodyBytes} bytes`] : message.body.split("\n")),
      ];
    case "sql":
      return [message.sql, ...fieldLines(message.fields)];
    case "page":
      return [`${message.status} ${message.url}`, ...message.html.split("\n")];
    case "tls":
      return message.records.flatMap(({ title, bytes, fields }) => [
        `${title}, ${bytes} bytes`,
        ...fieldLines(fields),
      ]);
    case "http2":
      return message.frames.flatMap(({ name, stream, fields, headers }) => [
        `${name}, stream ${stream}`,
        ...fieldLines(fields),
        ...fieldLines(headers.filter((header) => header.name !== "date")),
      ]);
    case "dns":
    case "segment":
    case "table":
      return fieldLines(message.fields);
  }
}

/** Drawn for each connection or question: it differs without a reason. */
const DRAWN_FIELDS: ReadonlySet<string> = new Set(["ID"]);

function fieldLines(
  fields: readonly { readonly name: string; readonly value: string }[],
): readonly string[] {
  return fields
    .filter(({ name }) => !DRAWN_FIELDS.has(name))
    .map(({ name, value }) => `${name}: ${value}`);
}

/** A step counts as later only for the time that it took itself: what follows a slow step is not slow. */
function timeChange(old: StepOfRun, fresh: StepOfRun): FactChange | null {
  const [before, after] = [sinceLast(old), sinceLast(fresh)];
  if (before === after) return null;
  return {
    name: "the time since the step before",
    before: formatSpan(before),
    after: formatSpan(after),
  };
}

/** Nanoseconds since the step before it of the same request. */
function sinceLast({ step, journey }: StepOfRun): number {
  for (let i = step.index - 1; i >= 0; i -= 1)
    if (journey.steps[i].request === step.request) return step.timeNs - journey.steps[i].timeNs;
  return 0;
}
