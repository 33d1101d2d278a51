// The text of one file in the editor, with its marks, and a line below that says where the cursor is:
// the way from a line to the step that it decided, for those who use no mouse.
import { useEffect, useMemo, useState } from "react";
import type { Journey, Step } from "../../simulation/journey.ts";
import { useSession } from "../app/session-context.ts";
import { CodeEditor } from "../editor/CodeEditor.tsx";
import type { EditorMarks } from "../editor/marks.ts";
import { jumpTo } from "../playback/playhead.ts";
import type { EditedText } from "../session/edits.ts";
import { marksOf } from "./text-marks.ts";
import { useEditing } from "./use-editing.ts";

export interface TextPaneProps {
  readonly file: EditedText;
  readonly journey: Journey;
  readonly step: Step;
  readonly goal: Goal | null;
}

/** A line that was asked for from elsewhere; a new object asks anew. */
export interface Goal {
  readonly path: string;
  readonly line: number;
}

interface Reveal {
  readonly line: number;
  readonly hasCursor?: boolean;
}

export function TextPane({ file, journey, step, goal }: TextPaneProps) {
  const session = useSession();
  const editing = useEditing();
  const [line, setLine] = useState(1);
  const [reveal, setReveal] = useState<Reveal | null>(null);
  const { path, text, language, title } = file;
  const marks = useMemo(() => marksOf(file, journey, step), [file, journey, step]);
  const shown = useMemo(
    () => ({
      path,
      text,
      language,
      label: `Text of ${title}. Escape, then Tab leaves the editor.`,
    }),
    [path, text, language, title],
  );
  const litLine = marks.lit?.[0] ?? null;
  useEffect(() => {
    if (litLine !== null) setReveal({ line: litLine });
  }, [litLine]);
  useEffect(() => {
    if (goal?.path === path) setReveal({ line: goal.line, hasCursor: true });
  }, [goal, path]);
  return (
    <>
      <CodeEditor
        shown={shown}
        marks={marks}
        reveal={reveal}
        events={{
          typed: editing.type,
          moved: setLine,
          numberClicked: (number) => goToStep(session.playhead, marks, number),
          runWanted: () => void editing.run("here"),
        }}
      />
      <p className="files-line">
        <LineSaid {...{ line, marks }} onGo={() => goToStep(session.playhead, marks, line)} />
        <span className="quiet">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> runs, <kbd>Esc</kbd> <kbd>Tab</kbd> leaves
        </span>
      </p>
    </>
  );
}

function goToStep(
  playhead: Parameters<typeof jumpTo>[0],
  { deciding }: EditorMarks,
  line: number,
): void {
  const target = deciding.get(line);
  if (target !== undefined) jumpTo(playhead, target);
}

interface LineSaidProps {
  readonly line: number;
  readonly marks: EditorMarks;
  readonly onGo: () => void;
}

function LineSaid({ line, marks, onGo }: LineSaidProps) {
  const target = marks.deciding.get(line);
  if (target === undefined) return <span>Line {line}</span>;
  return (
    <button type="button" className="link-button" onClick={onGo}>
      Line {line} decides step {target + 1}
    </button>
  );
}
