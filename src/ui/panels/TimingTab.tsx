// Where the time went: for each layer the time in which it worked on this request, up to now.
import { lazy, Suspense } from "react";
import type { TimingBar } from "../../simulation/journey.ts";
import { durationText } from "../diagram/model.ts";
import { tintOf } from "../diagram/places.ts";
import { barsIn, requestOf, windowOf } from "../session/time-window.ts";
import type { TabProps } from "./StepPanel.tsx";

const TimerRace = lazy(() => import("./TimerRace.tsx").then((m) => ({ default: m.TimerRace })));

export function TimingTab({ journey, step }: TabProps) {
  const span = windowOf(journey, step.index);
  const lengthNs = span.toNs - span.fromNs;
  const request = requestOf(journey, step.index)?.index;
  const race = journey.races.find((candidate) => candidate.request === request);
  const bars = barsIn(journey, span).filter((bar) => bar.fromNs <= step.timeNs);
  return (
    <>
      <p className="timing-now">
        <span className="mono">t = {durationText(step.timeNs - span.fromNs)}</span>
        <span className="quiet"> of {durationText(lengthNs)}</span>
      </p>
      <table className="timings">
        <caption>
          Each row is the time from a layer’s first to its last moment; inner layers lie within
          outer ones.
        </caption>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">What</th>
            <th scope="col">Begins</th>
            <th scope="col">Takes</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a layer may work twice with one label.
            <tr key={i} className={`tint-${tintOf(bar.layer)}`}>
              <th scope="row">
                <span className="layer-dot" aria-hidden="true" />
                {bar.lane}
              </th>
              <td>{bar.label}</td>
              <td className="mono">{durationText(bar.fromNs - span.fromNs)}</td>
              <td className="mono">
                {takenText(bar, step.timeNs)}
                <Share bar={bar} lengthNs={lengthNs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {race !== undefined && (
        <Suspense fallback={null}>
          <TimerRace race={race} step={step} />
        </Suspense>
      )}
    </>
  );
}

function takenText({ fromNs, toNs }: TimingBar, nowNs: number): string {
  return toNs <= nowNs ? durationText(toNs - fromNs) : `${durationText(nowNs - fromNs)} so far`;
}

function Share({ bar, lengthNs }: { readonly bar: TimingBar; readonly lengthNs: number }) {
  const share = (bar.toNs - bar.fromNs) / lengthNs;
  return (
    <span className="share" aria-hidden="true">
      <span className="share-value" style={{ width: `${Math.max(2, share * 100)}%` }} />
    </span>
  );
}
