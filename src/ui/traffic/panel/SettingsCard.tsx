// What can be changed while the run goes on: the settings that matter most for a crowd first, all others
// behind one click; what was changed, and the way back.
import type { Setting } from "../../../simulation/settings/setting.ts";
import { useSession } from "../../app/session-context.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { clockText } from "../numbers.ts";
import { useTraffic } from "../traffic-context.ts";
import { SettingControl } from "./SettingControl.tsx";
import { groupedSettings } from "./setting-groups.ts";

export function SettingsCard({ run }: { readonly run: TrafficRun }) {
  const session = useSession();
  const begunWith = useTraffic(run, (state) => state.begunWith);
  const settings = useTraffic(run, (state) => state.settings);
  const attended = useTraffic(run, (state) => state.attended);
  const { first, groups } = groupedSettings(settings);
  const list = (items: readonly Setting[]) => (
    <ul className="dials">
      {items.map((setting) => (
        <SettingControl
          key={setting.id}
          setting={setting}
          isOpen={attended === setting.id}
          onAttend={() => run.store.setState({ attended: setting.id })}
          onShowText={() => session.view.setState({ file: setting.place.path })}
          begunWith={begunWith.find(({ id }) => id === setting.id)?.value ?? setting.value}
          onChange={(value) => void run.change({ kind: "setting", id: setting.id, value })}
        />
      ))}
    </ul>
  );
  return (
    <section className="traffic-card" aria-label="Change">
      {list(first)}
      {groups.map((group) => (
        <details key={group.title} className="more-dials">
          <summary>
            {group.title} <span className="quiet">· {group.settings.length}</span>
          </summary>
          {list(group.settings)}
        </details>
      ))}
      <Changes run={run} />
    </section>
  );
}

function Changes({ run }: { readonly run: TrafficRun }) {
  const changes = useTraffic(run, (state) => state.changes);
  if (changes.length === 0) return null;
  return (
    <ol className="run-changes" aria-label="Changes in this run">
      {changes.slice(-4).map(({ atNs, words }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a change is told apart by its turn.
        <li key={i}>
          <span className="quiet">{clockText(atNs / 1e9)}</span> {words}
        </li>
      ))}
    </ol>
  );
}
