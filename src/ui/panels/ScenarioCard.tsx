// What the scenario shows and what to look at, where a journey begins and where it ends.
import { useStore } from "zustand";
import { useSession } from "../app/session-context.ts";
import type { TabProps } from "./StepPanel.tsx";

export function ScenarioCard({ journey, step }: TabProps) {
  const opened = useStore(useSession().crowd, (crowd) => crowd.opened);
  const { sentence, notice } = journey.scenario;
  const isAtAnEnd = step.index === 0 || step.index === journey.steps.length - 1;
  // A request of a crowd is told beside the crowd.
  if (!isAtAnEnd || opened !== null || notice.length === 0) return null;
  return (
    <section className="note is-scenario">
      <h2>{step.index === 0 ? "What to look at" : "What there was to see"}</h2>
      <p>{sentence}</p>
      <ul>
        {notice.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </section>
  );
}
