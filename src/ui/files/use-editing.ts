// The editing of a session, made when the drawer is first opened, and a hook that reads it.
import { useStore } from "zustand";
import { useSession } from "../app/session-context.ts";
import type { DraftStorage } from "../session/drafts.ts";
import { createEditing, type Editing, type EditingState } from "../session/editing.ts";
import type { Session } from "../session/session.ts";

const editings = new WeakMap<Session, Editing>();

/** A browser that refuses storage is one that keeps nothing. */
function storageOfBrowser(): DraftStorage {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
}

/** The editing of `session`. */
export function editingOf(session: Session): Editing {
  let editing = editings.get(session);
  if (editing === undefined) {
    editing = createEditing({
      session,
      storage: storageOfBrowser(),
      later: (task, delayMs) => {
        const timer = setTimeout(task, delayMs);
        return () => clearTimeout(timer);
      },
      nowMs: () => Date.now(),
    });
    editings.set(session, editing);
  }
  return editing;
}

export function useEditing(): Editing {
  return editingOf(useSession());
}

export function useEditingState<T>(selector: (state: EditingState) => T): T {
  return useStore(useEditing().state, selector);
}
