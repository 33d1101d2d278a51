// One line of a file, coloured.
import { memo } from "react";
import { highlightLine, type Language } from "./highlight.ts";

export interface CodeLineProps {
  readonly text: string;
  readonly language: Language;
}

export const CodeLine = memo(function CodeLine({ text, language }: CodeLineProps) {
  return (
    <code className="code-text">
      {highlightLine(text, language).map(({ kind, text: piece }, i) =>
        kind === "plain" ? (
          piece
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line are told apart by place.
          <span key={i} className={`code-${kind}`}>
            {piece}
          </span>
        ),
      )}
    </code>
  );
});
