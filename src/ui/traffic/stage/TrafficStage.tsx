// The stage with a crowd on it: the same boxes as in a journey, filled from the run's last frame, and the
// requests as dots over them. The boxes are drawn anew a few times a second, the dots in every frame.
import { useMemo, useRef } from "react";
import type { Journey } from "../../../simulation/journey.ts";
import type { TimeBucket } from "../../../simulation/traffic/time-series.ts";
import { WORLD } from "../../diagram/arrangements.ts";
import { BrowserBox } from "../../diagram/BrowserBox.tsx";
import { compactCrowd, wideCrowd } from "../../diagram/crowd-arrangement.ts";
import { DnsBox } from "../../diagram/DnsBox.tsx";
import { Links } from "../../diagram/Links.tsx";
import { NginxBox } from "../../diagram/NginxBox.tsx";
import { DatabaseBox, DiskBox, ServerBox, SupervisorBox } from "../../diagram/SmallBoxes.tsx";
import type { Frames } from "../../playback/frames.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { useSize } from "../../widgets/use-size.ts";
import { countText } from "../numbers.ts";
import { useTraffic } from "../traffic-context.ts";
import { CrowdConnections, CrowdQueue, CrowdWire, CrowdWorkers } from "./CrowdBoxes.tsx";
import { crowdModel } from "./crowd-model.ts";
import { DotCanvas } from "./DotCanvas.tsx";
import { DotKey } from "./DotKey.tsx";

/** Smaller than this, the wide picture's text would be too small to read. */
const WIDE_SCALE_MIN = 0.6;

export interface TrafficStageProps {
  readonly run: TrafficRun;
  readonly journey: Journey;
  readonly frames: Frames;
  readonly isStill: boolean;
  readonly onOpen: (request: number) => void;
  /** How much larger than usual everything is drawn; the small picture is drawn above 1. */
  readonly textScale: number;
}

export function TrafficStage(props: TrafficStageProps) {
  const { run, journey, frames, isStill, onOpen, textScale } = props;
  const outer = useRef<HTMLDivElement>(null);
  const space = useSize(outer);
  useTraffic(run, ({ version }) => version);
  const results = useTraffic(run, (state) => state.results);
  const frame = run.frame();
  const isWide =
    space !== null &&
    textScale === 1 &&
    Math.min(space.w / WORLD.w, space.h / WORLD.h) >= WIDE_SCALE_MIN;
  const arrangement = useMemo(() => {
    if (space === null || space.h < 60) return null;
    return isWide ? wideCrowd() : compactCrowd(space.w / textScale, space.h / textScale);
  }, [isWide, space, textScale]);
  if (frame === null || arrangement === null || space === null)
    return (
      <div className="stage is-crowd">
        <div ref={outer} className="stage-canvas" />
        <DotKey hasRetries={false} hasUnawaited={false} />
      </div>
    );
  const rate = rateOf(run.buckets().slice(-1 - RATE_BUCKETS, -1));
  const model = crowdModel({ journey, frame, results, rate, isCompact: arrangement.isCompact });
  const box = { arrangement, model, isActive: false };
  const { w, h } = arrangement.world;
  const { count, inFlight } = frame.dots;
  const { retries, gaveUp, statuses } = frame.counters;
  return (
    <div className="stage is-crowd">
      <div ref={outer} className="stage-canvas">
        <svg className="stage-svg" viewBox={`0 0 ${w} ${h}`} aria-hidden="true">
          <ServerBox arrangement={arrangement} model={model} />
          <Links links={arrangement.links} scene="crowd" />
          <DnsBox {...box} />
          <CrowdWire {...box} frame={frame} />
          <BrowserBox {...box} />
          <SupervisorBox {...box} />
          <DiskBox {...box} />
          <DatabaseBox {...box} />
          <CrowdConnections {...box} />
          <CrowdWorkers {...box} frame={frame} />
          <CrowdQueue {...box} frame={frame} />
          <NginxBox {...box} />
        </svg>
        <DotCanvas {...{ run, arrangement, space, frames, isStill, onOpen }} />
        {inFlight > count && (
          <p className="dot-sample">
            {countText(count)} of {countText(inFlight)} requests are drawn
          </p>
        )}
      </div>
      <DotKey hasRetries={retries > 0} hasUnawaited={gaveUp > 0 || statuses[504] > 0} />
    </div>
  );
}

/** Requests a second are counted over so many stretches of time: fewer jump about. */
const RATE_BUCKETS = 6;

/** Arrivals a second over some stretches of time; null for none. */
function rateOf(buckets: readonly TimeBucket[]): number | null {
  if (buckets.length === 0) return null;
  const arrived = buckets.reduce((sum, bucket) => sum + bucket.arrived, 0);
  return (arrived * 1e9) / (buckets[buckets.length - 1].toNs - buckets[0].fromNs);
}
