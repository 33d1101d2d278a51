// Playing the run: pause, restart, speed and seed, the numbers so far in one line, and the time as
// something that can be grabbed.
import { useRef, useState } from "react";
import type { TrafficCounters } from "../../simulation/traffic/results.ts";
import type { TrafficRun } from "../session/traffic-run.ts";
import { type TrafficSpeed, trafficSpeeds } from "../session/traffic-state.ts";
import { Icon } from "../widgets/Icon.tsx";
import { clockText, countText, shortNumber } from "./numbers.ts";
import { useTraffic } from "./traffic-context.ts";

export function TrafficTransport({ run }: { readonly run: TrafficRun }) {
  const isPlaying = useTraffic(run, (state) => state.isPlaying);
  const pinned = useTraffic(run, (state) => state.pinned);
  return (
    <div className="traffic-transport">
      <div className="transport-buttons">
        <button type="button" className="button is-primary" onClick={() => run.play(!isPlaying)}>
          <Icon name={isPlaying ? "pause" : "play"} /> {isPlaying ? "Pause" : "Play"}
        </button>
        <button type="button" className="button" onClick={() => void run.restart()}>
          Restart
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={pinned !== null}
          onClick={() => (pinned === null ? void run.pin() : run.unpin())}
        >
          {pinned === null ? "Pin" : "Unpin"}
        </button>
        <SpeedChoice run={run} />
        <SeedField run={run} />
      </div>
      <Counters run={run} />
      <Scrubber run={run} />
    </div>
  );
}

/** The run is called slower than asked from this share of the speed on. */
const SLOW_SHARE = 0.8;

function SpeedChoice({ run }: { readonly run: TrafficRun }) {
  const speed = useTraffic(run, (state) => state.speed);
  const reached = useTraffic(run, (state) => state.reachedSpeed);
  const isPlaying = useTraffic(run, (state) => state.isPlaying);
  const isSlow = isPlaying && reached > 0 && reached < speed * SLOW_SHARE;
  return (
    <label className="speed">
      <span className="transport-word">Speed</span>
      <select
        aria-label="Speed"
        value={speed}
        onChange={({ target }) =>
          run.store.setState({ speed: Number(target.value) as TrafficSpeed })
        }
      >
        {trafficSpeeds.map((choice) => (
          <option key={choice} value={choice}>
            {choice}×
          </option>
        ))}
      </select>
      {isSlow && <span className="quiet">{shortNumber(reached)}× reached</span>}
    </label>
  );
}

function SeedField({ run }: { readonly run: TrafficRun }) {
  const seed = useTraffic(run, (state) => state.seed);
  const spec = useTraffic(run, (state) => state.spec);
  const [draft, setDraft] = useState<string | null>(null);
  function take(): void {
    const wanted = Number(draft);
    setDraft(null);
    if (draft === null || spec === null || !Number.isSafeInteger(wanted) || wanted === seed) return;
    void run.start({ ...spec, run: { ...spec.run, seed: wanted } }).then(() => run.play(true));
  }
  return (
    <label className="seed">
      <span className="transport-word">Seed</span>
      <input
        className="field seed-field"
        inputMode="numeric"
        aria-label="Seed"
        value={draft ?? String(seed)}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === "Enter") take();
        }}
      />
    </label>
  );
}

function Counters({ run }: { readonly run: TrafficRun }) {
  useTraffic(run, ({ version }) => version);
  const frame = run.frame();
  if (frame === null) return null;
  return (
    <p className="counters mono">
      {countersText(frame.timeNs, frame.counters).map(({ text, isError }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of the line have their order.
        <span key={i} className={isError ? "is-error" : ""}>
          {text}
        </span>
      ))}
    </p>
  );
}

interface CounterPart {
  readonly text: string;
  readonly isError: boolean;
}

/** "42.6 s", "5,112 requests", "4,804 × 200", "211 × 504": the worst last. */
export function countersText(timeNs: number, counters: TrafficCounters): readonly CounterPart[] {
  const statuses = Object.entries(counters.statuses).sort(([a], [b]) => a.localeCompare(b));
  return [
    { text: clockText(timeNs / 1e9), isError: false },
    { text: `${countText(counters.arrived)} requests`, isError: false },
    ...statuses.map(([status, count]) => ({
      text: `${countText(count)} × ${status === "none" ? "no answer" : status}`,
      isError: status === "none" || status >= "400",
    })),
    ...(counters.retries > 0
      ? [{ text: `${countText(counters.retries)} retries`, isError: false }]
      : []),
  ];
}

/**
 * Seeks to the newest moment that was asked for, one seek at a time: of what is asked for meanwhile only the
 * last counts. The moment on its way, in seconds, is shown until it is there.
 */
function useScrubbing(run: TrafficRun): readonly [number | null, (seconds: number) => void] {
  const [wanted, setWanted] = useState<number | null>(null);
  const newest = useRef<number | null>(null);
  async function follow(): Promise<void> {
    for (let at = newest.current; at !== null; at = newest.current) {
      await run.seek(at * 1e9);
      if (newest.current === at) newest.current = null;
    }
    setWanted(null);
  }
  function scrub(seconds: number): void {
    const isUnderWay = newest.current !== null;
    newest.current = seconds;
    setWanted(seconds);
    if (!isUnderWay) void follow();
  }
  return [wanted, scrub];
}

function Scrubber({ run }: { readonly run: TrafficRun }) {
  useTraffic(run, ({ version }) => version);
  const goal = useTraffic(run, (state) => state.runningToNs);
  const frame = run.frame();
  const endNs = frame === null ? 1 : Math.max(frame.endNs, frame.knownNs);
  const [wanted, scrub] = useScrubbing(run);
  const timeNs = wanted === null ? (goal ?? frame?.timeNs ?? 0) : wanted * 1e9;
  const share = (ns: number) => `${(100 * Math.min(1, ns / endNs)).toFixed(2)}%`;
  const style = { "--share": share(timeNs), "--known": share(frame?.knownNs ?? 0) };
  return (
    <input
      type="range"
      className="slider scrubber"
      aria-label="Simulated time"
      style={style as React.CSSProperties}
      {...{ min: 0, max: endNs / 1e9, step: 0.1, value: timeNs / 1e9 }}
      aria-valuetext={`${clockText(timeNs / 1e9)} of ${clockText(endNs / 1e9)}`}
      onChange={({ target }) => scrub(Number(target.value))}
    />
  );
}
