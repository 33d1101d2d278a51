// Time to grab: bars for what each layer did, solid where it has happened and faint where it is to come.
// The whole of it is one slider: drag it, click it, or use the arrow keys when it has the focus.
import { ticks } from "d3";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from "react";
import type { Journey, Step, TimingBar } from "../../simulation/journey.ts";
import { durationText } from "../diagram/model.ts";
import { type Tint, tintOf } from "../diagram/places.ts";
import { jumpTo, stepBy } from "../playback/playhead.ts";
import type { RunState } from "../session/runner.ts";
import { barsIn, stepAt, type TimeWindow, windowOf } from "../session/time-window.ts";
import { useRun, useSession, useView } from "./session-context.ts";

const lanes = ["Browser", "DNS", "Network", "Nginx", "Gunicorn", "Django", "Database"] as const;
const PAGE_STEPS = 10;

/** A lane has its layer's colour, whichever layer a bar in it began with. */
const laneTints: Readonly<Record<TimingBar["lane"], Tint>> = {
  Browser: "browser",
  DNS: "dns",
  Network: "network",
  Nginx: "nginx",
  Gunicorn: "gunicorn",
  Django: "django",
  Database: "database",
};

export interface WaterfallProps {
  readonly journey: Journey;
  readonly step: Step;
}

export function Waterfall({ journey, step }: WaterfallProps) {
  const session = useSession();
  const chart = useRef<HTMLDivElement>(null);
  const isPresenting = useView((view) => view.isPresenting);
  const change = useRun(({ compared }) => changeOf(compared, step.index));
  const { fromNs, toNs } = windowOf(journey, step.index);
  const span = useMemo(() => ({ fromNs, toNs }), [fromNs, toNs]);
  const bars = useMemo(() => barsIn(journey, span), [journey, span]);

  function grab(event: PointerEvent<HTMLDivElement>): void {
    const area = chart.current?.getBoundingClientRect();
    if (area === undefined || (event.type === "pointermove" && event.buttons === 0)) return;
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    const share = snapped((event.clientX - area.left) / area.width);
    const isStepStrip = !isPresenting && event.clientY > area.bottom - STEP_STRIP_PX;
    const target = isStepStrip
      ? Math.floor(share * (journey.steps.length - 0.001))
      : stepAt(journey, span.fromNs + share * (span.toNs - span.fromNs));
    jumpTo(session.playhead, target);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const moves: Record<string, () => void> = {
      ArrowRight: () => stepBy(session.playhead, 1),
      ArrowUp: () => stepBy(session.playhead, 1),
      ArrowLeft: () => stepBy(session.playhead, -1),
      ArrowDown: () => stepBy(session.playhead, -1),
      PageUp: () => stepBy(session.playhead, PAGE_STEPS),
      PageDown: () => stepBy(session.playhead, -PAGE_STEPS),
      Home: () => jumpTo(session.playhead, 0),
      End: () => jumpTo(session.playhead, journey.steps.length - 1),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  }

  return (
    <div className="waterfall">
      <div className="lane-names" aria-hidden="true">
        {lanes.map((lane) => (
          <span key={lane}>{lane}</span>
        ))}
        <span>Steps</span>
      </div>
      <div
        ref={chart}
        className="chart"
        role="slider"
        tabIndex={0}
        aria-label="Step"
        aria-valuemin={1}
        aria-valuemax={journey.steps.length}
        aria-valuenow={step.index + 1}
        aria-valuetext={`Step ${step.index + 1} of ${journey.steps.length}: ${step.title}${change === undefined ? "" : ` (${change})`}`}
        onPointerDown={grab}
        onPointerMove={grab}
        onKeyDown={onKeyDown}
      >
        <Axis span={span} />
        {lanes.map((lane) => (
          <div key={lane} className="lane">
            {bars
              .filter((bar) => bar.lane === lane)
              .map((bar, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: bars of a lane are told apart by place.
                <Bar key={i} bar={bar} span={span} nowNs={step.timeNs} />
              ))}
          </div>
        ))}
        {isPresenting && (
          <div className="lane is-all">
            {bars.map((bar, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: bars are told apart by place.
              <Bar key={i} bar={bar} span={span} nowNs={step.timeNs} />
            ))}
          </div>
        )}
        {journey.actions
          .filter(({ timeNs }) => timeNs >= span.fromNs && timeNs <= span.toNs)
          .map(({ timeNs, text }, i) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: two actions may be the same.
              key={i}
              className="flag"
              style={{ left: `${shareOf(timeNs, span) * 100}%` }}
              title={`${text} at ${durationText(timeNs)}`}
            />
          ))}
        <StepStrip journey={journey} current={step.index} />
        <div className="playhead" style={{ left: `${shareOf(step.timeNs, span) * 100}%` }} />
      </div>
    </div>
  );
}

const STEP_STRIP_PX = 18;

/** The ends are easy to hit: a handle's width from them counts as there. */
const SNAP = 0.006;

function snapped(share: number): number {
  return share < SNAP ? 0 : share > 1 - SNAP ? 1 : share;
}

function shareOf(timeNs: number, { fromNs, toNs }: TimeWindow): number {
  return Math.max(0, Math.min(1, (timeNs - fromNs) / (toNs - fromNs)));
}

interface BarProps {
  readonly bar: TimingBar;
  readonly span: TimeWindow;
  readonly nowNs: number;
}

function Bar({ bar, span, nowNs }: BarProps) {
  const from = shareOf(bar.fromNs, span);
  const width = shareOf(bar.toNs, span) - from;
  const done = bar.toNs === bar.fromNs ? Number(nowNs >= bar.toNs) : doneShare(bar, nowNs);
  return (
    <div
      className={`bar tint-${laneTints[bar.lane]}`}
      style={{ left: `${from * 100}%`, width: `${width * 100}%` }}
      title={`${bar.label}: ${durationText(bar.toNs - bar.fromNs)}`}
    >
      <div className="bar-done" style={{ width: `${done * 100}%` }} />
    </div>
  );
}

function doneShare({ fromNs, toNs }: TimingBar, nowNs: number): number {
  return Math.max(0, Math.min(1, (nowNs - fromNs) / (toNs - fromNs)));
}

const TICKS = 8;

function Axis({ span }: { readonly span: TimeWindow }) {
  const lengthNs = span.toNs - span.fromNs;
  return (
    <div className="axis" aria-hidden="true">
      {ticks(0, lengthNs, TICKS).map((tick) => (
        <div key={tick} className="tick" style={{ left: `${(100 * tick) / lengthNs}%` }}>
          <span className="tick-label">{tick === 0 ? "0" : tickText(tick, lengthNs)}</span>
        </div>
      ))}
    </div>
  );
}

/** A tick in the unit of the whole: 50 ms, 1.5 s. */
function tickText(ns: number, lengthNs: number): string {
  const [size, unit] =
    lengthNs >= 2e9
      ? ([1e9, "s"] as const)
      : lengthNs >= 2e6
        ? ([1e6, "ms"] as const)
        : ([1e3, "µs"] as const);
  return `${Number((ns / size).toPrecision(4))} ${unit}`;
}

/** "changed" or "new" where a step is not as it was without the reader's changes. */
function changeOf(compared: RunState["compared"], step: number): string | undefined {
  const change = compared?.steps[step];
  return change === "same" ? undefined : change;
}

interface StepStripProps {
  readonly journey: Journey;
  readonly current: number;
}

/** So many cells and the gaps between them do not fit 320 pixels any more. */
const DENSE_STEPS_MIN = 140;

/** One cell for each step, all of one width: the steps that share a microsecond come apart here. */
function StepStrip({ journey, current }: StepStripProps) {
  const compared = useRun((run) => run.compared);
  const isDense = journey.steps.length > DENSE_STEPS_MIN;
  return (
    <div className={`step-strip${isDense ? " is-dense" : ""}`} aria-hidden="true">
      {journey.steps.map((step) => {
        const state = step.index === current ? "is-now" : step.index < current ? "is-past" : "";
        return (
          <span
            key={step.index}
            className={`step-cell tint-${tintOf(step.layer)} ${state}`}
            data-change={changeOf(compared, step.index)}
            title={`${step.index + 1}. ${step.title}`}
          />
        );
      })}
    </div>
  );
}
