// One server block and some raw requests to it: how the measured tests ask what was asked of the real nginx.
import { observeScenario } from "../../../src/simulation/observe-scenario.ts";
import type { ScenarioFile } from "../../../src/simulation/scenario.ts";

const LOG = "$request|$status|$body_bytes_sent|$uri|$args|$http_x_a|$server_name|$request_length";

interface Asked {
  readonly server: string;
  readonly http?: string;
  readonly files?: Readonly<Record<string, ScenarioFile>>;
  readonly requests: readonly string[];
  /** What a script answers behind 127.0.0.1:9001. */
  readonly upstream?: readonly (string | number)[];
}

/** Plays the requests, 200 ms apart. `errors` are the error log's texts for each, without those of level info. */
export function asked({ server, http = "", files = {}, requests, upstream }: Asked) {
  const script = upstream && `tcp-script 127.0.0.1:9001 ${JSON.stringify(upstream)}`;
  const observation = observeScenario({
    format: 1,
    name: "measured",
    files: {
      "/etc/nginx/nginx.conf": `error_log /var/log/nginx/error.log info; events {}
http { log_format all '${LOG}'; access_log /var/log/nginx/access.log all; ${http}
server { listen 80; server_name a.example; root /srv; ${server} } }
`,
      ...files,
    },
    processes: script === undefined ? ["nginx"] : [script, "nginx"],
    timeline: requests.map((raw, i) => ({
      at: i * 200,
      request: { url: "http://a.example/", raw, ip: "127.0.0.1" },
    })),
  });
  const errors = observation.requests.map(({ nginx }) =>
    (nginx?.errorLog ?? [])
      .filter((line) => !line.startsWith("[info]"))
      .map((line) => line.replace(/(?: while [a-z ]+)?, client: .*/s, "")),
  );
  return { ...observation, errors };
}

/** A GET of a.example with these header lines. */
export const get = (target: string, headers = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: a.example\r\n${headers}\r\n`;
