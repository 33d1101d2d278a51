// The texts of the run beside the stage: what a slider writes can be read here while it moves, and changed
// by hand. A change takes effect as an operator's would, by a reload of the running programs, or from
// the beginning of the run.
import { useEffect, useMemo, useState } from "react";
import type { Setting } from "../../../simulation/settings/setting.ts";
import type { RunText } from "../../../simulation/traffic/run-texts.ts";
import type { TextDraft } from "../../../worker/traffic-protocol.ts";
import { useSession, useView } from "../../app/session-context.ts";
import { CodeEditor } from "../../editor/CodeEditor.tsx";
import type { EditorMarks } from "../../editor/marks.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { Icon } from "../../widgets/Icon.tsx";
import { useTraffic } from "../traffic-context.ts";
import { type RunTexts, useRunTexts } from "./use-run-texts.ts";

export function TrafficFiles({ run }: { readonly run: TrafficRun }) {
  const session = useSession();
  const path = useView((view) => view.file);
  const own = useRunTexts(run);
  const shownPath = own.draft?.path ?? path;
  const file = own.texts.find((each) => each.path === shownPath) ?? own.texts[0];
  return (
    <section className="files" aria-label="Files">
      <header className="files-head">
        <label className="files-choice">
          <span className="is-unseen">File</span>
          <select
            value={file?.path ?? ""}
            disabled={own.draft !== null}
            onChange={({ target }) => session.view.setState({ file: target.value })}
          >
            {own.texts.map(({ path: each, title }) => (
              <option key={each} value={each}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button is-plain is-icon"
          aria-label="Close files"
          onClick={() => session.view.setState({ file: null })}
        >
          <Icon name="close" />
        </button>
      </header>
      {file === undefined ? (
        <p className="empty">Reading the texts…</p>
      ) : (
        <EditedFile {...{ run, file, own }} />
      )}
    </section>
  );
}

interface EditedFileProps {
  readonly run: TrafficRun;
  readonly file: RunText;
  readonly own: RunTexts;
}

function EditedFile({ run, file, own }: EditedFileProps) {
  const { path, language, title, diagnostics } = file;
  const { draft, problems, type, discard } = own;
  const [line, setLine] = useState(1);
  const settingLine = useAttendedLine(run, path);
  const text = draft?.path === path ? draft.text : file.text;
  const label = `Text of ${title}. Escape, then Tab leaves the editor.`;
  const shown = useMemo(() => ({ path, text, language, label }), [path, text, language, label]);
  const marks = useMemo((): EditorMarks => {
    const lit =
      settingLine === null || draft !== null ? null : ([settingLine, settingLine] as const);
    return { lit, deciding: new Map(), changed: new Set(), diagnostics };
  }, [settingLine, draft, diagnostics]);
  const reveal = useMemo(
    () => (settingLine === null ? null : { line: settingLine }),
    [settingLine],
  );
  const apply = () => void applyDraft(run, draft, discard);
  return (
    <>
      <div className="files-pane">
        <CodeEditor
          {...{ shown, marks, reveal }}
          events={{ typed: type, moved: setLine, numberClicked: setLine, runWanted: apply }}
        />
        <p className="files-line">
          <span>Line {line}</span>
          <span className="quiet">
            <kbd>Ctrl</kbd> <kbd>Enter</kbd> applies, <kbd>Esc</kbd> <kbd>Tab</kbd> leaves
          </span>
        </p>
      </div>
      <footer className="run-bar">
        <Said {...{ file, problems }} />
        <ApplyButtons {...{ run, file, draft, discard, onApply: apply }} />
      </footer>
    </>
  );
}

/** The line of the setting that the reader is at, when it stands in this text. */
function useAttendedLine(run: TrafficRun, path: string): number | null {
  const session = useSession();
  const attended = useTraffic(run, (state) => state.attended);
  const settings = useTraffic(run, (state) => state.settings);
  const place = settings.find(({ id }: Setting) => id === attended)?.place;
  const attendedPath = place?.path ?? null;
  // The text of the slider that is moved comes into view.
  useEffect(() => {
    if (attended !== null && attendedPath !== null) session.view.setState({ file: attendedPath });
  }, [session, attended, attendedPath]);
  return place?.path === path ? place.line : null;
}

/** Makes the running programs obey the draft; it stays when they cannot. */
async function applyDraft(
  run: TrafficRun,
  draft: TextDraft | null,
  discard: () => void,
): Promise<void> {
  if (draft === null) return;
  const before = run.store.getState().changes.length;
  await run.change({ kind: "file", ...draft });
  if (run.store.getState().changes.length > before) discard();
}

/** Complaints that are listed; the text holds all of them. */
const LISTED_MAX = 4;

/** What the programs say of the text as it is typed. */
function Said({ file, problems }: Pick<RunTexts, "problems"> & { readonly file: RunText }) {
  const found = file.diagnostics.filter(({ severity }) => severity !== "not-simulated");
  // What stands at a line of this text need not be said of the whole once more.
  const others = problems.filter((each) => !found.some(({ message }) => each.startsWith(message)));
  if (found.length + others.length === 0) return null;
  return (
    <ul className="complaints" aria-label="What the programs say" aria-live="polite">
      {found.slice(0, LISTED_MAX).map(({ line, message, severity }) => (
        <li key={`${line}:${message}`} className={`is-${severity}`}>
          {line > 0 && `line ${line}: `}
          {message}
        </li>
      ))}
      {others.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}

interface ApplyProps extends Pick<RunTexts, "draft" | "discard"> {
  readonly run: TrafficRun;
  readonly file: RunText;
  readonly onApply: () => void;
}

function ApplyButtons({ run, file, draft, discard, onApply }: ApplyProps) {
  const canApply = draft !== null && file.isLive;
  return (
    <div className="run-buttons">
      <button
        type="button"
        className="button is-primary"
        aria-disabled={canApply ? undefined : "true"}
        onClick={() => canApply && onApply()}
      >
        Apply now
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={draft === null ? "true" : undefined}
        onClick={() => {
          if (draft === null) return;
          void run.restartWith(draft);
          discard();
        }}
      >
        Restart with it
      </button>
      {draft !== null && (
        <button type="button" className="button is-plain" onClick={discard}>
          Discard
        </button>
      )}
      <p className="run-state quiet" role="status">
        {stateText(file, draft)}
      </p>
    </div>
  );
}

function stateText({ isLive }: RunText, draft: TextDraft | null): string {
  if (draft !== null)
    return isLive ? "Typed, not in the run yet" : "Is read only when the run begins";
  return isLive ? "As the run has it" : "As the run has it; read when it begins";
}
