// The first step that differs in the run with the changes, both values, and the changed line that caused it.
import type { ComparedRuns } from "../../worker/protocol.ts";
import { useRun, useSession } from "../app/session-context.ts";
import { jumpTo } from "../playback/playhead.ts";
import type { Goal } from "./TextPane.tsx";

export function DifferenceNote({ onGo }: { readonly onGo: (goal: Goal) => void }) {
  const session = useSession();
  const compared = useRun((run) => run.compared);
  if (compared === null) return null;
  const { first } = compared;
  if (first === null)
    return (
      <div className="difference" role="status">
        <p>Nothing that a step tells differs from the run without the changes.</p>
      </div>
    );
  return (
    <div className="difference" role="status">
      <p>{first.sentence}</p>
      <Because {...{ compared, onGo }} />
      <p className="difference-foot">
        <button
          type="button"
          className="button"
          onClick={() => jumpTo(session.playhead, first.step)}
        >
          Go to step {first.step + 1}
        </button>
      </p>
      <Steps compared={compared} />
    </div>
  );
}

interface BecauseProps {
  readonly compared: ComparedRuns;
  readonly onGo: (goal: Goal) => void;
}

function Because({ compared, onGo }: BecauseProps) {
  const { culprit } = compared;
  if (culprit === null) return null;
  const { file, line, before, after } = culprit;
  const shown = after.find((text) => text.trim() !== "") ?? before[0] ?? "";
  return (
    <p className="difference-because">
      Because of{" "}
      <button type="button" className="link-button" onClick={() => onGo({ path: file, line })}>
        {file.split("/").at(-1)}:{line}
      </button>{" "}
      {after.length === 0 && "(removed) "}
      <code>{shown.trim()}</code>
    </p>
  );
}

/** Every step that is not as it was, behind its count. */
function Steps({ compared }: { readonly compared: ComparedRuns }) {
  const session = useSession();
  const steps = session.journey()?.steps ?? [];
  const differing = steps.filter(({ index }) => (compared.steps[index] ?? "same") !== "same");
  const { gone } = compared;
  if (differing.length + gone.length === 0) return null;
  return (
    <details className="difference-steps">
      <summary>{countsText(compared)}</summary>
      <ul>
        {differing.slice(0, LISTED_MAX).map(({ index, title }) => (
          <li key={index}>
            <button
              type="button"
              className="link-button"
              onClick={() => jumpTo(session.playhead, index)}
            >
              {index + 1}. {title}
            </button>{" "}
            <span className="quiet">{compared.steps[index]}</span>
          </li>
        ))}
        {gone.slice(0, LISTED_MAX).map(({ id, title }) => (
          <li key={`${id.request} ${id.machine} ${id.transition} ${id.occurrence}`}>
            <s>{title}</s> <span className="quiet">gone</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Steps of each kind that are listed; the step strip marks all of them. */
const LISTED_MAX = 40;

function countsText({ steps, gone }: ComparedRuns): string {
  const count = (kind: string): number => steps.filter((each) => each === kind).length;
  const parts = [
    [count("changed"), "changed"],
    [count("new"), "new"],
    [gone.length, "gone"],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return said.length === 0 ? "" : `Steps: ${said.join(", ")}`;
}
