// What an audience reads under the stage: what the run is about, and what it has come to, in one sentence
// that changes slowly enough to be read.
import type { Journey } from "../../simulation/journey.ts";
import type { TrafficResults } from "../../simulation/traffic/results.ts";
import type { TrafficRun } from "../session/traffic-run.ts";
import { countText, millisecondsText, percentText, shortNumber } from "./numbers.ts";
import { useTraffic } from "./traffic-context.ts";

export interface PresentedRunProps {
  readonly run: TrafficRun;
  readonly journey: Journey;
}

export function PresentedRun({ run, journey }: PresentedRunProps) {
  const results = useTraffic(run, (state) => state.results);
  const notice = useTraffic(run, (state) => state.notice);
  const { title, sentence } = journey.scenario;
  return (
    <section className="presented" aria-label="The run">
      <div className="step-head">
        <h1 className="step-title">{title}</h1>
        <p className="step-sentence">{results === null ? sentence : sentenceOf(results)}</p>
        {notice !== null && <p className="step-sentence quiet">{notice}</p>}
      </div>
    </section>
  );
}

/** "412 of 1,204 requests a second …": what a visitor feels first, then why. */
export function sentenceOf({
  latencyMs,
  throughputRps,
  utilisation,
  meanQueueLength,
  counters,
}: TrafficResults): string {
  const failed = counters.failed === 0 ? "" : ` ${countText(counters.failed)} got no answer.`;
  return (
    `${shortNumber(throughputRps)} requests a second are answered, half of them within ` +
    `${millisecondsText(latencyMs.p50)}, 99 of 100 within ${millisecondsText(latencyMs.p99)}. ` +
    `The workers are busy ${percentText(utilisation)} of the time, and ` +
    `${shortNumber(meanQueueLength)} requests wait for one on average.${failed}`
  );
}
