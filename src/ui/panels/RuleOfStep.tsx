// What decided where no file did: the rule of the protocol or the program, from the definition of the
// machine that took the step. The definitions come a moment after the first step: until then their rows
// are held free, so that nothing that was read is taken back.
import { useLoadedCatalog } from "../app/session-context.ts";
import type { TabProps } from "./StepPanel.tsx";

export function RuleOfStep({ step }: TabProps) {
  const { machines } = useLoadedCatalog();
  const isComing = machines.length === 0;
  const machine = machines.find(({ name }) => name === step.machine);
  const transition = machine?.transitions.find(({ name }) => name === step.transition);
  if (!isComing && transition === undefined)
    return (
      <p className="empty">
        No file decided this: it follows from the protocol and the step before.
      </p>
    );
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Who", machine?.summary],
    ["In the state", step.from],
    ["When", transition?.on],
    ...(transition?.after === undefined ? [] : [["Limited by", transition.after] as const]),
    ["Then", step.to === step.from ? `stays in ${step.to}` : step.to],
    ["Source", machine?.source],
  ];
  return (
    <table className="rule-of-step" aria-busy={isComing}>
      <caption>No file decided this. The rule that did:</caption>
      <tbody>
        {rows.map(([name, text]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{text ?? <span className="coming" aria-hidden="true" />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
