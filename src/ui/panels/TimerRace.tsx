// The timer race: every clock that ran for the request on one axis of time, which was over first, and
// what each party believed then. It follows the playhead; the same stands in a table for those who listen.
import type { Belief, ClockView, TimerRace as Race, Step } from "../../simulation/journey.ts";
import { layerNames } from "../app/layer-names.ts";
import { useSession } from "../app/session-context.ts";
import { durationText } from "../diagram/model.ts";
import { tintOf } from "../diagram/places.ts";
import { jumpTo } from "../playback/playhead.ts";
import { stepAt } from "../session/time-window.ts";
import { Icon } from "../widgets/Icon.tsx";
import { ScrollRegion } from "../widgets/ScrollRegion.tsx";
import { axisEndNs, clockBars, spanAt } from "./race-geometry.ts";
import "../styles/race.css";

export interface TimerRaceProps {
  readonly race: Race;
  readonly step: Step;
}

export function TimerRace({ race, step }: TimerRaceProps) {
  if (race.clocks.length === 0) return null;
  const [first] = race.fired;
  return (
    <section className="race" aria-label="The timer race">
      <h2>The timer race</h2>
      <p>
        {first === undefined
          ? "What they waited for came before any of these clocks was over."
          : `${first.name} (${layerNames[first.party]}) is over first, at ${durationText(first.atNs - race.fromNs)}: ${first.otherwise}.`}
      </p>
      <RaceChart race={race} nowNs={step.timeNs} />
      <ClockPlaces clocks={race.clocks} />
      <RaceTable race={race} nowNs={step.timeNs} />
      <Beliefs race={race} nowNs={step.timeNs} />
    </section>
  );
}

interface RacePartProps {
  readonly race: Race;
  readonly nowNs: number;
}

function RaceChart({ race, nowNs }: RacePartProps) {
  const endNs = axisEndNs(race);
  const now = Math.max(0, Math.min(1, (nowNs - race.fromNs) / (endNs - race.fromNs)));
  return (
    <div className="race-chart" aria-hidden="true">
      {race.clocks.map((clock, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two connections may have a clock of one name.
        <div key={i} className={`race-clock tint-${tintOf(clock.party)}`}>
          <p className="race-name">
            <span className="layer-dot" />
            {layerNames[clock.party]} <code>{clock.name}</code>
            <span className="race-left">{shortText(clock, nowNs)}</span>
          </p>
          <RaceLane race={race} clock={clock} nowNs={nowNs} />
        </div>
      ))}
      {race.atEnd
        .filter(({ layer }) => race.clocks.every(({ party }) => party !== layer))
        .map(({ layer, name }) => (
          <p key={name} className={`race-clock race-name tint-${tintOf(layer)}`}>
            <span className="layer-dot" />
            {name} <span className="race-left">no clock of its own</span>
          </p>
        ))}
      <div className="race-now" style={{ left: `${now * 100}%` }} />
      <p className="race-axis">
        <span>0</span>
        <span>{durationText(endNs - race.fromNs)}</span>
      </p>
    </div>
  );
}

function RaceLane({ race, clock, nowNs }: RacePartProps & { readonly clock: ClockView }) {
  const isFirst = race.fired[0]?.name === clock.name && race.fired[0].party === clock.party;
  return (
    <div className="race-lane">
      {clockBars(race, clock, nowNs).map(({ span, from, to, done, deadline }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the times of one clock are told apart by place.
        <span key={i}>
          {span.end !== "reset" && (
            <span
              className={`race-wait ${deadline === null ? "is-beyond" : ""}`}
              style={{ left: `${from * 100}%`, right: `${(1 - (deadline ?? 1)) * 100}%` }}
            />
          )}
          <span
            className="race-run"
            style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
          />
          <span
            className="race-done"
            style={{ left: `${from * 100}%`, width: `${(done - from) * 100}%` }}
          />
          {span.end === "fired" && (
            <span
              className={`race-fired ${isFirst ? "is-first" : ""}`}
              style={{ left: `${to * 100}%` }}
            >
              <Icon name="stop" />
            </span>
          )}
        </span>
      ))}
    </div>
  );
}

/** The same in few words: beside the bar there is little room. */
function shortText(clock: ClockView, nowNs: number): string {
  const span = spanAt(clock, nowNs);
  const isEnded = span !== null && nowNs >= span.toNs && span.end !== "running";
  if (!isEnded || span.end === "fired") return leftText(clock, nowNs);
  return `${durationText(span.toNs - span.fromNs)} of ${durationText(span.deadlineNs - span.fromNs)}`;
}

/** What is left of a clock, or how it ended, at a moment. */
function leftText(clock: ClockView, nowNs: number): string {
  const span = spanAt(clock, nowNs);
  const lengthOf = ({ fromNs, deadlineNs }: (typeof clock.spans)[number]): string =>
    durationText(deadlineNs - fromNs);
  if (span === null) return `${lengthOf(clock.spans[0])}, not begun`;
  if (nowNs < span.toNs || span.end === "running")
    return `${durationText(Math.max(0, span.deadlineNs - nowNs))} left of ${lengthOf(span)}`;
  if (span.end === "fired") return `over after ${durationText(span.toNs - span.fromNs)}`;
  return `stopped after ${durationText(span.toNs - span.fromNs)} of ${lengthOf(span)}`;
}

/** Which line sets each clock; of one without a line, whose default it is. */
function ClockPlaces({ clocks }: { readonly clocks: readonly ClockView[] }) {
  const session = useSession();
  const files = session.journey()?.files ?? [];
  const named = clocks.filter(
    (clock, i) =>
      clocks.findIndex((other) => other.name === clock.name && other.party === clock.party) === i,
  );
  return (
    <ul className="race-places" aria-label="What sets each clock">
      {named.map(({ name, party, cause, setBy }) => (
        <li key={`${party} ${name}`} className={`tint-${tintOf(party)}`}>
          <code>{name}</code>{" "}
          {cause !== undefined && files.some(({ path }) => path === cause.file) ? (
            <button
              type="button"
              className="link-button"
              onClick={() => session.view.setState({ file: cause.file })}
            >
              {cause.file}, line {cause.line}
            </button>
          ) : (
            <span className="quiet">
              {cause?.file ?? setBy ?? `the default of ${layerNames[party]}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function RaceTable({ race, nowNs }: RacePartProps) {
  return (
    <details className="race-table">
      <summary>The clocks as a table</summary>
      <ScrollRegion className="race-scroll" label="The clocks as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">Clock</th>
              <th scope="col">Waits for</th>
              <th scope="col">Begins</th>
              <th scope="col">Is over at</th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {race.clocks.map((clock, i) => {
              const span = spanAt(clock, nowNs) ?? clock.spans[0];
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: two connections may have a clock of one name.
                <tr key={i}>
                  <th scope="row">
                    {layerNames[clock.party]} {clock.name}
                  </th>
                  <td>
                    {clock.waitsFor}; otherwise {clock.otherwise}
                  </td>
                  <td>{durationText(span.fromNs - race.fromNs)}</td>
                  <td>{durationText(span.deadlineNs - race.fromNs)}</td>
                  <td>{leftText(clock, nowNs)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}

function Beliefs({ race, nowNs }: RacePartProps) {
  const moments = [
    ...race.fired.map(({ name, atNs, otherwise, beliefs }) => ({
      ...{ title: `When ${name} is over: ${otherwise}`, atNs, beliefs },
    })),
    { title: "In the end", atNs: race.toNs, beliefs: race.atEnd },
  ];
  return (
    <div className="beliefs">
      <h2>What each of them believes</h2>
      {moments.map(({ title, atNs, beliefs }) => (
        <Moment
          key={`${title} ${atNs}`}
          {...{ title, atNs, beliefs, race, isPast: atNs <= nowNs }}
        />
      ))}
    </div>
  );
}

interface MomentProps {
  readonly title: string;
  readonly atNs: number;
  readonly beliefs: readonly Belief[];
  readonly race: Race;
  readonly isPast: boolean;
}

function Moment({ title, atNs, beliefs, race, isPast }: MomentProps) {
  const session = useSession();
  return (
    <div className={`moment ${isPast ? "" : "is-to-come"}`}>
      <button
        type="button"
        className="moment-jump"
        onClick={() => {
          const journey = session.journey();
          if (journey !== null) jumpTo(session.playhead, stepAt(journey, atNs));
        }}
      >
        <span className="mono">{durationText(atNs - race.fromNs)}</span> {title}
      </button>
      <ul>
        {beliefs.map(({ layer, name, text }) => (
          <li key={name} className={`tint-${tintOf(layer)}`}>
            <span className="belief-name">{name}</span> {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
