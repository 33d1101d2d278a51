// What is drawn on a text beside the text: the line that the step obeys, lines that decided a step, lines
// that were changed, and what the programs say, under the line that they mean. The marks move with the
// text while it is typed in, until newer ones are given.
import {
  type EditorState,
  type Extension,
  type Range,
  RangeSet,
  StateEffect,
  StateField,
} from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutterLineClass,
  WidgetType,
} from "@codemirror/view";
import type { Diagnostic } from "../../text/diagnostic.ts";

export interface EditorMarks {
  /** First and last line that the step obeys, from 1; null when it obeys none here. */
  readonly lit: readonly [from: number, to: number] | null;
  /** The steps that lines lead to, by line. */
  readonly deciding: ReadonlyMap<number, number>;
  /** Lines that are not as they were. */
  readonly changed: ReadonlySet<number>;
  readonly diagnostics: readonly Diagnostic[];
}

export const setMarks = StateEffect.define<EditorMarks>();

interface Drawn {
  readonly lines: DecorationSet;
  readonly gutter: RangeSet<GutterMarker>;
}

const nothing: Drawn = { lines: Decoration.none, gutter: RangeSet.empty };

const drawn = StateField.define<Drawn>({
  create: () => nothing,
  update(value, transaction) {
    let next = value;
    if (transaction.docChanged)
      next = {
        lines: value.lines.map(transaction.changes),
        gutter: value.gutter.map(transaction.changes),
      };
    for (const effect of transaction.effects)
      if (effect.is(setMarks)) next = draw(transaction.state, effect.value);
    return next;
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ lines }) => lines),
    gutterLineClass.from(field, ({ gutter }) => gutter),
  ],
});

/** Draws the marks that `setMarks` gives. */
export const marks: Extension = drawn;

function draw(state: EditorState, { lit, deciding, changed, diagnostics }: EditorMarks): Drawn {
  const lines: Range<Decoration>[] = [];
  const gutter: Range<GutterMarker>[] = [];
  for (let number = 1; number <= state.doc.lines; number += 1) {
    const isLit = lit !== null && number >= lit[0] && number <= lit[1];
    const names = [
      ...(isLit ? ["is-lit"] : []),
      ...(deciding.has(number) ? ["is-deciding"] : []),
      ...(changed.has(number) ? ["is-changed"] : []),
    ].join(" ");
    if (names === "") continue;
    const { from } = state.doc.line(number);
    lines.push(Decoration.line({ class: names }).range(from));
    gutter.push(new LineClass(names).range(from));
  }
  for (const diagnostic of diagnostics) {
    const number = Math.max(1, Math.min(diagnostic.line, state.doc.lines));
    const { to } = state.doc.line(number);
    const widget = new DiagnosticWidget(diagnostic);
    lines.push(Decoration.widget({ widget, block: true, side: 1 }).range(to));
  }
  return { lines: Decoration.set(lines, true), gutter: RangeSet.of(gutter, true) };
}

class LineClass extends GutterMarker {
  override readonly elementClass: string;

  constructor(names: string) {
    super();
    this.elementClass = names;
  }

  override eq(other: LineClass): boolean {
    return other.elementClass === this.elementClass;
  }
}

const severityNames: Readonly<Record<Diagnostic["severity"], string>> = {
  error: "Error",
  warning: "Warning",
  "not-simulated": "Not simulated",
};

class DiagnosticWidget extends WidgetType {
  readonly #diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super();
    this.#diagnostic = diagnostic;
  }

  override eq(other: DiagnosticWidget): boolean {
    return other.#diagnostic === this.#diagnostic;
  }

  override toDOM(): HTMLElement {
    const { severity, message, remedy } = this.#diagnostic;
    const note = document.createElement("div");
    note.className = `diagnostic is-${severity}`;
    const name = document.createElement("strong");
    name.textContent = `${severityNames[severity]}: `;
    note.append(name, remedy === undefined ? message : `${message} ${remedy}`);
    return note;
  }
}
