// Every file, command and part of the scenario, beside the stage, to be read and changed: the text with
// the line that the step obeys, what was changed, and the usual settings as a form.
import { type DragEvent, type ReactNode, useState } from "react";
import type { Journey, Step } from "../../simulation/journey.ts";
import { useSession, useView } from "../app/session-context.ts";
import { type EditedText, editedTexts } from "../session/edits.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Tabs } from "../widgets/Tabs.tsx";
import { ChangesPane } from "./ChangesPane.tsx";
import { DraftOffer } from "./DraftOffer.tsx";
import { FileActions } from "./FileActions.tsx";
import { RunBar } from "./RunBar.tsx";
import { SettingsPane } from "./SettingsPane.tsx";
import { type Goal, TextPane } from "./TextPane.tsx";
import { takeFiles } from "./take-files.ts";
import { useEditing, useEditingState } from "./use-editing.ts";

export interface FilesDrawerProps {
  readonly journey: Journey;
  readonly step: Step;
}

type Pane = "text" | "changes" | "settings";
const PANE_ID = "files-pane";

export function FilesDrawer({ journey, step }: FilesDrawerProps) {
  const editing = useEditing();
  const session = useSession();
  const path = useView((view) => view.file);
  const [pane, setPane] = useState<Pane>("text");
  const [said, setSaid] = useState<string | null>(null);
  const [isOver, setIsOver] = useState(false);
  const [goal, setGoal] = useState<Goal | null>(null);
  const texts = useTexts();
  const file = texts.find((candidate) => candidate.path === path) ?? texts[0];

  function onDrop(event: DragEvent): void {
    event.preventDefault();
    setIsOver(false);
    void takeFiles(event.dataTransfer.files, { editing, session, texts, file }).then(setSaid);
  }

  function goTo(place: Goal): void {
    session.view.setState({ file: place.path });
    setPane("text");
    setGoal(place);
  }

  return (
    <section
      className={`files ${isOver ? "is-over" : ""}`}
      aria-label="Files"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <Head {...{ texts, file, step, onSaid: setSaid }} />
      <PaneTabs {...{ pane, onPane: setPane }}>
        {pane === "text" && <DecidedBy step={step} shownPath={file?.path} />}
      </PaneTabs>
      <DraftOffer />
      {said !== null && <Said text={said} onClose={() => setSaid(null)} />}
      <div
        className="files-pane"
        id={PANE_ID}
        role="tabpanel"
        aria-labelledby={`${PANE_ID}-${pane}`}
      >
        {pane === "changes" && <ChangesPane onGo={goTo} />}
        {pane === "settings" && <SettingsPane texts={texts} onGo={goTo} />}
        {pane === "text" &&
          (file === undefined ? (
            <p className="empty">This scenario has no files.</p>
          ) : (
            <TextPane {...{ file, journey, step, goal }} />
          ))}
      </div>
      <RunBar texts={texts} onGo={goTo} />
      {isOver && <p className="files-drop">Drop a text file, or a scenario’s .json</p>}
    </section>
  );
}

interface PaneTabsProps {
  readonly pane: Pane;
  readonly onPane: (pane: Pane) => void;
  readonly children: ReactNode;
}

function PaneTabs({ pane, onPane, children }: PaneTabsProps) {
  const changed = useEditingState(({ edits }) => Object.keys(edits.changes).length);
  return (
    <div className="files-tabs">
      <Tabs
        items={[
          { id: "text", label: "Text" },
          { id: "changes", label: "Changes", ...(changed > 0 && { mark: String(changed) }) },
          { id: "settings", label: "Settings" },
        ]}
        current={pane}
        label="About the files"
        panelId={PANE_ID}
        onSelect={onPane}
      />
      {children}
    </div>
  );
}

/** The texts as the reader has them now. */
function useTexts(): readonly EditedText[] {
  const originals = useEditingState((state) => state.originals);
  const changes = useEditingState(({ edits }) => edits.changes);
  const checked = useEditingState((state) => state.checked);
  return editedTexts(originals.length > 0 ? originals : checked, changes, checked);
}

interface HeadProps {
  readonly texts: readonly EditedText[];
  readonly file: EditedText | undefined;
  readonly step: Step;
  readonly onSaid: (text: string | null) => void;
}

function Head({ texts, file, step, onSaid }: HeadProps) {
  const session = useSession();
  const changes = useEditingState(({ edits }) => edits.changes);
  return (
    <header className="files-head">
      <label className="files-choice">
        <span className="is-unseen">File</span>
        <select
          value={file?.path ?? ""}
          onChange={({ target }) => session.view.setState({ file: target.value })}
        >
          {texts.map(({ path, title, diagnostics }) => (
            <option key={path} value={path}>
              {title}
              {changes[path] === undefined ? "" : " (changed)"}
              {diagnostics.length > 0 ? ` (${diagnostics.length} ⚠)` : ""}
              {step.cause?.file === path ? " ●" : ""}
            </option>
          ))}
        </select>
      </label>
      <FileActions {...{ texts, file, onSaid }} />
      <button
        type="button"
        className="button is-plain is-icon"
        aria-label="Close files"
        onClick={() => session.view.setState({ file: null })}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

/** Leads to the file of the step when another is open. */
function DecidedBy({ step, shownPath }: { readonly step: Step; readonly shownPath?: string }) {
  const session = useSession();
  const { cause } = step;
  if (cause === undefined) return <p className="files-cause quiet">no line decides</p>;
  if (cause.file === shownPath) return <p className="files-cause">line {cause.line} decides</p>;
  return (
    <button
      type="button"
      className="link-button files-cause"
      onClick={() => session.view.setState({ file: cause.file })}
    >
      this step obeys {cause.file.split("/").at(-1)}
    </button>
  );
}

function Said({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  return (
    <div className="files-note" role="status">
      <p>{text}</p>
      <button type="button" className="button is-plain" onClick={onClose}>
        Dismiss
      </button>
    </div>
  );
}
