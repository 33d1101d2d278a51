// The panel beside the crowd: what there is to see, what can be changed, what theory says, and the way
// into a single request.
import type { Journey } from "../../../simulation/journey.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { ScrollRegion } from "../../widgets/ScrollRegion.tsx";
import { clockText } from "../numbers.ts";
import { useTraffic } from "../traffic-context.ts";
import { ChangeBar } from "./ChangeBar.tsx";
import { FindCard, type FindCardProps } from "./FindCard.tsx";
import { LessonHead } from "./LessonHead.tsx";
import { SettingsCard } from "./SettingsCard.tsx";
import { TheoryCard } from "./TheoryCard.tsx";

export interface TrafficPanelProps extends FindCardProps {
  /** What the run is to teach; null where that stands elsewhere, below the stage of a small screen. */
  readonly lesson: Journey["scenario"] | null;
}

export function TrafficPanel({ run, lesson, onOpen, opening }: TrafficPanelProps) {
  return (
    <aside className="panel traffic-panel" aria-label="The run">
      <ScrollRegion className="traffic-panel-body" label="What there is to see and to change">
        {lesson !== null && <LessonHead run={run} lesson={lesson} />}
        <Differences run={run} />
        <SettingsCard run={run} />
        <TheoryCard run={run} />
      </ScrollRegion>
      <ChangeBar run={run} />
      <FindCard run={run} onOpen={onOpen} opening={opening} />
    </aside>
  );
}

/** The run against the pinned one, in words. */
function Differences({ run }: { readonly run: TrafficRun }) {
  const pinned = useTraffic(run, (state) => state.pinned);
  const differences = useTraffic(run, (state) => state.differences);
  const timeNs = useTraffic(run, (state) => state.results?.timeNs ?? 0);
  if (pinned === null) return null;
  return (
    <section className="traffic-card differences" aria-label="Against the pinned run">
      <h2 className="card-title">Against the pinned run</h2>
      {Math.abs(timeNs - pinned.timeNs) > 1e9 && (
        <p className="quiet">
          It was pinned at {clockText(pinned.timeNs / 1e9)}, this one is at{" "}
          {clockText(timeNs / 1e9)}.{" "}
          <button
            type="button"
            className="link-button"
            onClick={() => {
              run.play(false);
              void run.seek(pinned.timeNs);
            }}
          >
            Compare at {clockText(pinned.timeNs / 1e9)}
          </button>
        </p>
      )}
      {differences.length === 0 ? (
        <p className="quiet">
          Change one thing and restart: the same requests arrive again, since the seed is the same.
        </p>
      ) : (
        <ul className="why-list">
          {differences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
