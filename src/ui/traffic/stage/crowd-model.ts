// What the boxes of the stage show while a crowd is on its way, gathered from a frame of the run. The
// boxes are those of a journey; what one request would show is left empty.
import type { Journey, Scene, WorkerView } from "../../../simulation/journey.ts";
import type { HitCount } from "../../../simulation/traffic/gauges.ts";
import type { TrafficResults } from "../../../simulation/traffic/results.ts";
import type { TrafficFrame } from "../../../worker/traffic-protocol.ts";
import type { BoxModel, BrowserTiming } from "../../diagram/model.ts";
import { countText, shortNumber } from "../numbers.ts";
import { connectionsMax } from "./dot-places.ts";

export interface CrowdFacts {
  readonly journey: Journey;
  readonly frame: TrafficFrame;
  readonly results: TrafficResults | null;
  /** Requests a second of the last stretch of time; null before the first. */
  readonly rate: number | null;
  readonly isCompact: boolean;
}

const nobody: Scene["token"] = { at: "browser", from: "browser", label: "", direction: "request" };

/** The boxes' model for a moment of the run. */
export function crowdModel(facts: CrowdFacts): BoxModel {
  const { journey } = facts;
  const url = journey.requests[0]?.url ?? "";
  return {
    stage: journey.stage,
    scene: crowdScene(facts),
    clientName: "Clients",
    url: url.replace(/^(https?:\/\/[^/]+).*$/, "$1"),
    outcome: null,
    timings: timingsOf(facts),
    ladder: [],
    asked: new Set(),
    servingWorker: null,
  };
}

function crowdScene({ journey, frame, rate, isCompact }: CrowdFacts): Scene {
  const last = journey.steps[journey.steps.length - 1]?.scene;
  const { server } = frame;
  const nginx = lengthOf(frame, "nginx connections");
  const connections = frame.queues.find(({ id }) => id === "database connections");
  const queue = frame.queues.find(({ id }) => id === "accept queue");
  return {
    token: nobody,
    status: {
      browser:
        rate === null ? "" : `${shortNumber(rate)}${isCompact ? "/s" : " requests a second"}`,
      nginx: server.nginxWorkers.length === 0 ? "not running" : `${countText(nginx)} open`,
      tls: "TLS 1.3",
      dns: hitText(frame.hits.dns, "from the cache"),
    },
    open: "browser",
    dns: [],
    nginx: {
      phases: (last?.nginx.phases ?? []).map(({ name }) => ({
        ...{ name, state: "to come" as const },
        detail: name === "content" ? hitText(frame.hits.nginx, "hit") : "",
      })),
      workers: server.nginxWorkers.map((pid) => ({ pid, role: "worker", state: "" })),
    },
    gunicorn: {
      arbiter: server.arbiter === null ? null : { pid: server.arbiter, role: "arbiter", state: "" },
      workers: frame.workers.map(workerView),
      queued: queue?.length ?? 0,
      queueMax: queue?.max ?? 0,
    },
    django: { middleware: [], inside: [] },
    database: {
      connections: connections?.length ?? 0,
      connectionsMax: connectionsMax(frame),
      query: null,
    },
    supervisor: server.units,
  };
}

/** "99.6 % from the cache"; nothing before anybody has asked. */
function hitText({ hits, asked }: HitCount, words: string): string {
  return asked === 0 ? "" : `${shortNumber((100 * hits) / asked)} % ${words}`;
}

function workerView(worker: TrafficFrame["workers"][number], i: number): WorkerView {
  return {
    ...{ number: i + 1, pid: worker.pid, role: "worker", state: worker.state },
    ...{ request: -1, heartbeatNs: 0, timeoutNs: 0, busy: worker.state === "busy" },
  };
}

function lengthOf(frame: TrafficFrame, id: TrafficFrame["queues"][number]["id"]): number {
  return frame.queues.find((gauge) => gauge.id === id)?.length ?? 0;
}

/** The browser's list of times shows percentiles here. */
function timingsOf({ results }: CrowdFacts): readonly BrowserTiming[] {
  if (results === null || results.counters.answered + results.counters.failed === 0) return [];
  const { p50, p95, p99 } = results.latencyMs;
  const rows = [
    ["half within", p50],
    ["95 % within", p95],
    ["99 % within", p99],
  ] as const;
  return rows.map(([label, ms]) => ({
    ...{ label, layer: "browser", state: "done", durationNs: ms * 1e6 },
  }));
}
