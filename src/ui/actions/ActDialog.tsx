// The menu of what can be done to the server at this step. Choosing one runs the scenario anew with it,
// from the same seed; everything up to this step stays as it is.
import { useState } from "react";
import type { Journey, Step } from "../../simulation/journey.ts";
import type { DialogContentProps } from "../app/Dialogs.tsx";
import { useSession, useStep, useView } from "../app/session-context.ts";
import { durationText } from "../diagram/model.ts";
import { Dialog } from "../widgets/Dialog.tsx";
import { interventionsOf } from "./interventions.ts";
import { type Verb, type VerbGroup, verbsAt } from "./verbs.ts";
import "../styles/actions.css";

export function ActDialog({ onClose }: DialogContentProps) {
  const session = useSession();
  const current = useStep();
  const target = useView((view) => view.actOn);
  const [later, setLater] = useState("0");
  const laterNs = Math.max(0, Math.round(Number(later) * 1e6 || 0));
  if (current === null) return null;
  const groups = verbsAt(current.journey, current.step);
  const wanted = groups.filter((group) => group.target === target);
  const others = groups.filter((group) => group.target !== target);

  function act({ command }: Verb): void {
    onClose();
    void interventionsOf(session).act(command, laterNs);
  }

  return (
    <Dialog title="Act on the server" onClose={onClose} isWide>
      <ActPlace {...current} {...{ later, laterNs }} onChange={setLater} />
      {[...wanted, ...others].map((group, i) => (
        <Group
          key={group.title}
          group={group}
          isOpen={i === 0 || wanted.includes(group)}
          onAct={act}
        />
      ))}
      {groups.length === 0 && <p>Nothing runs on this server that could be told anything.</p>}
    </Dialog>
  );
}

interface ActPlaceProps {
  readonly journey: Journey;
  readonly step: Step;
  /** As typed, in milliseconds, and what it means. */
  readonly later: string;
  readonly laterNs: number;
  readonly onChange: (later: string) => void;
}

/** Where in the run it happens: after the step, or some time later, while nothing is told. */
function ActPlace({ journey, step, later, laterNs, onChange }: ActPlaceProps) {
  const nextNs = journey.steps[step.index + 1]?.timeNs;
  return (
    <div className="act-place">
      <p>
        It happens just after step {step.index + 1}, at {durationText(step.timeNs + laterNs)}:{" "}
        <strong>{step.title}</strong>. Everything up to there stays; what follows is run again.
      </p>
      <label className="act-later">
        Later by
        <input
          className="field"
          inputMode="decimal"
          value={later}
          onChange={({ target }) => onChange(target.value)}
        />
        ms
        {nextNs !== undefined && (
          <span className="quiet">the next step is {durationText(nextNs - step.timeNs)} later</span>
        )}
      </label>
    </div>
  );
}

interface GroupProps {
  readonly group: VerbGroup;
  readonly isOpen: boolean;
  readonly onAct: (verb: Verb) => void;
}

function Group({ group, isOpen, onAct }: GroupProps) {
  return (
    <details className={`verbs tint-${group.target}`} open={isOpen}>
      <summary>
        <span className="verbs-title">{group.title}</span>{" "}
        <span className="quiet">{group.state}</span>
      </summary>
      <ul>
        {group.verbs.map((verb) => (
          <li key={verb.command}>
            <button type="button" className="verb" onClick={() => onAct(verb)}>
              <span className="verb-name">
                {verb.name}
                {verb.isHarsh === true && <span className="verb-harsh">loses work</span>}
              </span>
              <code className="verb-command">{verb.command}</code>
              <span className="verb-does">{verb.does}</span>
            </button>
          </li>
        ))}
        {group.verbs.length === 0 && (
          <li className="quiet">No process is there; start its unit with systemctl.</li>
        )}
      </ul>
    </details>
  );
}
