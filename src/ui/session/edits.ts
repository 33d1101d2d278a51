// Changes to the texts of a scenario, and the way back: what was changed is kept as a list of states, so
// that undo and redo go across files. Typing on in the same text within a short time is one change.
// Pure: every operation gives a new value.
import type { Changes } from "../../simulation/edited-scenario.ts";
import type { JourneyFile } from "../../simulation/journey.ts";

export interface Edits {
  readonly changes: Changes;
  /** States before, the latest last. */
  readonly past: readonly Changes[];
  /** States that were undone, the next last. */
  readonly future: readonly Changes[];
  /** The text typed in last and when (ms), for typing on. */
  readonly typing: { readonly path: string; readonly atMs: number } | null;
}

/** Edits that begin with `changes` and have no way back. */
export function startEdits(changes: Changes): Edits {
  return { changes, past: [], future: [], typing: null };
}

/** States that are kept to go back to. */
const PAST_MAX = 200;
/** A pause in typing that ends a change. */
const TYPING_PAUSE_MS = 1_200;

/** The edits with new changes in the place of the old. */
export function change(edits: Edits, changes: Changes): Edits {
  if (isSame(edits.changes, changes)) return edits;
  const past = [...edits.past, edits.changes].slice(-PAST_MAX);
  return { changes, past, future: [], typing: null };
}

/** The edits after a text was typed in, at a time of the clock. */
export function type(
  edits: Edits,
  { path, changes, atMs }: { path: string; changes: Changes; atMs: number },
): Edits {
  const { typing } = edits;
  const goesOn = typing?.path === path && atMs - typing.atMs < TYPING_PAUSE_MS;
  const next = goesOn ? { ...edits, changes, future: [] } : change(edits, changes);
  return { ...next, typing: { path, atMs } };
}

/** The state before; the same when there is none. */
export function undo(edits: Edits): Edits {
  const before = edits.past.at(-1);
  if (before === undefined) return edits;
  return {
    changes: before,
    past: edits.past.slice(0, -1),
    future: [...edits.future, edits.changes],
    typing: null,
  };
}

/** The state that was undone last; the same when there is none. */
export function redo(edits: Edits): Edits {
  const after = edits.future.at(-1);
  if (after === undefined) return edits;
  return {
    changes: after,
    past: [...edits.past, edits.changes],
    future: edits.future.slice(0, -1),
    typing: null,
  };
}

/** `changes` with another text at `path` (null: removed); what is as it was is no change. */
export function withText(
  changes: Changes,
  original: string | null,
  { path, text }: { readonly path: string; readonly text: string | null },
): Changes {
  const { [path]: _, ...others } = changes;
  return text === original ? others : { ...others, [path]: text };
}

/** The texts that differ between two states of changes. */
export function changedPaths(left: Changes, right: Changes): readonly string[] {
  const paths = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...paths].filter((path) => left[path] !== right[path]);
}

/** Whether two states of changes make the same texts. */
export function isSame(left: Changes, right: Changes): boolean {
  return changedPaths(left, right).length === 0;
}

/** A text of the scenario as the reader has it now. */
export interface EditedText extends JourneyFile {
  /** The text without changes; null for one that was added. */
  readonly original: string | null;
}

/**
 * The texts as they are with `changes`, the added ones last. `checked` knows language, title and what
 * the programs say of them, as far as it has been asked.
 */
export function editedTexts(
  originals: readonly JourneyFile[],
  changes: Changes,
  checked: readonly JourneyFile[],
): readonly EditedText[] {
  const known = new Map(checked.map((file) => [file.path, file]));
  const kept = originals.flatMap((file): EditedText[] => {
    const text = changes[file.path] === undefined ? file.text : changes[file.path];
    if (text === null) return [];
    const { title, diagnostics } = known.get(file.path) ?? { ...file, diagnostics: [] };
    return [{ ...file, title, diagnostics, text, original: file.text }];
  });
  const paths = new Set(originals.map(({ path }) => path));
  const added = Object.entries(changes).flatMap(([path, text]): EditedText[] => {
    if (text === null || paths.has(path)) return [];
    const { title, language, diagnostics } = known.get(path) ?? guessed(path);
    return [{ path, title, language, diagnostics, text, original: null }];
  });
  return [...kept, ...added];
}

/** What a text is taken for until the worker has said it. */
function guessed(path: string): Pick<JourneyFile, "title" | "language" | "diagnostics"> {
  const language = path.endsWith(".py") ? "python" : path.includes("nginx") ? "nginx" : "text";
  return { title: path, language, diagnostics: [] };
}
