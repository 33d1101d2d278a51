// Every file and command of the scenario, beside the stage: the line that the current step obeys lit,
// diagnostics at their lines, and each line that decided something leading to the step it decided.
import { useEffect, useMemo, useRef } from "react";
import type { Journey, JourneyFile, Step } from "../../simulation/journey.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { useSession, useView } from "../app/session-context.ts";
import { jumpTo } from "../playback/playhead.ts";
import { CodeLine } from "../widgets/CodeLine.tsx";
import { Icon } from "../widgets/Icon.tsx";
import { ScrollRegion } from "../widgets/ScrollRegion.tsx";
import { type DecidingLines, decidingLines, nextDecision } from "./deciding-lines.ts";

export interface FilesDrawerProps {
  readonly journey: Journey;
  readonly step: Step;
}

export function FilesDrawer({ journey, step }: FilesDrawerProps) {
  const session = useSession();
  const path = useView((view) => view.file);
  const file = journey.files.find((candidate) => candidate.path === path) ?? journey.files[0];
  return (
    <section className="files" aria-label="Files">
      <header className="files-head">
        <label className="files-choice">
          <span className="is-unseen">File</span>
          <select
            value={file?.path ?? ""}
            onChange={({ target }) => session.view.setState({ file: target.value })}
          >
            {journey.files.map(({ path: value, title, diagnostics }) => (
              <option key={value} value={value}>
                {title}
                {diagnostics.length > 0 ? ` (${diagnostics.length} ⚠)` : ""}
                {step.cause?.file === value ? " ●" : ""}
              </option>
            ))}
          </select>
        </label>
        <DecidedBy step={step} shownPath={file?.path} />
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
        <p className="empty">This scenario has no files.</p>
      ) : (
        <FileText key={file.path} file={file} journey={journey} step={step} />
      )}
    </section>
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

interface FileTextProps extends FilesDrawerProps {
  readonly file: JourneyFile;
}

function FileText({ file, journey, step }: FileTextProps) {
  const lines = useMemo(() => file.text.replace(/\n$/, "").split("\n"), [file]);
  const deciding = useMemo(() => decidingLines(journey, file.path), [journey, file]);
  const scroller = useRef<HTMLElement>(null);
  const { cause } = step;
  const isHere = cause !== undefined && cause.file === file.path;
  const [from, to] = isHere ? [cause.line, cause.endLine ?? cause.line] : [0, -1];
  useEffect(() => {
    const lit = from > 0 ? scroller.current?.querySelector(".is-lit") : null;
    lit?.scrollIntoView({ block: "center" });
  }, [from]);
  return (
    <ScrollRegion ref={scroller} className="code files-code" label={file.title}>
      {lines.map((text, i) => {
        const number = i + 1;
        return (
          <FileLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
            key={i}
            {...{ number, text, file, deciding }}
            isLit={number >= from && number <= to}
            current={step.index}
          />
        );
      })}
    </ScrollRegion>
  );
}

interface FileLineProps {
  readonly number: number;
  readonly text: string;
  readonly file: JourneyFile;
  readonly deciding: DecidingLines;
  readonly isLit: boolean;
  readonly current: number;
}

function FileLine({ number, text, file, deciding, isLit, current }: FileLineProps) {
  const session = useSession();
  const target = nextDecision(deciding, number, current);
  const diagnostics = file.diagnostics.filter(({ line }) => line === number);
  return (
    <>
      <div className={`code-line ${isLit ? "is-lit" : ""} ${target === null ? "" : "is-deciding"}`}>
        {target === null ? (
          <span className="line-number">{number}</span>
        ) : (
          <button
            type="button"
            className="line-number"
            aria-label={`Line ${number} decides step ${target + 1}: go there`}
            onClick={() => jumpTo(session.playhead, target)}
          >
            {number}
          </button>
        )}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the number beside it is the button. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the number beside it is the button. */}
        <span
          className="code-cell"
          onClick={() => target !== null && jumpTo(session.playhead, target)}
        >
          <CodeLine text={text} language={file.language} />
        </span>
      </div>
      {diagnostics.map((diagnostic) => (
        <DiagnosticLine key={diagnostic.message} diagnostic={diagnostic} />
      ))}
    </>
  );
}

const severityNames: Readonly<Record<Diagnostic["severity"], string>> = {
  error: "Error",
  warning: "Warning",
  "not-simulated": "Not simulated",
};

function DiagnosticLine({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const { severity, message, remedy } = diagnostic;
  return (
    <p className={`diagnostic is-${severity}`}>
      <Icon name={severity === "error" ? "stop" : severity === "warning" ? "warning" : "info"} />
      <span>
        <strong>{severityNames[severity]}:</strong> {message}
        {remedy !== undefined && ` ${remedy}`}
      </span>
    </p>
  );
}
