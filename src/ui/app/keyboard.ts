// Keys drive everything, unless the reader is typing, a dialog is open, or the thing that has the focus
// wants the key itself.
import { useEffect } from "react";
import { type CommandContext, commands, isCharacterKey, perform, pressedKey } from "./commands.ts";

/** Controls that use arrows, Home, End or Space themselves. */
const OWN_KEYS = "input, textarea, select, [role=tab], [role=slider], [contenteditable]";
/** Where a letter is text, or chooses; a slider has no use for letters. */
const TYPED_INTO = "input:not([type=range]), textarea, select";
const PRESSED_BY_SPACE = "button, summary, a[href], [role=button]";

/** Listens while the component that calls it is shown. */
export function useKeyboard(context: CommandContext): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!isOurs(event, context)) return;
      const command = commands.find(({ keys }) => keys.includes(pressedKey(event)));
      if (command === undefined) return;
      event.preventDefault();
      perform(command, context);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [context]);
}

function isOurs(event: KeyboardEvent, { session }: CommandContext): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (session.view.getState().dialog !== null) return false;
  if (isCharacterKey(event.key) && !session.settings.getState().characterKeys) return false;
  const target = event.target;
  if (!(target instanceof Element)) return true;
  if (target.closest(TYPED_INTO) !== null) return false;
  if (target.closest(OWN_KEYS) !== null) return isCharacterKey(event.key);
  return !(event.key === " " && target.closest(PRESSED_BY_SPACE) !== null);
}
