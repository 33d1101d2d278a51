// What there is to see in this run, what to look at, and what to try: each trial is one click, which pins the
// run as it is, makes the change and runs again with the same seed, so that both stand in the charts.
import type { Journey } from "../../../simulation/journey.ts";
import type { Setting, SettingId } from "../../../simulation/settings/setting.ts";
import { useRun } from "../../app/session-context.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { useTraffic } from "../traffic-context.ts";
import { noticeLines, type TrialSettings } from "./lesson-trials.ts";

interface LessonHeadProps {
  readonly run: TrafficRun;
  readonly lesson: Journey["scenario"];
}

export function LessonHead({ run, lesson }: LessonHeadProps) {
  const { title, sentence, notice } = lesson;
  const spec = useRun((state) => state.spec);
  const lines = noticeLines(spec?.own === undefined ? (spec?.scenario ?? "") : "", notice);
  const settings = useTraffic(run, (state) => state.settings);
  return (
    <header className="traffic-head">
      <h1 className="step-title">{title}</h1>
      <p className="step-sentence">{sentence}</p>
      {lines.length > 0 && (
        <ul className="notice-list">
          {lines.map(({ text, trial }) => (
            <li key={text}>
              {text}
              {trial !== null && (
                <Trial
                  sentence={text}
                  isTried={holds(settings, trial)}
                  onTry={() => void tryOut(run, trial)}
                  onLeave={() => spec !== null && void begin(run, spec)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

interface TrialProps {
  readonly sentence: string;
  readonly isTried: boolean;
  readonly onTry: () => void;
  readonly onLeave: () => void;
}

function Trial({ sentence, isTried, onTry, onLeave }: TrialProps) {
  return (
    <button type="button" className="button trial" onClick={isTried ? onLeave : onTry}>
      {isTried ? "Back to how it was" : "Try it"}
      <span className="is-unseen">: {sentence.replace(/:.*$/, "")}</span>
    </button>
  );
}

/** Whether the run has every setting of a trial. */
function holds(settings: readonly Setting[], trial: TrialSettings): boolean {
  return Object.entries(trial).every(
    ([id, value]) => settings.find((setting) => setting.id === id)?.value === value,
  );
}

/** Pins the run unless one is pinned, then runs again with the settings of a trial. */
async function tryOut(run: TrafficRun, trial: TrialSettings): Promise<void> {
  const { pinned, results } = run.store.getState();
  if (pinned === null && results !== null) await run.pin();
  for (const [id, value] of Object.entries(trial))
    if (value !== undefined) await run.change({ kind: "setting", id: id as SettingId, value });
  await run.restart();
  run.play(true);
}

/** The scenario's own run again. */
async function begin(
  run: TrafficRun,
  spec: Parameters<TrafficRun["start"]>[0]["run"],
): Promise<void> {
  await run.start({ run: spec, traffic: null, changes: [] });
  run.play(true);
}
