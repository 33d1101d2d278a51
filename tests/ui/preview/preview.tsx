// The app on the fixture journey, for looking at it without the engine.
import { createRoot } from "react-dom/client";
import { App } from "../../../src/ui/app/App.tsx";
import { startSession } from "../../../src/ui/app/start.ts";
import type { JourneyClient } from "../../../src/ui/session/journey-client.ts";
import "../../../src/ui/styles/index.css";
import { fixtureJourney } from "../fixtures/journey.ts";

const client: JourneyClient = {
  catalog: () => {
    const { id, title, sentence } = fixtureJourney().scenario;
    return Promise.resolve({ scenarios: [{ id, title, sentence }], machines: [] });
  },
  run: () => Promise.resolve({ journey: fixtureJourney(), transcript: "" }),
};
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App session={startSession(client)} />);
