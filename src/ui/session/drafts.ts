// Changes that were typed and perhaps never run, kept in this browser for each scenario, so that a
// reload or a crash loses nothing. What is kept is read as if anybody had written it: it is checked and
// bounded, and what cannot be read is as if it were not there.
import type { Changes } from "../../simulation/edited-scenario.ts";
import type { RunSpec } from "../../worker/protocol.ts";

/** The part of Storage that is used; a browser may refuse it. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "roundtrip.draft.";
/** Browsers give a site about five million characters in all. */
export const DRAFT_CHARACTERS_MAX = 1_000_000;
const TEXTS_MAX = 200;

/** Names the scenario whose changes are kept: the library's by its id, one's own by its text. */
export function draftKey({ scenario, own }: Pick<RunSpec, "scenario" | "own">): string {
  return `${PREFIX}${own === undefined ? scenario : `${scenario}.${shortHash(own)}`}`;
}

/** FNV-1a, to tell one text from another. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** Keeps `changes`, or forgets what was kept when there are none. False when there is no room. */
export function keepDraft(storage: DraftStorage, key: string, changes: Changes): boolean {
  try {
    if (Object.keys(changes).length === 0) {
      storage.removeItem(key);
      return true;
    }
    const text = JSON.stringify({ v: 1, changes });
    if (text.length > DRAFT_CHARACTERS_MAX) return false;
    storage.setItem(key, text);
    return true;
  } catch {
    // A private window may forbid storage, or it is full.
    return false;
  }
}

/** The changes kept under `key`, or null. Never throws. */
export function readDraft(storage: DraftStorage, key: string): Changes | null {
  try {
    const text = storage.getItem(key);
    if (text === null || text.length > DRAFT_CHARACTERS_MAX) return null;
    const { v, changes } = JSON.parse(text) as { readonly v?: unknown; readonly changes?: unknown };
    return v === 1 && isChanges(changes) ? changes : null;
  } catch {
    return null;
  }
}

function isChanges(value: unknown): value is Changes {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const texts = Object.values(value);
  const areTexts = texts.every((text) => text === null || typeof text === "string");
  return texts.length > 0 && texts.length <= TEXTS_MAX && areTexts;
}
