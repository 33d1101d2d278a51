// The machine that took the step: drawn, with the state it is in now and where it can go from here.
import { useCatalog } from "../app/session-context.ts";
import { MachineDiagram } from "../machine-view/MachineDiagram.tsx";
import type { TabProps } from "./StepPanel.tsx";

/** The panel's own measure; the drawing scales with it. */
const DRAWING_WIDTH = 376;

export function StateTab({ step }: TabProps) {
  const machine = useCatalog().machines.find(({ name }) => name === step.machine);
  if (machine === undefined)
    return (
      <p className="empty">
        {step.machine}: {step.from} → {step.to}
      </p>
    );
  const state = machine.states.find(({ name }) => name === step.to);
  const exits = machine.transitions.filter(({ from }) => from.includes(step.to));
  return (
    <>
      <p className="machine-summary">
        <strong>{machine.name}.</strong> {machine.summary}
      </p>
      <MachineDiagram
        {...{ machine, from: step.from, to: step.to, transition: step.transition }}
        width={DRAWING_WIDTH}
      />
      <p className="transition">
        <span className="state-name">{step.from}</span>
        <span className="transition-name">{step.transition} →</span>
        <span className="state-name is-current">{step.to}</span>
      </p>
      {state !== undefined && <p className="state-words">{state.words}</p>}
      {exits.length > 0 && (
        <table className="exits">
          <caption>From here</caption>
          <tbody>
            {exits.map(({ name, on, to, after }) => (
              <tr key={name}>
                <td>
                  {on}
                  {after !== undefined && <span className="quiet"> after {after}</span>}
                </td>
                <td>→ {to}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="source">Source: {machine.source}</p>
    </>
  );
}
