// Plays nginx in front of scripted upstreams, for the tests of its upstream side.
import { expect } from "vitest";
import type { RequestObservation } from "../../../../src/simulation/observation.ts";
import { observeScenario } from "../../../../src/simulation/observe-scenario.ts";
import { checkScenario } from "../../../../src/simulation/read-scenario.ts";

export interface Play {
  /** Inside http, before the server. */
  readonly http?: string;
  /** Inside `location /`. */
  readonly location: string;
  /** Further locations. */
  readonly server?: string;
  /** What each port answers: texts to send, milliseconds to wait, "RST". */
  readonly upstreams?: Readonly<Record<number, readonly (string | number)[]>>;
  readonly files?: Readonly<Record<string, string>>;
  /** A URL path, or a whole action. */
  readonly timeline: readonly (string | Readonly<Record<string, unknown>>)[];
}

/** The observations of the requests, in order. Plain paths are requested a second apart. */
export function play(options: Play): readonly RequestObservation[] {
  const conf = `user www-data; error_log /var/log/nginx/error.log info; events {}
    http { ${options.http ?? ""} server { listen 80; server_name example.com; ${options.server ?? ""}
    location / { ${options.location} } } }`;
  const scripts = Object.entries(options.upstreams ?? {}).map(
    ([port, script]) => `tcp-script 127.0.0.1:${port} ${JSON.stringify(script)}`,
  );
  const timeline = options.timeline.map((item, i) =>
    typeof item === "string"
      ? { at: i * 1000, request: { url: `http://example.com${item}` } }
      : item,
  );
  const checked = checkScenario({
    format: 1,
    name: "test",
    files: { "/etc/nginx/nginx.conf": conf, ...options.files },
    processes: [...scripts, "nginx"],
    timeline,
  });
  if (!checked.ok) expect(checked.problems).toEqual([]);
  return checked.ok ? observeScenario(checked.scenario).requests : [];
}

/** A whole HTTP answer. */
export function answer(body: string, headers: readonly string[] = [], status = "200 OK"): string {
  return [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${body.length}`, "", body].join(
    "\r\n",
  );
}

/** The parts of an observation that tell where an answer came from. */
export function outcome(request: RequestObservation): string {
  const { nginx } = request;
  const parts = [request.status, nginx?.upstreamAddr, nginx?.upstreamStatus, nginx?.cacheStatus];
  return parts.filter((part) => part !== undefined).join(" ");
}
