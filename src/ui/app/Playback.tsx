// The controls of time: back, next, play, speed, jumps, and the waterfall under them.
import { durationText } from "../diagram/model.ts";
import { type Speed, speeds, stepBy, togglePlaying } from "../playback/playhead.ts";
import { windowOf } from "../session/time-window.ts";
import { Icon, type IconName } from "../widgets/Icon.tsx";
import { commands } from "./commands.ts";
import { Deeds } from "./Deeds.tsx";
import { Requests } from "./Requests.tsx";
import { usePlayhead, useSession, useStep, useView } from "./session-context.ts";
import { Waterfall } from "./Waterfall.tsx";

export function Playback() {
  const current = useStep();
  if (current === null) return null;
  const { journey, step } = current;
  const span = windowOf(journey, step.index);
  return (
    <section className="playback" aria-label="Playback">
      <Deeds isSmall />
      <div className="transport">
        <MainButtons />
        <JumpButtons />
        <SpeedChoice />
        <Requests journey={journey} step={step} />
        <p className="clock">
          t = {durationText(step.timeNs - span.fromNs)}
          <span className="quiet"> of {durationText(span.toNs - span.fromNs)}</span>
        </p>
      </div>
      <Waterfall journey={journey} step={step} />
    </section>
  );
}

function MainButtons() {
  const session = useSession();
  const isPlaying = usePlayhead((playhead) => playhead.isPlaying);
  const isFirst = usePlayhead(({ step }) => step === 0);
  const isLast = usePlayhead(({ step, count }) => step >= count - 1);
  return (
    <div className="main-buttons">
      <button
        type="button"
        className="button back-button"
        aria-disabled={isFirst}
        onClick={() => stepBy(session.playhead, -1)}
      >
        <Icon name="back" /> Back <kbd>←</kbd>
      </button>
      <button
        type="button"
        className="button is-primary next-button"
        aria-disabled={isLast}
        onClick={() => stepBy(session.playhead, 1)}
      >
        Next <Icon name="next" /> <kbd>→</kbd>
      </button>
      <button
        type="button"
        className="button play-button"
        aria-label={isPlaying ? "Pause" : "Play"}
        onClick={() => togglePlaying(session.playhead)}
      >
        <Icon name={isPlaying ? "pause" : "play"} />
        <span className="play-word">{isPlaying ? "Pause" : "Play"}</span>
      </button>
    </div>
  );
}

const jumps: readonly {
  readonly command: string;
  readonly icon: IconName;
  readonly word?: string;
}[] = [
  { command: "start", icon: "first" },
  { command: "end", icon: "last" },
  { command: "next-layer", icon: "layer", word: "Next layer" },
  { command: "next-log", icon: "log", word: "Next log line" },
  { command: "act", icon: "act", word: "Act…" },
  { command: "stop", icon: "stop", word: "Stop at…" },
  { command: "search", icon: "search", word: "Search" },
];

function JumpButtons() {
  const session = useSession();
  const isStopSet = useView((view) => view.stopAt !== null);
  return (
    <fieldset className="jumps" aria-label="Jump">
      {jumps.map(({ command: id, icon, word }) => {
        const command = commands.find((candidate) => candidate.id === id);
        const isOn = id === "stop" && isStopSet;
        return (
          <button
            key={id}
            type="button"
            className={`button is-plain jump jump-${id} ${isOn ? "is-on" : ""}`}
            aria-label={isOn ? `${command?.title}: set` : command?.title}
            title={command?.title}
            onClick={() => command?.run({ session, zoom: null })}
          >
            <Icon name={icon} />
            {word !== undefined && <span className="jump-word">{word}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}

function SpeedChoice() {
  const session = useSession();
  const speed = usePlayhead((playhead) => playhead.speed);
  return (
    <label className="speed">
      <select
        aria-label="Speed"
        value={speed}
        onChange={({ target }) =>
          session.playhead.setState({ speed: Number(target.value) as Speed })
        }
      >
        {speeds.map((choice) => (
          <option key={choice} value={choice}>
            {choice}×
          </option>
        ))}
      </select>
    </label>
  );
}
