// The button that names the scenario and opens the list to choose another from.
import { plainSpec } from "../session/session.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Menu } from "../widgets/Menu.tsx";
import { ScenarioList } from "./ScenarioList.tsx";
import { useRun, useSession } from "./session-context.ts";

export function ScenarioPicker() {
  const session = useSession();
  const spec = useRun((run) => run.spec);
  const { scenarios } = session.catalog();
  const current = scenarios.find(({ id }) => id === spec?.scenario);
  const title = current?.title ?? "Loading";
  return (
    <Menu
      name={`Scenario: ${title}`}
      className="picker"
      label={
        <>
          <span className="picker-word">Scenario</span>
          <span className="picker-title">{title}</span>
          <Icon name="chevron" />
        </>
      }
    >
      {(close) => (
        <ScenarioList
          scenarios={scenarios}
          current={spec?.scenario}
          onChoose={(id) => {
            close();
            void session.open(plainSpec(id));
          }}
        />
      )}
    </Menu>
  );
}
