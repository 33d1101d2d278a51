// What decided where no file did: the rule of the protocol or the program, from the definition of the
// machine that took the step.
import { useLoadedCatalog } from "../app/session-context.ts";
import type { TabProps } from "./StepPanel.tsx";

export function RuleOfStep({ step }: TabProps) {
  const machine = useLoadedCatalog().machines.find(({ name }) => name === step.machine);
  const transition = machine?.transitions.find(({ name }) => name === step.transition);
  if (machine === undefined || transition === undefined)
    return (
      <p className="empty">
        No file decided this: it follows from the protocol and the step before.
      </p>
    );
  const rows: readonly (readonly [string, string])[] = [
    ["Who", machine.summary],
    ["In the state", step.from],
    ["When", transition.on],
    ...(transition.after === undefined ? [] : [["Limited by", transition.after] as const]),
    ["Then", step.to === step.from ? `stays in ${step.to}` : step.to],
    ["Source", machine.source],
  ];
  return (
    <table className="rule-of-step">
      <caption>No file decided this. The rule that did:</caption>
      <tbody>
        {rows.map(([name, text]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
