// The colours of the editor are those of every other place where text of a program is shown: the same
// rules, line by line, for the lines that can be seen.
import type { Extension } from "@codemirror/state";
import { RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { highlightLine, type Language } from "../widgets/highlight.ts";

/** Colours a text of `language`. */
export function colouring(language: Language): Extension {
  return ViewPlugin.define(
    (view) => ({
      colours: coloursOf(view, language),
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged)
          this.colours = coloursOf(update.view, language);
      },
    }),
    { decorations: (plugin) => plugin.colours },
  );
}

function coloursOf(view: EditorView, language: Language): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      colourLine(builder, line, language);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

function colourLine(
  builder: RangeSetBuilder<Decoration>,
  line: { readonly from: number; readonly text: string },
  language: Language,
): void {
  let at = line.from;
  for (const { kind, text } of highlightLine(line.text, language)) {
    if (kind !== "plain")
      builder.add(at, at + text.length, Decoration.mark({ class: `code-${kind}` }));
    at += text.length;
  }
}
