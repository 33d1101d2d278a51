// Traffic: the stage with a crowd on it, the run's transport and charts below, and the panel beside. The
// run itself is the session's and lives on while one of its requests is looked at in Journey.
import "../styles/traffic.css";
import "../styles/traffic-rooms.css";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { Loading } from "../app/Loading.tsx";
import {
  useJourney,
  useMedia,
  useRun,
  useSession,
  useView,
  useWindowWidth,
} from "../app/session-context.ts";
import type { TrafficRun } from "../session/traffic-run.ts";
import { Charts } from "./charts/Charts.tsx";
import { type ChartId, chartIds } from "./charts/chart-series.ts";
import { crowdRunOf, followScenario } from "./crowd-run.ts";
import { clockText } from "./numbers.ts";
import { PresentedRun } from "./PresentedRun.tsx";
import { LessonHead } from "./panel/LessonHead.tsx";
import { TrafficPanel } from "./panel/TrafficPanel.tsx";
import { BrokenList } from "./stage/BrokenList.tsx";
import { TrafficStage } from "./stage/TrafficStage.tsx";
import { TrafficTransport } from "./TrafficTransport.tsx";
import { useTraffic } from "./traffic-context.ts";

const TrafficFiles = lazy(() =>
  import("./files/TrafficFiles.tsx").then((m) => ({ default: m.TrafficFiles })),
);

export function TrafficScreen() {
  const session = useSession();
  const journey = useJourney();
  const isReady = useRun(({ status }) => status === "ready");
  const run = useMemo(() => crowdRunOf(session), [session]);
  const isStill = useMedia("(prefers-reduced-motion: reduce)");
  const isNarrow = useMedia("(max-width: 859px)");
  const isPresenting = useView((view) => view.isPresenting);
  const isFilesOpen = useView((view) => view.file !== null) && !isPresenting;
  const textScale = useTextScale(isPresenting);
  const [opening, setOpening] = useState<number | null>(null);
  const version = useRun((state) => state.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new scenario to follow.
  useEffect(() => {
    if (isReady) void followScenario(session, run);
  }, [session, run, isReady, version]);
  useEffect(() => () => run.play(false), [run]);

  const onOpen = useCallback(
    (request: number) => {
      run.play(false);
      setOpening(request);
      run
        .open(request)
        .then((opened) => session.show(opened.told, opened.request, null))
        .catch((error: Error) => run.store.setState({ notice: error.message, isRefused: true }))
        .finally(() => setOpening(null));
    },
    [run, session],
  );

  if (journey === null) return <Loading />;
  const lesson = journey.scenario;
  return (
    <div className={`traffic ${isFilesOpen ? "is-files-open" : ""}`}>
      {isFilesOpen && (
        <Suspense fallback={<section className="files" aria-label="Files" />}>
          <TrafficFiles run={run} />
        </Suspense>
      )}
      <section className="stage-area" aria-label="The requests on their way">
        <BrokenList run={run} />
        <TrafficStage
          {...{ run, journey, isStill, onOpen }}
          frames={session.frames}
          textScale={textScale}
        />
        <RunNotice run={run} />
      </section>
      {isPresenting && <PresentedRun run={run} journey={journey} />}
      {!isPresenting && isNarrow && <LessonHead run={run} lesson={lesson} />}
      <div className="traffic-below">
        <TrafficTransport run={run} />
        <RunCharts run={run} textScale={textScale} />
      </div>
      {!isPresenting && (
        <TrafficPanel {...{ run, onOpen, opening }} lesson={isNarrow ? null : lesson} />
      )}
      <SpokenRun run={run} />
    </div>
  );
}

/** The stage's usual type is 12 units; an audience gets at least 24 pixels of a 1920 pixel screen. */
const PRESENTED_SCALE = 2;

/** How much larger than usual things are drawn: for an audience in proportion to the window. */
function useTextScale(isPresenting: boolean): number {
  const width = useWindowWidth();
  return isPresenting ? Math.max(1.01, (PRESENTED_SCALE * width) / 1920) : 1;
}

/** The axis of time is at least this long, in seconds. */
const AXIS_SECONDS_MIN = 10;

interface RunChartsProps {
  readonly run: TrafficRun;
  readonly textScale: number;
}

function RunCharts({ run, textScale }: RunChartsProps) {
  const session = useSession();
  const shown = useView((view) => view.charts);
  const version = useTraffic(run, (state) => state.version);
  const results = useTraffic(run, (state) => state.results);
  const pinned = useTraffic(run, (state) => state.pinned);
  // The last stretch is still filling; it is drawn when the run is over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version means new stretches.
  const buckets = useMemo(() => {
    const all = run.buckets();
    return run.frame()?.done === true ? [...all] : all.slice(0, -1);
  }, [run, version]);
  const endNs = run.frame()?.endNs ?? 0;
  return (
    <Charts
      shown={chartIds.filter((id) => shown.includes(id))}
      onShow={(charts: readonly ChartId[]) => session.view.setState({ charts })}
      {...{ buckets, results, pinned, textScale }}
      endSeconds={Math.max(AXIS_SECONDS_MIN, endNs / 1e9)}
      onSeek={(seconds) => void run.seek(seconds * 1e9)}
    />
  );
}

/** Why nothing moves, when nothing does. */
function RunNotice({ run }: { readonly run: TrafficRun }) {
  const failure = useTraffic(run, (state) => state.failure);
  const problems = useTraffic(run, (state) => state.problems);
  const goalNs = useTraffic(run, (state) => state.runningToNs);
  const isStarting = useTraffic(run, (state) => state.status === "starting");
  const sentences = failure === null ? problems : [failure];
  if (isStarting) return <p className="run-notice quiet">Starting the servers…</p>;
  if (goalNs !== null && failure === null)
    return <p className="run-notice quiet">Running to {clockText(goalNs / 1e9)}…</p>;
  if (sentences.length === 0) return null;
  return (
    <div className="run-notice" role="alert">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}

/** What the run has come to, for those who listen: when it rests, not while it goes on. */
function SpokenRun({ run }: { readonly run: TrafficRun }) {
  const isPlaying = useTraffic(run, (state) => state.isPlaying);
  const results = useTraffic(run, (state) => state.results);
  const notice = useTraffic(run, (state) => state.notice);
  const summary =
    isPlaying || results === null
      ? ""
      : `${Math.round(results.timeNs / 1e9)} seconds: ${results.counters.arrived} requests, ` +
        `half answered within ${Math.round(results.latencyMs.p50)} milliseconds, ` +
        `99 percent within ${Math.round(results.latencyMs.p99)}.`;
  return (
    <p className="is-unseen" aria-live="polite" data-testid="spoken-run">
      {notice ?? ""} {summary}
    </p>
  );
}
