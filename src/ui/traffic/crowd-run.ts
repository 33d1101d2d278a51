// The run of traffic of a session: made when the screen is first opened, kept while the reader looks into
// one of its requests, and bound to the link and the keys.
import type { RunSpec } from "../../worker/protocol.ts";
import type { TrafficRunSpec } from "../../worker/traffic-protocol.ts";
import type { Session } from "../session/session.ts";
import { createTrafficClient } from "../session/traffic-client.ts";
import { type LinkedRun, packTraffic, unpackTraffic } from "../session/traffic-link.ts";
import { createTrafficRun, type TrafficRun } from "../session/traffic-run.ts";
import { firstChartsOf } from "./panel/lesson-trials.ts";

const runs = new WeakMap<Session, TrafficRun>();
/** The spec of the scenario that each run was begun for; its own may have changed since. */
const followed = new WeakMap<TrafficRun, string>();

/** How far an arrow key goes, in nanoseconds of simulated time. */
const STEP_NS = 1e9;

/** The session's run, made at the first call. */
export function crowdRunOf(session: Session): TrafficRun {
  const known = runs.get(session);
  if (known !== undefined) return known;
  const client = createTrafficClient(session.trafficPort());
  const run = createTrafficRun({ client, frames: session.frames });
  runs.set(session, run);
  bindLink(session, run);
  session.crowd.setState({ steer: (command) => steer(run, command) });
  return run;
}

/** The link follows a run that rests; a run that goes on would change it all the time. */
function bindLink(session: Session, run: TrafficRun): void {
  session.crowd.setState({
    describe: () => {
      const { spec, changes, pinnedRun } = run.store.getState();
      const taken = changes.map(({ atNs, change }) => ({ atNs, change }));
      const timeNs = run.frame()?.timeNs ?? 0;
      return packTraffic({
        ...linkedRun(session, spec === null ? null : { ...spec, changes: taken }, timeNs),
        pinned: pinnedRun === null ? null : linkedRun(session, pinnedRun.spec, pinnedRun.timeNs),
        opened: session.crowd.getState().opened,
      });
    },
  });
  run.store.subscribe(({ isPlaying, results }) => {
    const isRest = !isPlaying && results !== null && results.timeNs === run.frame()?.timeNs;
    const hash = isRest ? results.hash : null;
    if (hash !== session.crowd.getState().hash) session.crowd.setState({ hash });
  });
  run.store.subscribe((now, before) => {
    if (now.isPlaying || now.status !== "ready") return;
    const isSame =
      now.version === before.version &&
      now.changes === before.changes &&
      now.pinnedRun === before.pinnedRun;
    if (!isSame) session.crowd.setState(({ version }) => ({ version: version + 1 }));
  });
}

/** What a link says of a run: what it has beside the session's scenario. */
function linkedRun(session: Session, spec: TrafficRunSpec | null, timeNs: number): LinkedRun {
  const plain = session.run.getState().spec?.files ?? {};
  return {
    changes: spec?.changes ?? [],
    files: ownFiles(spec?.run.files ?? {}, plain),
    seed: spec?.run.seed ?? null,
    timeNs,
  };
}

/** The texts that the run has beside those of the session's scenario. */
function ownFiles(files: RunSpec["files"], before: RunSpec["files"]): RunSpec["files"] {
  return Object.fromEntries(Object.entries(files).filter(([path, text]) => before[path] !== text));
}

function steer(run: TrafficRun, command: string): void {
  const frame = run.frame();
  if (frame === null) return;
  const moves: Readonly<Record<string, number>> = {
    next: frame.timeNs + STEP_NS,
    back: frame.timeNs - STEP_NS,
    start: 0,
    end: frame.knownNs,
  };
  if (command === "play") run.play(!run.store.getState().isPlaying);
  else if (command === "restart") void run.restart();
  else if (moves[command] !== undefined)
    void run.seek(Math.max(0, Math.min(frame.endNs, moves[command])));
}

/** Lets the run be the one of the session's scenario, or the one that a link wants. */
export async function followScenario(session: Session, run: TrafficRun): Promise<void> {
  const { spec } = session.run.getState();
  if (spec === null) return;
  const { wanted, wantedStep } = session.crowd.getState();
  const isFollowed = followed.get(run) === JSON.stringify(spec);
  followed.set(run, JSON.stringify(spec));
  if (wanted === null) {
    if (isFollowed) return;
    showChartsOf(session, spec);
    await startNew(run, spec);
    return;
  }
  showChartsOf(session, spec);
  session.crowd.setState({ wanted: null, wantedStep: null });
  const { link, losses } = unpackTraffic(wanted);
  if (losses.length > 0) session.run.setState((now) => ({ losses: [...now.losses, ...losses] }));
  if (link.pinned !== null) {
    await make(run, spec, link.pinned);
    await run.pin();
  }
  await make(run, spec, link);
  if (link.opened === null) return;
  const { told, request } = await run.open(link.opened);
  session.show(told, request, wantedStep);
}

/** The charts that show what the scenario is about. */
function showChartsOf(session: Session, { scenario, own }: RunSpec): void {
  session.view.setState({ charts: firstChartsOf(own === undefined ? scenario : "") });
}

/** Runs a run of a link up to its moment. */
async function make(run: TrafficRun, spec: RunSpec, linked: LinkedRun): Promise<void> {
  const seed = linked.seed ?? spec.seed;
  const files = { ...spec.files, ...linked.files };
  await run.start({ run: { ...spec, seed, files }, traffic: null, changes: linked.changes });
  await run.seek(linked.timeNs);
}

async function startNew(run: TrafficRun, spec: RunSpec): Promise<void> {
  await run.start({ run: spec, traffic: null, changes: [] });
  run.play(true);
}
