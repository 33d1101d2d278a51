import { expect, test } from "vitest";
import { createRun, playRun } from "../../../src/simulation/run.ts";
import { siteConfig } from "./sites.ts";

test("a run that goes back to a keyframe takes the same way again", () => {
  const config = siteConfig(`root /var/www; server_name ~^(?<who>.+)$;
    location / { try_files $uri @app; } location @app { return 200 "$who $1"; }`);
  const actions = Array.from({ length: 6 }, (_, i) => ({
    at: i * 10,
    request: { url: `http://example.com/${i % 2 === 0 ? "a.txt" : "none"}`, keepalive: true },
  }));
  const scenario = {
    format: 1 as const,
    name: "keyframe",
    files: { "/etc/nginx/nginx.conf": config, "/var/www/a.txt": "a" },
    processes: ["nginx"],
    timeline: [...actions, { at: 70, shell: "kill -HUP nginx" }],
  };
  const run = createRun(scenario);
  for (let steps = 0; steps < 60; steps++) run.sim.step();
  const keyframe = run.sim.keyframe();
  playRun(run);
  const first = [run.sim.journal.hash, run.sim.eventCount];
  run.sim.restore(keyframe);
  playRun(run);
  expect([run.sim.journal.hash, run.sim.eventCount]).toEqual(first);
});
