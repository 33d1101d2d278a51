// Everything that differs from the original, text by text: what went and what came, each place with the
// way back.

import type { Hunk } from "../../text/line-diff.ts";
import {
  type ChangeBlock,
  type ChangeLine,
  changeBlocks,
  counterpart,
  differingPart,
  putBack,
} from "./changes.ts";
import type { Goal } from "./TextPane.tsx";
import { useEditing, useEditingState } from "./use-editing.ts";

export interface ChangesPaneProps {
  readonly onGo: (goal: Goal) => void;
}

export function ChangesPane({ onGo }: ChangesPaneProps) {
  const changes = useEditingState(({ edits }) => edits.changes);
  const originals = useEditingState((state) => state.originals);
  const entries = Object.entries(changes);
  if (entries.length === 0)
    return <p className="empty">Nothing is changed: every text is the scenario’s own.</p>;
  return (
    <div className="changes">
      {entries.map(([path, text]) => (
        <TextChanges
          key={path}
          path={path}
          before={originals.find((file) => file.path === path)?.text ?? null}
          after={text}
          onGo={onGo}
        />
      ))}
    </div>
  );
}

interface TextChangesProps extends ChangesPaneProps {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

function TextChanges({ path, before, after, onGo }: TextChangesProps) {
  const editing = useEditing();
  const blocks = changeBlocks(before ?? "", after ?? "");
  const what = before === null ? "added" : after === null ? "removed" : "changed";
  return (
    <section aria-label={`${path}, ${what}`}>
      <header className="changes-head">
        <h2>
          {path} <span className="quiet">{what}</span>
        </h2>
        <button type="button" className="button is-plain" onClick={() => editing.restore(path)}>
          Back to the original
        </button>
      </header>
      {blocks.map((block) => (
        <Block
          key={`${block.hunk.oldFrom} ${block.hunk.newFrom}`}
          block={block}
          onGo={after === null ? null : () => onGo({ path, line: Math.max(1, block.hunk.newFrom) })}
          onBack={
            before === null || after === null
              ? null
              : (hunk) => editing.set({ [path]: putBack(before, after, hunk) })
          }
        />
      ))}
    </section>
  );
}

interface BlockProps {
  readonly block: ChangeBlock;
  readonly onGo: (() => void) | null;
  readonly onBack: ((hunk: Hunk) => void) | null;
}

function Block({ block, onGo, onBack }: BlockProps) {
  return (
    <div className="change-block">
      <pre className="change-lines">
        {block.lines.map((line) => (
          <Line
            key={`${line.kind} ${line.old} ${line.fresh}`}
            line={line}
            other={counterpart(block, line)}
          />
        ))}
      </pre>
      <p className="change-buttons">
        {onGo !== null && (
          <button type="button" className="link-button" onClick={onGo}>
            Line {Math.max(1, block.hunk.newFrom)}
          </button>
        )}
        {onBack !== null && (
          <button type="button" className="link-button" onClick={() => onBack(block.hunk)}>
            Put back
          </button>
        )}
      </p>
    </div>
  );
}

const signs = { same: " ", gone: "−", new: "+" } as const;
const spoken = { same: "", gone: "removed: ", new: "added: " } as const;

interface LineProps {
  readonly line: ChangeLine;
  readonly other: string | undefined;
}

function Line({ line, other }: LineProps) {
  const [head, differs, tail] = differingPart(line.text, other);
  return (
    <span className={`change-line is-${line.kind}`}>
      <span aria-hidden="true">{signs[line.kind]} </span>
      <span className="is-unseen">{spoken[line.kind]}</span>
      {head}
      {differs !== "" && <b>{differs}</b>}
      {tail}
      {"\n"}
    </span>
  );
}
