// Under the files: what the programs say of the changes, undo and redo, running them again, and what then
// differs first.
import { useRun } from "../app/session-context.ts";
import type { EditedText } from "../session/edits.ts";
import { isSame } from "../session/edits.ts";
import { DifferenceNote } from "./DifferenceNote.tsx";
import type { Goal } from "./TextPane.tsx";
import { useEditing, useEditingState } from "./use-editing.ts";

export interface RunBarProps {
  readonly texts: readonly EditedText[];
  readonly onGo: (goal: Goal) => void;
}

/** Complaints that are listed; the texts hold all of them. */
const LISTED_MAX = 4;

export function RunBar({ texts, onGo }: RunBarProps) {
  const editing = useEditing();
  const { past, future, changes } = useEditingState((state) => state.edits);
  const status = useRun((run) => run.status);
  const ran = useRun((run) => run.spec?.files);
  const isRun = ran !== undefined && isSame(ran, changes);
  return (
    <footer className="run-bar">
      <Trouble />
      <Complaints {...{ texts, onGo }} />
      {isRun && <DifferenceNote onGo={onGo} />}
      <div className="run-buttons">
        <button
          type="button"
          className="button is-primary"
          aria-disabled={status === "running" ? "true" : undefined}
          onClick={() => status !== "running" && void editing.run("here")}
        >
          Run from here
        </button>
        <button
          type="button"
          className="button"
          aria-disabled={status === "running" ? "true" : undefined}
          onClick={() => status !== "running" && void editing.run("start")}
        >
          From the start
        </button>
        <span className="run-history">
          <HistoryButton name="Undo" isOffered={past.length > 0} onClick={editing.undo} />
          <HistoryButton name="Redo" isOffered={future.length > 0} onClick={editing.redo} />
        </span>
        <State {...{ isRun, count: Object.keys(changes).length }} />
      </div>
    </footer>
  );
}

interface HistoryButtonProps {
  readonly name: string;
  readonly isOffered: boolean;
  readonly onClick: () => void;
}

function HistoryButton({ name, isOffered, onClick }: HistoryButtonProps) {
  return (
    <button
      type="button"
      className="button is-plain"
      aria-disabled={isOffered ? undefined : "true"}
      onClick={onClick}
    >
      {name}
    </button>
  );
}

function State({ isRun, count }: { readonly isRun: boolean; readonly count: number }) {
  const isChecking = useEditingState((state) => state.isChecking);
  const isKept = useEditingState((state) => state.isKept);
  const texts = count === 1 ? "1 text" : `${count} texts`;
  const said = isChecking
    ? "The programs read it…"
    : count === 0
      ? isRun
        ? "As in the original"
        : "As in the original; not run yet"
      : isRun
        ? `${texts} changed, as run`
        : `${texts} changed, not run yet`;
  return (
    <p className="run-state quiet" role="status">
      {said}
      {isKept ? "" : "; too much to be kept over a reload"}
    </p>
  );
}

function Trouble() {
  const trouble = useEditingState((state) => state.trouble);
  if (trouble === null) return null;
  return (
    <p className="run-trouble" role="alert">
      {trouble}
    </p>
  );
}

/** What the programs would print now, errors first, each leading to its line. */
function Complaints({ texts, onGo }: Pick<RunBarProps, "texts" | "onGo">) {
  const problems = useEditingState((state) => state.problems);
  const found = texts.flatMap(({ diagnostics }) =>
    diagnostics.filter(({ severity }) => severity !== "not-simulated"),
  );
  const sorted = [...found].sort(
    (left, right) => Number(right.severity === "error") - Number(left.severity === "error"),
  );
  if (sorted.length + problems.length === 0) return null;
  const rest = sorted.length - LISTED_MAX;
  return (
    <ul className="complaints" aria-label="What the programs say">
      {sorted.slice(0, LISTED_MAX).map(({ file, line, message, severity }) => (
        <li key={`${file}:${line}:${message}`} className={`is-${severity}`}>
          <button
            type="button"
            className="link-button"
            onClick={() => onGo({ path: file, line: Math.max(1, line) })}
          >
            {file.split("/").at(-1)}
            {line > 0 && `:${line}`}
          </button>{" "}
          {message}
        </li>
      ))}
      {problems.map((problem) => (
        <li key={problem} className={problem.startsWith("[emerg]") ? "is-error" : ""}>
          {problem}
        </li>
      ))}
      {rest > 0 && <li>and {rest} more</li>}
    </ul>
  );
}
