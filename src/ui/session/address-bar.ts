// Keeps the address bar's link the same as the screen, so that reload restores it, and follows a link
// that the reader pastes or edits there. Stepping replaces the entry: Back leaves the page, as expected.
import { LINK_CHARACTERS_MAX } from "./link-bytes.ts";
import type { Session } from "./session.ts";

const WRITE_DELAY_MS = 200;

/** The browser's parts that are used; a test gives its own. */
export interface AddressBar {
  fragment(): string;
  replace(fragment: string): void;
  onChange(listener: () => void): void;
  /** Runs `task` after `delayMs`; the returned function takes it back. */
  later(task: () => void, delayMs: number): () => void;
}

/** Binds `session` to the address bar. */
export function bindAddressBar(session: Session, bar: AddressBar): void {
  let cancel: (() => void) | null = null;
  let known = bar.fragment();

  async function write(): Promise<void> {
    if (session.run.getState().status !== "ready") return;
    const fragment = await session.link();
    // Another link may have come while this one was made: it is about to be followed.
    if (bar.fragment() !== known || fragment.length > LINK_CHARACTERS_MAX) return;
    bar.replace(fragment);
    known = bar.fragment();
  }

  function changed(): void {
    cancel?.();
    cancel = bar.later(() => void write(), WRITE_DELAY_MS);
  }

  session.playhead.subscribe((now, before) => {
    if (now.step !== before.step) changed();
  });
  session.view.subscribe(changed);
  session.run.subscribe((now, before) => {
    if (now.version !== before.version) changed();
  });
  session.crowd.subscribe((now, before) => {
    if (now.version !== before.version) changed();
  });
  bar.onChange(() => {
    cancel?.();
    known = bar.fragment();
    void session.openLink(known);
  });
}
