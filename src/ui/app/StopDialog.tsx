// Where to stop: at the first error, a layer, a transition of a machine, or a text. The reader can go
// there at once, or play until it comes.
import { type FormEvent, useState } from "react";
import type { LayerId } from "../../layers/layer.ts";
import type { Journey } from "../../simulation/journey.ts";
import { jumpTo, togglePlaying } from "../playback/playhead.ts";
import { nextStop, type StopEvent } from "../session/steps.ts";
import { Dialog } from "../widgets/Dialog.tsx";
import type { DialogContentProps } from "./Dialogs.tsx";
import { layerNames } from "./layer-names.ts";
import { useJourney, useSession, useView } from "./session-context.ts";

export function StopDialog({ onClose }: DialogContentProps) {
  const session = useSession();
  const journey = useJourney();
  const set = useView((view) => view.stopAt);
  const [event, setEvent] = useState<StopEvent>(set ?? { kind: "error-status" });
  const [answer, setAnswer] = useState("");
  if (journey === null) return null;

  function go(submitted: FormEvent): void {
    submitted.preventDefault();
    const from = session.playhead.getState().step;
    const target = nextStop(journey as Journey, from, event);
    if (target === null) {
      setAnswer("That does not happen after this step.");
      return;
    }
    jumpTo(session.playhead, target);
    onClose();
  }

  function play(): void {
    session.view.setState({ stopAt: event });
    onClose();
    if (!session.playhead.getState().isPlaying) togglePlaying(session.playhead);
  }

  return (
    <Dialog title="Stop at an event" onClose={onClose}>
      <form className="stop-form" onSubmit={go}>
        <EventFields journey={journey} event={event} onChange={setEvent} />
        <p role="status" className="stop-answer">
          {answer}
        </p>
        <div className="form-buttons">
          <button type="submit" className="button is-primary">
            Go there
          </button>
          <button type="button" className="button" onClick={play}>
            Play until then
          </button>
          {set !== null && (
            <button
              type="button"
              className="button is-plain"
              onClick={() => {
                session.view.setState({ stopAt: null });
                onClose();
              }}
            >
              Remove the stop
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

interface EventFieldsProps {
  readonly journey: Journey;
  readonly event: StopEvent;
  readonly onChange: (event: StopEvent) => void;
}

function EventFields({ journey, event, onChange }: EventFieldsProps) {
  const layers = [...new Set(journey.steps.map(({ layer }) => layer))];
  const transitions = [...new Set(journey.steps.map((s) => `${s.machine} · ${s.transition}`))];
  const [machine, transition] = (transitions[0] ?? " · ").split(" · ");
  const kinds: Readonly<Record<StopEvent["kind"], StopEvent>> = {
    "error-status": { kind: "error-status" },
    layer: { kind: "layer", layer: layers[0] },
    transition: { kind: "transition", machine, transition },
    text: { kind: "text", text: "" },
  };
  return (
    <>
      <div className="form-row">
        <label htmlFor="stop-what">What</label>
        <select
          id="stop-what"
          value={event.kind}
          onChange={({ target }) => onChange(kinds[target.value as StopEvent["kind"]])}
        >
          <option value="error-status">the next response with an error status (400 and up)</option>
          <option value="layer">the next step of a layer</option>
          <option value="transition">a transition of a machine</option>
          <option value="text">a text</option>
        </select>
      </div>
      {event.kind === "layer" && (
        <div className="form-row">
          <label htmlFor="stop-layer">Layer</label>
          <select
            id="stop-layer"
            value={event.layer}
            onChange={({ target }) => onChange({ ...event, layer: target.value as LayerId })}
          >
            {layers.map((layer) => (
              <option key={layer} value={layer}>
                {layerNames[layer]}
              </option>
            ))}
          </select>
        </div>
      )}
      {event.kind === "transition" && (
        <div className="form-row">
          <label htmlFor="stop-transition">Transition</label>
          <select
            id="stop-transition"
            value={`${event.machine} · ${event.transition}`}
            onChange={({ target }) => {
              const [name, taken] = target.value.split(" · ");
              onChange({ kind: "transition", machine: name, transition: taken });
            }}
          >
            {transitions.map((text) => (
              <option key={text}>{text}</option>
            ))}
          </select>
        </div>
      )}
      {event.kind === "text" && (
        <div className="form-row">
          <label htmlFor="stop-words">Words</label>
          <input
            id="stop-words"
            className="field"
            required
            value={event.text}
            onChange={({ target }) => onChange({ ...event, text: target.value })}
          />
        </div>
      )}
    </>
  );
}
