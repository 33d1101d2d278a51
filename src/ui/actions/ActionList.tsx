// The actions taken on this run, in the order of their times: each can be taken back, and what the last
// change did to the run is said.
import { useStore } from "zustand";
import type { JourneyAction } from "../../simulation/journey.ts";
import { useJourney, useSession } from "../app/session-context.ts";
import { durationText } from "../diagram/model.ts";
import { jumpTo } from "../playback/playhead.ts";
import { Icon } from "../widgets/Icon.tsx";
import { interventionsOf } from "./interventions.ts";
import "../styles/actions.css";

/** More would push the step out of the panel. */
const TOLD_MAX = 4;

export function ActionList() {
  const session = useSession();
  const journey = useJourney();
  const interventions = interventionsOf(session);
  const { past, future, told } = useStore(interventions.deeds);
  const own = journey?.actions.filter((action) => action.own !== null) ?? [];
  if (own.length === 0 && past.length === 0 && future.length === 0) return null;
  return (
    <section className="deeds" aria-label="Actions taken">
      <ol className="deed-list">
        {own.map((action) => (
          <Deed key={`${action.own}`} action={action} />
        ))}
        {own.length === 0 && <li className="quiet">No action: the run is the scenario’s own.</li>}
      </ol>
      <div className="deed-buttons">
        <button
          type="button"
          className="button is-plain"
          aria-disabled={past.length === 0}
          onClick={() => void interventions.undo()}
        >
          Undo <kbd>Z</kbd>
        </button>
        <button
          type="button"
          className="button is-plain"
          aria-disabled={future.length === 0}
          onClick={() => void interventions.redo()}
        >
          Redo <kbd>Y</kbd>
        </button>
      </div>
      <div className="deed-told" role="status">
        {told.slice(0, TOLD_MAX).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </section>
  );
}

function Deed({ action }: { readonly action: JourneyAction }) {
  const session = useSession();
  const { own, text, timeNs, exit, step } = action;
  return (
    <li className="deed">
      <button
        type="button"
        className="deed-jump"
        aria-label={`${text} at ${durationText(timeNs)}: go there`}
        onClick={() => jumpTo(session.playhead, step + 1)}
      >
        <span className="deed-time">{durationText(timeNs)}</span> <code>{text}</code>
        {exit !== 0 && <span className="deed-failed">exit {exit}</span>}
      </button>
      <button
        type="button"
        className="button is-plain is-icon deed-remove"
        aria-label={`Remove ${text}`}
        onClick={() => void interventionsOf(session).remove(own ?? -1)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
