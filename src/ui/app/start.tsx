// Puts a session on the screen: the stores, the address bar, and the first journey.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createFrames } from "../playback/frames.ts";
import { bindAddressBar } from "../session/address-bar.ts";
import type { JourneyClient } from "../session/journey-client.ts";
import { createSession } from "../session/session.ts";
import { App } from "./App.tsx";

/** Shows the app in `root`; the fragment of the address says what to open. */
export function startApp(root: Element, client: JourneyClient): void {
  const session = createSession({
    client,
    storage: localStorage,
    frames: createFrames((callback) => requestAnimationFrame(callback)),
  });
  bindAddressBar(session, {
    fragment: () => location.hash,
    replace: (fragment) => history.replaceState(null, "", fragment),
    onChange: (listener) => addEventListener("hashchange", listener),
    later: (task, delayMs) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  });
  createRoot(root).render(
    <StrictMode>
      <App session={session} />
    </StrictMode>,
  );
  void session.openLink(location.hash);
}
