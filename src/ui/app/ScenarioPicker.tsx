// The button that names the scenario and opens the list to choose another from.
import { plainSpec } from "../session/session.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Menu } from "../widgets/Menu.tsx";
import { ScenarioList } from "./ScenarioList.tsx";
import { useCatalog, useJourney, useRun, useSession } from "./session-context.ts";

export function ScenarioPicker() {
  const title = useJourney()?.scenario.title ?? "Loading";
  return (
    <Menu
      name={`Scenario: ${title}`}
      className="picker"
      label={
        <>
          <span className="picker-word">Scenario: </span>
          <span className="picker-title">{title}</span>
          <Icon name="chevron" />
        </>
      }
    >
      {(close) => <Choices close={close} />}
    </Menu>
  );
}

/** The list, as soon as the worker has told it. */
function Choices({ close }: { readonly close: () => void }) {
  const session = useSession();
  const current = useRun(({ spec }) => spec?.scenario);
  const { scenarios } = useCatalog();
  if (scenarios.length === 0) return <p role="status">Loading the scenarios</p>;
  return (
    <ScenarioList
      scenarios={scenarios}
      current={current}
      onChoose={(id) => {
        close();
        void session.open(plainSpec(id));
      }}
    />
  );
}
