// What the stage is given to draw, gathered from the journey for one step: the scene of the step, and
// the few things that need the steps before it. Pure.
import type { LayerId } from "../../layers/layer.ts";
import type {
  DjangoQuery,
  Journey,
  JourneyRequest,
  PlaceId,
  Scene,
  Stage,
  Step,
} from "../../simulation/journey.ts";
import { type Travel, travelOf } from "./travel.ts";

export interface LadderRow {
  readonly label: string;
  readonly direction: "request" | "response";
  readonly timeNs: number;
  readonly isNow: boolean;
}

export interface BrowserTiming {
  readonly label: string;
  readonly layer: LayerId;
  readonly state: "done" | "now" | "to come";
  readonly durationNs: number;
}

/** What the boxes show, whether one request is followed or a crowd. */
export interface BoxModel {
  readonly scene: Scene;
  readonly stage: Stage;
  /** "Browser", or "Client" for one that only sends requests. */
  readonly clientName: string;
  readonly url: string;
  readonly outcome: string | null;
  readonly timings: readonly BrowserTiming[];
  readonly ladder: readonly LadderRow[];
  /** The places of the DNS that this request has been to, now included. */
  readonly asked: ReadonlySet<PlaceId>;
  /** The worker that serves this request, by number; null when none does. */
  readonly servingWorker: number | null;
  /** The queries that this request has made by now; none for a crowd. */
  readonly queries?: readonly DjangoQuery[];
  readonly nowNs?: number;
}

export interface StageModel extends BoxModel {
  readonly step: Step;
  /** What travels now: the token's label and direction. */
  readonly travel: Travel;
}

/** Everything the stage draws after step `index`, which belongs to `request`. */
export function stageModel(
  journey: Journey,
  index: number,
  request: JourneyRequest | undefined = journey.requests.find(
    (each) => each.index === journey.steps[index].request,
  ),
): StageModel {
  const step = journey.steps[index];
  return {
    step,
    scene: step.scene,
    stage: journey.stage,
    travel: travelOf(step),
    clientName: request?.client === "client" ? "Client" : "Browser",
    url: request?.url ?? "",
    outcome: outcomeOf(journey, index, request),
    timings: timingsOf(journey, step, request?.index ?? -1),
    ladder: ladderOf(journey, index, request?.index ?? -1),
    asked: askedOf(journey, index, request?.index ?? -1),
    servingWorker: servingWorker(journey, step, request?.index ?? step.request),
    nowNs: step.timeNs,
    queries: queriesOf(journey, index, request?.index ?? -1),
  };
}

function queriesOf(journey: Journey, index: number, request: number): readonly DjangoQuery[] {
  const story = journey.django.find((candidate) => candidate.request === request);
  return story?.queries.filter(({ step }) => step <= index) ?? [];
}

/** The status of the page the browser shows by now, or the error it shows instead; null while it waits. */
function outcomeOf(
  journey: Journey,
  index: number,
  request: JourneyRequest | undefined,
): string | null {
  if (request === undefined) return null;
  const shown = journey.steps
    .slice(0, index + 1)
    .filter((step) => step.request === request.index)
    .flatMap(({ messages }) => messages.flatMap((m) => (m.kind === "page" ? [m.status] : [])));
  if (shown.length > 0) return String(shown.at(-1));
  if (journey.steps[index].timeNs < request.endNs) return null;
  return request.error ?? String(request.status ?? "no answer");
}

const timingNames: Partial<Readonly<Record<LayerId, string>>> = {
  dns: "DNS",
  tcp: "TCP",
  tls: "TLS",
};

/** A part of connecting is over when the browser goes on, or the next part begins. */
const ENDED_BY: Readonly<Record<"dns" | "tcp" | "tls", ReadonlySet<LayerId>>> = {
  dns: new Set(["browser", "tcp", "tls"]),
  tcp: new Set(["browser", "tls", "http2", "nginx"]),
  tls: new Set(["browser", "http2"]),
};

/** What the browser's own tools would list: the name, the connection, its keys, then the request. */
function timingsOf(journey: Journey, step: Step, request: number): readonly BrowserTiming[] {
  const steps = journey.steps.filter((item) => item.request === request);
  const timings: BrowserTiming[] = [];
  let connectedNs = steps[0]?.timeNs ?? 0;
  for (const layer of ["dns", "tcp", "tls"] as const) {
    const first = steps.findIndex((item) => item.layer === layer);
    if (first === -1) continue;
    const after = steps.findIndex((item, i) => i > first && ENDED_BY[layer].has(item.layer));
    connectedNs = (steps[after] ?? steps[steps.length - 1]).timeNs;
    timings.push(
      timing(timingNames[layer] ?? layer, layer, [steps[first].timeNs, connectedNs, step]),
    );
  }
  const endNs = steps.at(-1)?.timeNs ?? connectedNs;
  return [...timings, timing("Request", "browser", [connectedNs, endNs, step])];
}

function timing(
  label: string,
  layer: LayerId,
  [fromNs, toNs, { timeNs }]: readonly [fromNs: number, toNs: number, now: Step],
): BrowserTiming {
  const state = toNs <= timeNs ? "done" : fromNs <= timeNs ? "now" : "to come";
  return { label, layer, durationNs: toNs - fromNs, state };
}

/** A server once asked stays marked, so that the way of the question can be seen. */
function askedOf(journey: Journey, index: number, request: number): ReadonlySet<PlaceId> {
  const before = journey.steps.slice(0, index + 1).filter((step) => step.request === request);
  return new Set(before.flatMap(({ scene }) => [...scene.dns, scene.token.at]));
}

/** What went between browser and server for this request up to now. */
function ladderOf(journey: Journey, index: number, request: number): readonly LadderRow[] {
  const rows: LadderRow[] = [];
  let machine = "";
  for (const step of journey.steps.slice(0, index + 1)) {
    if (step.request !== request || !isOnTheWire(step)) continue;
    const row = { ...travelOf(step), timeNs: step.timeNs, isNow: step.index === index };
    const before = rows.at(-1);
    // A message that leaves one end and then arrives at the other went over the wire once.
    const isArrival = machine !== step.machine && before?.direction === row.direction;
    if (isArrival && before.label === row.label)
      rows[rows.length - 1] = { ...before, isNow: row.isNow };
    else rows.push(row);
    machine = step.machine;
  }
  return rows;
}

const ON_THE_WIRE: ReadonlySet<LayerId> = new Set(["tcp", "tls", "http2"]);

function isOnTheWire({ layer, scene, messages }: Step): boolean {
  if (!ON_THE_WIRE.has(layer) || scene.token.at !== "network") return false;
  const [message] = messages;
  return message !== undefined && message.kind !== "table";
}

/** The worker that serves the request of the step: now, soon, or a moment ago, if it still lives. */
function servingWorker(journey: Journey, { index, scene }: Step, request: number): number | null {
  const serving = (step: Step): number | undefined =>
    step.scene.token.worker ??
    step.scene.gunicorn.workers.find((worker) => worker.busy && worker.request === request)?.number;
  const isOurs = (step: Step): boolean => step.request === request && serving(step) !== undefined;
  const near =
    journey.steps.slice(index).find(isOurs) ?? journey.steps.slice(0, index).findLast(isOurs);
  const number = serving(journey.steps[index]) ?? (near === undefined ? undefined : serving(near));
  return scene.gunicorn.workers.some((worker) => worker.number === number)
    ? (number ?? null)
    : null;
}

/** A duration as a reader says it: up to three digits and a unit. */
export function durationText(ns: number): string {
  const units = [
    { size: 1_000_000_000, name: "s" },
    { size: 1_000_000, name: "ms" },
    { size: 1_000, name: "µs" },
  ] as const;
  const unit = units.find(({ size }) => ns >= size);
  if (unit === undefined) return ns === 0 ? "0 ms" : `${Math.round(ns)} ns`;
  const value = ns / unit.size;
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))} ${unit.name}`;
}
