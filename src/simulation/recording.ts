// The side table: the rows, facts, log lines and observations of the requests that somebody looks at.
// It listens and never answers: a run with a recording is the same run as one without.

import type { LogSink } from "../host/processes.ts";
import type { RecordedRow, Recorder } from "../kernel/recorder.ts";
import type { RequestNumber, Simulation } from "../kernel/simulation.ts";
import type { Facts } from "../layers/layer.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { createClockBook, type RecordedClock } from "./recorded-clocks.ts";

export interface RecordedLine {
  readonly stream: string;
  readonly text: string;
  readonly time: number;
  /** The journal row after which it was written. */
  readonly row: number;
  readonly request: RequestNumber;
  readonly level?: string;
}

export interface Recording {
  readonly recorder: Recorder;
  readonly sink: LogSink;
  readonly rows: RecordedRow[];
  readonly facts: Map<number, Facts>;
  readonly lines: RecordedLine[];
  readonly clocks: readonly RecordedClock[];
  readonly observations: Map<RequestNumber, Record<string, unknown>>;
  /** What programs found in the texts they read, each once. */
  readonly diagnostics: Map<string, Diagnostic>;
}

/** Makes a recording of the requests that `wants` names; -1 stands for what belongs to no request. */
export function createRecording(
  sim: Simulation,
  wants: (request: RequestNumber) => boolean,
): Recording {
  const rows: RecordedRow[] = [];
  const facts = new Map<number, Facts>();
  const lines: RecordedLine[] = [];
  const observations = new Map<RequestNumber, Record<string, unknown>>();
  const diagnostics = new Map<string, Diagnostic>();

  const book = createClockBook();

  const recorder: Recorder = {
    wants,
    clocks: book,
    row: (row) => void rows.push(row),
    note: (row, noted) => void facts.set(row, mergeFacts(facts.get(row), noted as Facts)),
  };
  const sink: LogSink = {
    diagnose: (found) => {
      for (const each of found)
        diagnostics.set(`${each.file}:${each.line}:${each.start ?? ""}: ${each.message}`, each);
    },
    wants,
    log: (stream, text, request, cause) => {
      if (!wants(request)) return;
      lines.push({
        stream,
        text,
        time: sim.now,
        row: sim.journal.rowCount - 1,
        request,
        level: cause?.level,
      });
    },
    observe: (request, part) => {
      if (wants(request)) observations.set(request, merge(observations.get(request) ?? {}, part));
    },
    observed: (request) => observations.get(request) ?? {},
  };
  const { clocks } = book;
  return { recorder, sink, rows, facts, lines, observations, diagnostics, clocks };
}

function mergeFacts(old: Facts | undefined, added: Facts): Facts {
  if (old === undefined) return added;
  return {
    ...old,
    ...added,
    values: { ...old.values, ...added.values },
    alternatives: [...(old.alternatives ?? []), ...(added.alternatives ?? [])],
    messages: [...(old.messages ?? []), ...(added.messages ?? [])],
  };
}

/** Nested records (nginx, django) are merged one level deep; everything else is replaced. */
function merge(
  old: Record<string, unknown>,
  part: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = { ...old };
  for (const [key, value] of Object.entries(part)) {
    const before = merged[key];
    // nginx is the last to touch a response: once it answered by itself, an application that goes on changes nothing.
    if (key === "by" && before === "nginx") continue;
    const nested = (key === "nginx" || key === "django") && isRecord(before) && isRecord(value);
    merged[key] = nested ? { ...before, ...value } : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
