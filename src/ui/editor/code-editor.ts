// An editor for texts of one scenario: one view, and for each text a state of its own, so that undo
// knows only the text that is shown. It tells what is typed and where the cursor is.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentService, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import type { Language } from "../widgets/highlight.ts";
import { colouring } from "./colouring.ts";
import { type EditorMarks, marks, setMarks } from "./marks.ts";
import { theme } from "./theme.ts";

export interface ShownText {
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  /** For those who listen. */
  readonly label: string;
}

export interface EditorEvents {
  typed(path: string, text: string): void;
  /** The cursor is on another line (from 1). */
  moved(line: number): void;
  /** The number of a line was clicked. */
  numberClicked(line: number): void;
  /** Ctrl+Enter: run. */
  runWanted(): void;
}

export interface CodeEditor {
  /** Shows a text; when it is shown already, only what differs is replaced. */
  show(text: ShownText): void;
  mark(marks: EditorMarks): void;
  /** Brings a line into view, and puts the cursor there when asked. */
  reveal(line: number, options?: { readonly hasCursor?: boolean }): void;
  focus(): void;
  destroy(): void;
}

/** A change that was not typed here. */
const fromOutside = Annotation.define<boolean>();

/** Puts an editor into `parent`, which stands in a shadow root. */
export function createCodeEditor(parent: HTMLElement, events: EditorEvents): CodeEditor {
  const states = new Map<string, EditorState>();
  let shown: ShownText | null = null;
  const view = new EditorView({ parent });

  function newState({ path, text, language, label }: ShownText): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        ...[...basics, runKeys(events), numbers(events), colouring(language)],
        // Scrolled with the keyboard by its content: that has to be seen to take the focus.
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (
            update.docChanged &&
            !update.transactions.some((each) => each.annotation(fromOutside))
          )
            events.typed(path, update.state.doc.toString());
          if (update.docChanged || update.selectionSet) events.moved(lineOfCursor(update.state));
        }),
      ],
    });
  }

  return {
    show(text) {
      if (shown?.path !== text.path) {
        if (shown !== null) states.set(shown.path, view.state);
        view.setState(states.get(text.path) ?? newState(text));
        // The place of the text before means nothing in this one.
        view.scrollDOM.scrollTop = 0;
        events.moved(lineOfCursor(view.state));
      }
      shown = text;
      replaceWith(view, text.text);
    },
    mark: (value) => view.dispatch({ effects: setMarks.of(value) }),
    reveal(line, { hasCursor = false } = {}) {
      const { doc } = view.state;
      const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)));
      view.dispatch({
        effects: EditorView.scrollIntoView(from, { y: "center" }),
        ...(hasCursor && { selection: { anchor: from } }),
      });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function lineOfCursor({ doc, selection }: EditorState): number {
  return doc.lineAt(selection.main.head).number;
}

/** Replaces what differs and nothing else, so that cursor and marks stay where they are. */
function replaceWith(view: EditorView, text: string): void {
  const old = view.state.doc.toString();
  if (old === text) return;
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from += 1;
  let tail = 0;
  const room = Math.min(old.length, text.length) - from;
  while (tail < room && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  view.dispatch({
    changes: { from, to: old.length - tail, insert: text.slice(from, text.length - tail) },
    annotations: fromOutside.of(true),
  });
}

function runKeys(events: EditorEvents): Extension {
  const run = (): boolean => {
    events.runWanted();
    return true;
  };
  return keymap.of([{ key: "Mod-Enter", run }]);
}

function numbers(events: EditorEvents): Extension {
  return lineNumbers({
    domEventHandlers: {
      click(view, block) {
        events.numberClicked(view.state.doc.lineAt(block.from).number);
        return true;
      },
    },
  });
}

const INDENT = "    ";

/** A new line begins where the one before it does, further in after what opens a block. */
const indentation = indentService.of((context, pos) => {
  const line = context.lineAt(pos, -1);
  const before = line.text.slice(0, Math.max(0, pos - line.from));
  const own = /^\s*/.exec(before)?.[0].length ?? 0;
  return /[{[(:]\s*$/.test(before) ? own + INDENT.length : own;
});

const basics: readonly Extension[] = [
  // Lines are broken where the drawer ends, so that nothing is to be scrolled sideways.
  ...[theme, marks, history(), EditorView.lineWrapping],
  ...[bracketMatching(), highlightSelectionMatches()],
  ...[search({ top: true }), indentUnit.of(INDENT), indentation],
  // Escape and then Tab leaves the editor: CodeMirror sees to that.
  keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
];
