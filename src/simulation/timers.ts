// The timer race: every clock that ran for a request, side by side, which of them ended a wait, and what
// each party believed at that moment. A fold over the recorded clocks and rows; nothing is estimated.
import type { ClockFacts, LayerId } from "../layers/layer.ts";
import { beliefsAt } from "./beliefs.ts";
import type { ClockSpan, ClockView, JourneyRequest, Step, TimerRace } from "./journey.ts";
import type { RecordedClock } from "./recorded-clocks.ts";
import type { Run } from "./run.ts";

/** From the visitor inwards: the order in which parties stand. */
const ORDER: readonly LayerId[] = [
  ...(["browser", "dns", "tcp", "tls", "http2", "nginx", "gunicorn", "uwsgi"] as const),
  ...(["django", "database", "supervisor", "host"] as const),
];

/** The race of each request of the journey, in their order. */
export function timerRaces(
  run: Run,
  steps: readonly Step[],
  requests: readonly JourneyRequest[],
): TimerRace[] {
  return requests.map((request) => raceOf(run, steps, request));
}

function raceOf(run: Run, steps: readonly Step[], request: JourneyRequest): TimerRace {
  const endNs = lastMomentOf(run, steps, request);
  const own = run.recording.clocks.filter((clock) => isOf(run, clock, { request, endNs }));
  const clocks = withoutIdle(byClock(own).map((settings) => clockView(run, settings, endNs))).sort(
    (left, right) => rank(left) - rank(right) || left.spans[0].fromNs - right.spans[0].fromNs,
  );
  const fired = clocks
    .flatMap(({ name, party, otherwise, spans }) =>
      spans
        .filter(({ end, toNs }) => end === "fired" && toNs <= endNs)
        .map(({ toNs }) => ({ name, party, otherwise, atNs: toNs })),
    )
    .sort((left, right) => left.atNs - right.atNs)
    .map((end) => ({ ...end, beliefs: beliefsAt(run, request.index, end.atNs) }));
  return {
    request: request.index,
    fromNs: request.startNs,
    toNs: endNs,
    clocks,
    fired,
    atEnd: beliefsAt(run, request.index, endNs),
  };
}

/** What a server does for nobody after the client has its answer belongs to the race too. */
function lastMomentOf(run: Run, steps: readonly Step[], { index, endNs }: JourneyRequest): number {
  const last = steps.findLast((step) => step.request === index);
  const rows = run.recording.rows.findLast((row) => row.request === index);
  return Math.max(endNs, last?.timeNs ?? endNs, (rows?.time ?? 0) - run.zero);
}

/** A connection opened beside the one that was used waits by the same clock, and for nothing. */
function withoutIdle(clocks: readonly ClockView[]): ClockView[] {
  const isIdle = ({ spans }: ClockView): boolean => spans.at(-1)?.end === "running";
  return clocks.filter(
    (clock) =>
      !isIdle(clock) || !clocks.some((other) => other.name === clock.name && !isIdle(other)),
  );
}

interface Window {
  readonly request: JourneyRequest;
  readonly endNs: number;
}

/** The request's own clocks, and those of the processes that ran while it was under way. */
function isOf(run: Run, clock: RecordedClock, { request, endNs }: Window): boolean {
  if (clock.request >= 0) return clock.request === request.index;
  const setNs = clock.setAt - run.zero;
  return setNs >= request.startNs && setNs <= endNs;
}

/** The settings of one clock, by its entity and name, in order. */
function byClock(clocks: readonly RecordedClock[]): readonly (readonly RecordedClock[])[] {
  const groups = new Map<string, RecordedClock[]>();
  for (const clock of clocks) {
    const key = `${clock.entity} ${clock.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [clock]);
    else group.push(clock);
  }
  return [...groups.values()];
}

function clockView(run: Run, settings: readonly RecordedClock[], endNs: number): ClockView {
  const [{ name, facts }] = settings;
  return {
    name,
    ...ofFacts(facts),
    spans: settings.map((clock) => spanOf(run, clock, endNs)),
  };
}

function ofFacts({
  party,
  waitsFor,
  otherwise,
  cause,
  setBy,
}: ClockFacts): Omit<ClockView, "name" | "spans"> {
  return {
    ...{ party, waitsFor, otherwise },
    ...(cause !== undefined && { cause }),
    ...(setBy !== undefined && { setBy }),
  };
}

function spanOf(run: Run, clock: RecordedClock, endNs: number): ClockSpan {
  const { setAt, deadline, endedAt, end, hasEvent } = clock;
  const fromNs = setAt - run.zero;
  const deadlineNs = deadline - run.zero;
  if (end !== null && endedAt !== null)
    return { fromNs, deadlineNs, toNs: endedAt - run.zero, end };
  const isOver = hasEvent && deadline <= run.sim.now;
  return isOver
    ? { fromNs, deadlineNs, toNs: deadlineNs, end: "fired" }
    : { fromNs, deadlineNs, toNs: Math.max(fromNs, endNs), end: "running" };
}

function rank({ party }: ClockView): number {
  return ORDER.indexOf(party);
}
