// Mounts the app. The worker is started first: it loads while React does.
import { startApp } from "./ui/app/start.tsx";
import { createJourneyClient } from "./ui/session/journey-client.ts";
import "./ui/styles/index.css";

const worker = new Worker(new URL("./worker/entry.ts", import.meta.url), { type: "module" });
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root.");

startApp(root, createJourneyClient(worker));
