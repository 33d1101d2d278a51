// The waterfall: when which layer worked on a request. Between two steps of a request the time belongs
// to the layer of the first, unless the next step plays at the other end of the network: then it was
// on its way. Gunicorn and Django enclose what runs inside them, so their bars span from their first
// step to their last.
import type { LayerId } from "../layers/layer.ts";
import type { Step, TimingBar } from "./journey.ts";

type Lane = TimingBar["lane"];

const LANE: Readonly<Record<LayerId, Lane | null>> = {
  browser: "Browser",
  dns: "DNS",
  tcp: "Network",
  tls: "Network",
  http2: "Network",
  nginx: "Nginx",
  gunicorn: "Gunicorn",
  uwsgi: "Gunicorn",
  django: "Django",
  database: "Database",
  supervisor: null,
  host: null,
};

const ENCLOSING: ReadonlySet<Lane> = new Set<Lane>(["Gunicorn", "Django"]);

/** The bars of all requests, in order of their beginning. */
export function barsOf(steps: readonly Step[]): TimingBar[] {
  const requests = [...new Set(steps.map((step) => step.request))].filter(
    (request) => request >= 0,
  );
  const bars = requests.flatMap((request) =>
    barsOfRequest(steps.filter((step) => step.request === request)),
  );
  return bars.sort((left, right) => left.fromNs - right.fromNs);
}

function barsOfRequest(steps: readonly Step[]): TimingBar[] {
  const bars: TimingBar[] = [];
  for (const lane of ENCLOSING) {
    const own = steps.filter((step) => LANE[step.layer] === lane);
    if (own.length > 0) bars.push(bar(lane, own[0], own[own.length - 1].timeNs));
  }
  let open: TimingBar | null = null;
  steps.forEach((step, i) => {
    const lane = laneUntil(step, steps[i + 1]);
    const end = steps[i + 1]?.timeNs ?? step.timeNs;
    if (lane === null || ENCLOSING.has(lane)) {
      open = null;
      return;
    }
    if (open !== null && open.lane === lane) {
      open = { ...open, toNs: end };
      bars[bars.length - 1] = open;
      return;
    }
    open = bar(lane, step, end);
    bars.push(open);
  });
  return bars;
}

/** Less than this is no journey over a network: loopback delivers within tens of microseconds. */
const TRAVEL_NS = 1e6;
const NETWORK: ReadonlySet<LayerId> = new Set<LayerId>(["tcp", "tls", "http2"]);

/** Whose time it is until the next step: the network's, when the next step is something arriving. */
function laneUntil(step: Step, next: Step | undefined): Lane | null {
  const lane = LANE[step.layer];
  if (next === undefined || next.layer === step.layer || next.timeNs - step.timeNs < TRAVEL_NS)
    return lane;
  if (step.layer === "dns" || next.layer === "dns") return lane;
  const crosses = (step.layer === "browser") !== (next.layer === "browser");
  return crosses || NETWORK.has(next.layer) ? "Network" : lane;
}

function bar(lane: Lane, step: Step, toNs: number): TimingBar {
  return {
    lane,
    layer: step.layer,
    fromNs: step.timeNs,
    toNs,
    label: step.title,
    request: step.request,
  };
}
