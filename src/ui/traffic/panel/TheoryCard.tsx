// Two laws beside what was measured: Little's, which always holds, and the formula for a queue of this
// kind, which holds as far as its assumptions do. Why the two differ is said in words.
import type { Theory } from "../../../simulation/traffic/theory.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { millisecondsText, percentText, shortNumber } from "../numbers.ts";
import { useTraffic } from "../traffic-context.ts";

export function TheoryCard({ run }: { readonly run: TrafficRun }) {
  const theory = useTraffic(run, (state) => state.results?.theory ?? null);
  if (theory === null) return null;
  return (
    <section className="traffic-card" aria-label="What theory says">
      <h2 className="card-title">What theory says</h2>
      <Little little={theory.little} />
      {theory.queue !== null && <Queue queue={theory.queue} />}
      {theory.why.length > 0 && (
        <ul className="why-list">
          {theory.why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Little({ little }: { readonly little: Theory["little"] }) {
  const { ratePerSecond, meanMs, product, meanInFlight, words } = little;
  return (
    <>
      <dl className="law">
        <dt>Little's law, L = λW</dt>
        <dd className="mono">
          {shortNumber(ratePerSecond)} × {millisecondsText(meanMs)} = {shortNumber(product)}
        </dd>
        <dt>counted in the system</dt>
        <dd className="mono">{shortNumber(meanInFlight)}</dd>
      </dl>
      {words !== "" && <p className="quiet law-words">{words}</p>}
    </>
  );
}

const modelNames: Readonly<Record<NonNullable<Theory["queue"]>["model"], string>> = {
  "M/M/c": "Erlang C (M/M/c)",
  "M/D/c": "Constant service (M/D/c)",
  "M/G/c": "General service (M/G/c)",
};

/** Erlang C is exact for exponential service only. */
function waitText(model: string, probability: number | null): string {
  if (probability === null) return "everybody";
  return `${model === "M/M/c" ? "" : "about "}${percentText(probability)}`;
}

function Queue({ queue }: { readonly queue: NonNullable<Theory["queue"]> }) {
  const { model, servers, erlangs, utilisation, waitProbability, meanWaitMs } = queue;
  const rows: readonly (readonly [string, string])[] = [
    [
      "work offered",
      `${shortNumber(erlangs)} erlang for ${servers} ${servers === 1 ? "server" : "servers"}`,
    ],
    ["utilisation", percentText(utilisation)],
    ["has to wait", waitText(model, waitProbability)],
    ["mean wait", meanWaitMs === null ? "grows without end" : millisecondsText(meanWaitMs)],
    ["mean response", queue.meanMs === null ? "—" : millisecondsText(queue.meanMs)],
    ["measured", queue.measuredMeanMs === null ? "—" : millisecondsText(queue.measuredMeanMs)],
  ];
  return (
    <>
      <p className="law-name">{modelNames[model]}</p>
      <dl className="law">
        {rows.map(([name, value]) => (
          <div key={name} className="law-row">
            <dt>{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
