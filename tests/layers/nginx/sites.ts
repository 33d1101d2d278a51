// Small sites for the tests: a configuration, some files, some requests, and what comes out.

import type { Observation, RequestObservation } from "../../../src/simulation/observation.ts";
import { observeScenario } from "../../../src/simulation/observe-scenario.ts";
import type { Action, ScenarioFile } from "../../../src/simulation/scenario.ts";

/** Debian's frame around one http block. */
export function httpConfig(http: string, main = ""): string {
  return `user www-data;\nworker_processes 1;\n${main}
error_log /var/log/nginx/error.log;
events { worker_connections 768; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /var/log/nginx/access.log;
${http}
}
`;
}

export function siteConfig(server: string): string {
  return httpConfig(`server { listen 80; server_name example.com;\n${server}\n}`);
}

export interface Site {
  readonly config: string;
  readonly files?: Readonly<Record<string, ScenarioFile>>;
  readonly actions: readonly Action[];
  readonly settle?: number;
}

/** Plays actions against nginx alone. */
export function play({ config, files = {}, actions, settle }: Site): Observation {
  return observeScenario({
    format: 1,
    name: "test",
    files: { "/etc/nginx/nginx.conf": config, ...files },
    processes: ["nginx"],
    timeline: actions,
    ...(settle !== undefined && { settle }),
  });
}

/** Asks a site for these URLs or raw requests, one after the other. */
export function ask(
  site: Omit<Site, "actions">,
  ...asked: readonly (string | object)[]
): readonly RequestObservation[] {
  const actions = asked.map((one, i): Action => {
    const request = typeof one === "string" ? { url: `http://example.com${one}` } : one;
    return { at: i * 20, request: { url: "http://example.com/", ...request } };
  });
  return play({ ...site, actions }).requests;
}

export function headerOf(answer: RequestObservation, name: string): string | undefined {
  return answer.headers.find(([key]) => key === name)?.[1];
}
