// The editor in a component. It stands in a shadow root, because CodeMirror can then use constructed
// style sheets: the page's policy forbids inline style elements.
import { useEffect, useLayoutEffect, useRef } from "react";
import {
  createCodeEditor,
  type CodeEditor as Editor,
  type EditorEvents,
  type ShownText,
} from "./code-editor.ts";
import type { EditorMarks } from "./marks.ts";

export interface CodeEditorProps {
  readonly shown: ShownText;
  readonly marks: EditorMarks;
  /** A line to bring into view; a new object asks anew. */
  readonly reveal: { readonly line: number; readonly hasCursor?: boolean } | null;
  readonly events: EditorEvents;
}

export function CodeEditor({ shown, marks, reveal, events }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const latest = useRef(events);
  latest.current = events;
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const parent = document.createElement("div");
    parent.style.height = "100%";
    root.replaceChildren(parent);
    const made = createCodeEditor(parent, {
      typed: (path, text) => latest.current.typed(path, text),
      moved: (line) => latest.current.moved(line),
      numberClicked: (line) => latest.current.numberClicked(line),
      runWanted: () => latest.current.runWanted(),
    });
    editor.current = made;
    return () => {
      editor.current = null;
      made.destroy();
    };
  }, []);
  // At once, before the next key can come: a text that is one key behind would take that key back.
  useLayoutEffect(() => {
    editor.current?.show(shown);
    editor.current?.mark(marks);
  }, [shown, marks]);
  useEffect(() => {
    if (reveal !== null) editor.current?.reveal(reveal.line, reveal);
  }, [reveal]);
  return (
    // What is typed here is for the editor alone and not for the keys of the page.
    // biome-ignore lint/a11y/noStaticElementInteractions: the editor inside is the control.
    <div ref={host} className="editor" onKeyDown={(event) => event.stopPropagation()} />
  );
}
