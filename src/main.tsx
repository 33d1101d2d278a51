// Mounts the app. The worker is started first: it loads while React does.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./ui/app/App.tsx";
import { startSession } from "./ui/app/start.ts";
import { createJourneyClient } from "./ui/session/journey-client.ts";
import "./ui/styles/index.css";

const client = createJourneyClient({
  start: () => new Worker(new URL("./worker/entry.ts", import.meta.url), { type: "module" }),
  later: (task, delayMs) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
});
const trafficPort = () =>
  new Worker(new URL("./worker/traffic-entry.ts", import.meta.url), { type: "module" });
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root.");

createRoot(root).render(
  <StrictMode>
    <App session={startSession(client, trafficPort)} />
  </StrictMode>,
);
