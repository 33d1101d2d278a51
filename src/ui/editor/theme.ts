// How the editor looks: the tokens of the page, which reach into its shadow root. CodeMirror puts these
// rules into a constructed style sheet there, so that the page's policy, which allows no inline style
// element, holds for the editor too.
import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": {
    height: "100%",
    color: "var(--ink)",
    backgroundColor: "var(--panel)",
    font: "0.8125rem / 24px var(--mono)",
    fontVariantLigatures: "none",
  },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "24px", overflow: "auto" },
  ".cm-content": { padding: "8px 0 24px", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-gutters": {
    color: "var(--ink-2)",
    backgroundColor: "var(--panel)",
    border: "none",
    userSelect: "none",
  },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "3.4em",
    padding: "0 10px 0 4px",
    borderInlineStart: "4px solid transparent",
  },
  ".cm-lineNumbers .cm-gutterElement.is-changed": {
    borderInlineStart: "4px solid var(--gunicorn)",
  },
  ".cm-lineNumbers .cm-gutterElement.is-deciding": {
    color: "var(--ink)",
    textDecoration: "underline",
    textDecorationColor: "var(--ink-3)",
    textUnderlineOffset: "3px",
    cursor: "pointer",
  },
  ".cm-lineNumbers .cm-gutterElement.is-lit": {
    fontWeight: "600",
    color: "var(--ink)",
    backgroundColor: "color-mix(in srgb, var(--nginx) 12%, var(--panel))",
    borderInlineStartColor: "var(--nginx)",
  },
  ".cm-line.is-lit": { backgroundColor: "color-mix(in srgb, var(--nginx) 12%, var(--panel))" },
  ".code-comment": { color: "var(--ink-2)", fontStyle: "italic" },
  ".code-string": { color: "var(--nginx)" },
  ".code-number": { color: "var(--gunicorn)" },
  ".code-keyword": { color: "var(--dns)" },
  ".code-name": { color: "var(--browser)" },
  ".is-lit [class^=code-]": { filter: "contrast(1.1)" },
  ".diagnostic": {
    margin: "2px 12px 6px 8px",
    padding: "4px 10px",
    fontFamily: "var(--sans)",
    fontSize: "var(--size-13)",
    lineHeight: "1.4",
    whiteSpace: "normal",
    overflowWrap: "anywhere",
    backgroundColor: "var(--note-paper)",
    borderInlineStart: "3px solid var(--note-line)",
  },
  ".diagnostic.is-error": {
    color: "var(--error)",
    backgroundColor: "color-mix(in srgb, var(--error) 6%, var(--panel))",
    borderInlineStartColor: "var(--error)",
  },
  ".cm-matchingBracket, .cm-nonmatchingBracket": {
    backgroundColor: "transparent !important",
    outline: "1px solid var(--ink-3)",
  },
  ".cm-searchMatch": {
    backgroundColor: "var(--note-paper)",
    outline: "1px solid var(--note-line)",
  },
  ".cm-searchMatch-selected": { outline: "2px solid var(--focus)" },
  ".cm-panels": {
    color: "var(--ink)",
    backgroundColor: "var(--sunken)",
    borderColor: "var(--line)",
  },
  ".cm-panel.cm-search": { padding: "8px 32px 8px 8px", font: "var(--size-13) var(--sans)" },
  ".cm-panel.cm-search label": { fontSize: "var(--size-13)" },
  ".cm-textfield, .cm-button": {
    minHeight: "28px",
    color: "var(--ink)",
    background: "var(--panel)",
    border: "1px solid var(--line-2)",
    borderRadius: "6px",
    fontSize: "var(--size-13)",
  },
});
