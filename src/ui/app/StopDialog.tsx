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

const kindNames: Readonly<Record<StopEvent["kind"], string>> = {
  "error-status": "the next response with an error status (400 and up)",
  layer: "the next step of a layer",
  transition: "a transition of a machine",
  text: "a text",
};

function EventFields({ journey, event, onChange }: EventFieldsProps) {
  const layers = [...new Set(journey.steps.map(({ layer }) => layer))];
  const [first] = journey.steps;
  const kinds: Readonly<Record<StopEvent["kind"], StopEvent>> = {
    "error-status": { kind: "error-status" },
    layer: { kind: "layer", layer: layers[0] },
    transition: { kind: "transition", machine: first.machine, transition: first.transition },
    text: { kind: "text", text: "" },
  };
  return (
    <>
      <Choice
        {...{ id: "stop-what", label: "What", value: event.kind }}
        options={Object.entries(kindNames)}
        onChange={(kind) => onChange(kinds[kind as StopEvent["kind"]])}
      />
      {event.kind === "layer" && (
        <Choice
          {...{ id: "stop-layer", label: "Layer", value: event.layer }}
          options={layers.map((layer) => [layer, layerNames[layer]])}
          onChange={(layer) => onChange({ ...event, layer: layer as LayerId })}
        />
      )}
      {event.kind === "transition" && <TransitionChoice {...{ journey, event, onChange }} />}
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

interface TransitionChoiceProps extends EventFieldsProps {
  readonly event: Extract<StopEvent, { kind: "transition" }>;
}

const BETWEEN = " · ";

function TransitionChoice({ journey, event, onChange }: TransitionChoiceProps) {
  const names = [...new Set(journey.steps.map((s) => `${s.machine}${BETWEEN}${s.transition}`))];
  return (
    <Choice
      {...{ id: "stop-transition", label: "Transition" }}
      value={`${event.machine}${BETWEEN}${event.transition}`}
      options={names.map((name) => [name, name])}
      onChange={(name) => {
        const [machine, transition] = name.split(BETWEEN);
        onChange({ kind: "transition", machine, transition });
      }}
    />
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ id, label, value, options, onChange }: ChoiceProps) {
  return (
    <div className="form-row">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
