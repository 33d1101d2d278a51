// Two laws beside what was measured: Little's, which always holds, and the formula for a queue of this
// kind, which holds as far as its assumptions do. Why the two differ is said in words.
import type { Theory, TheoryOfQueue } from "../../../simulation/traffic/theory.ts";
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

const modelNames: Readonly<Record<TheoryOfQueue["model"], string>> = {
  "M/M/c": "Erlang C (M/M/c)",
  "M/D/c": "Constant service (M/D/c)",
  "M/G/c": "General service (M/G/c)",
};

/** Erlang C is exact for exponential service only. */
function waitText(model: string, probability: number | null): string {
  if (probability === null) return "everybody";
  return `${model === "M/M/c" ? "" : "about "}${percentText(probability)}`;
}

function Queue({ queue }: { readonly queue: TheoryOfQueue }) {
  const { model, servers, erlangs, utilisation, waitProbability, serviceMs } = queue;
  const isClosed = queue.meanWaitMs === null && utilisation < 1;
  const none = isClosed ? "—" : "grows without end";
  const rows: readonly (readonly [string, string, string])[] = [
    ["utilisation", percentText(utilisation), percentText(queue.measuredUtilisation)],
    ["has to wait", isClosed ? "—" : waitText(model, waitProbability), ""],
    [
      "mean wait",
      queue.meanWaitMs === null ? none : millisecondsText(queue.meanWaitMs),
      millisecondsText(queue.measuredWaitMs),
    ],
    [
      "wait and service",
      queue.meanMs === null ? "—" : millisecondsText(queue.meanMs),
      millisecondsText(queue.measuredWaitMs + serviceMs),
    ],
    ["whole response", "—", millisecondsText(queue.measuredMeanMs)],
  ];
  return (
    <>
      <p className="law-name">{modelNames[model]}</p>
      <p className="quiet law-words">
        {`${shortNumber(erlangs)} erlang for ${servers} ${servers === 1 ? "server" : "servers"}, ${millisecondsText(serviceMs)} of service each`}
        {model === "M/G/c" && `, varying by ${percentText(queue.variation)}`}
      </p>
      <table className="law-table">
        <thead>
          <tr>
            <td />
            <th scope="col">theory</th>
            <th scope="col">measured</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, theory, measured]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="mono">{theory}</td>
              <td className="mono">{measured}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
