// The header: the name, the scenario, the pages, and what can be done with a journey.
import type { Screen } from "../session/view.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Menu } from "../widgets/Menu.tsx";
import { toggleFiles, togglePresenting } from "./commands.ts";
import { ScenarioPicker } from "./ScenarioPicker.tsx";
import { useSession, useView } from "./session-context.ts";
import { ThemeChoice } from "./ThemeChoice.tsx";

export function Header() {
  return (
    <header className="header">
      <a className="logo" href="./" aria-label="Roundtrip: start again">
        <Logo />
        <span className="logo-name">Roundtrip</span>
      </a>
      <ScenarioPicker />
      <Pages />
      <Actions />
      <MoreMenu />
    </header>
  );
}

function Logo() {
  return (
    <svg className="logo-mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d="M5 7h10.5a4.5 4.5 0 0 1 0 9H10" />
      <path d="M13 12.5 9.5 16l3.5 3.5" />
      <circle cx="4" cy="7" r="2.2" />
    </svg>
  );
}

const pages: readonly { readonly id: Screen; readonly label: string }[] = [
  { id: "journey", label: "Journey" },
  { id: "traffic", label: "Traffic" },
  { id: "reference", label: "Reference" },
];

function Pages() {
  const session = useSession();
  const screen = useView((view) => view.screen);
  return (
    <nav className="pages" aria-label="Pages">
      {pages.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          className="page-link"
          aria-current={id === screen ? "page" : undefined}
          onClick={() => session.view.setState({ screen: id })}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}

function Actions() {
  const session = useSession();
  const isFilesOpen = useView((view) => view.file !== null);
  return (
    <div className="actions">
      <button
        type="button"
        className="button is-plain"
        aria-expanded={isFilesOpen}
        onClick={() => toggleFiles({ session })}
      >
        Files <kbd>E</kbd>
      </button>
      <button
        type="button"
        className="button is-plain"
        onClick={() => togglePresenting({ session })}
      >
        Present <kbd>P</kbd>
      </button>
      <button
        type="button"
        className="button"
        onClick={() => session.view.setState({ dialog: "share" })}
      >
        Share
      </button>
    </div>
  );
}

/** What is used less often; on a small screen, everything. */
function MoreMenu() {
  const session = useSession();
  const screen = useView((view) => view.screen);
  const entries = [
    ...pages.map(({ id, label }) => ({
      ...{ label, isSmallOnly: true, isCurrent: id === screen },
      run: () => session.view.setState({ screen: id }),
    })),
    { label: "Files", isSmallOnly: true, run: () => toggleFiles({ session }) },
    { label: "Present", isSmallOnly: true, run: () => togglePresenting({ session }) },
    { label: "Share", isSmallOnly: true, run: () => session.view.setState({ dialog: "share" }) },
    { label: "Transcript", run: () => session.view.setState({ dialog: "transcript" }) },
    { label: "Keys", run: () => session.view.setState({ dialog: "shortcuts" }) },
  ];
  return (
    <Menu name="More" className="more" label={<Icon name="menu" />}>
      {(close) => (
        <>
          <ul className="menu-list">
            {entries.map(({ label, run, ...entry }) => (
              <li key={label} className={"isSmallOnly" in entry ? "is-small-only" : ""}>
                <button
                  type="button"
                  className="menu-item"
                  aria-current={"isCurrent" in entry && entry.isCurrent ? "page" : undefined}
                  onClick={() => {
                    close();
                    run();
                  }}
                >
                  {label}
                </button>
              </li>
            ))}
          </ul>
          <ThemeChoice />
        </>
      )}
    </Menu>
  );
}
