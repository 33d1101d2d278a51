// The scenarios to choose from, each with the one sentence that says what there is to see.
import { plainSpec } from "../session/session.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Menu } from "../widgets/Menu.tsx";
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
        <ul className="scenario-list" aria-label="Scenarios">
          {scenarios.map(({ id, title: name, sentence }) => (
            <li key={id}>
              <button
                type="button"
                className="scenario"
                aria-current={id === spec?.scenario ? "true" : undefined}
                onClick={() => {
                  close();
                  void session.open(plainSpec(id));
                }}
              >
                <span className="scenario-title">{name}</span>
                <span className="scenario-sentence">{sentence}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}
