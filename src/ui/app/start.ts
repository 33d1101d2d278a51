// A session on the browser's own parts: storage, frames, the address bar, and the first journey.
import { createFrames } from "../playback/frames.ts";
import { bindAddressBar } from "../session/address-bar.ts";
import type { JourneyClient } from "../session/journey-client.ts";
import { createSession, type Session } from "../session/session.ts";
import type { TrafficPort } from "../session/traffic-client.ts";

/** Until anything is fetched that the first step can do without: it is drawn by then on a slow telephone. */
export const TIME_TO_LOOK_MS = 1500;

/** Starts a session; the fragment of the address says what to open. */
export function startSession(client: JourneyClient, trafficPort: () => TrafficPort): Session {
  const session = createSession({
    client,
    trafficPort,
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
  void session.openLink(location.hash).then(() => setTimeout(session.list, TIME_TO_LOOK_MS));
  return session;
}
