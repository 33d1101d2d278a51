// The journey: the stage, the panel beside it, and the playback below. Presenting leaves out the panel
// and shows the sentence in large type.
import { lazy, Suspense, useCallback } from "react";
import type { DiagramNode } from "../diagram/nodes.ts";
import { type Focus, isFocus } from "../diagram/places.ts";
import { StageView } from "../diagram/StageView.tsx";
import type { ZoomControl } from "../diagram/zoom.ts";
import { StepHead, StepPanel } from "../panels/StepPanel.tsx";
import { jumpTo } from "../playback/playhead.ts";
import { requestOf } from "../session/time-window.ts";
import { Icon } from "../widgets/Icon.tsx";
import { CrowdBanner } from "./CrowdBanner.tsx";
import { type CommandContext, commands } from "./commands.ts";
import { Loading } from "./Loading.tsx";
import { RunFailure } from "./Notices.tsx";
import { stepOfNode } from "./node-step.ts";
import { Playback } from "./Playback.tsx";
import {
  useJourney,
  useMedia,
  useSession,
  useStep,
  useView,
  useWindowWidth,
} from "./session-context.ts";

const FilesDrawer = lazy(() =>
  import("../files/FilesDrawer.tsx").then((m) => ({ default: m.FilesDrawer })),
);

export interface JourneyScreenProps {
  readonly context: CommandContext;
  readonly onZoomReady: (control: ZoomControl | null) => void;
}

export function JourneyScreen({ context, onZoomReady }: JourneyScreenProps) {
  const current = useStep();
  const isPresenting = useView((view) => view.isPresenting);
  const isFilesOpen = useView((view) => view.file !== null);
  const isSheetOpen = useView((view) => view.isSheetOpen);
  const hasNoSteps = useJourney()?.steps.length === 0;
  if (hasNoSteps)
    return <RunFailure message="Nothing happens in this scenario: no client asked for anything." />;
  if (current === null) return <Loading />;
  const { journey, step } = current;
  return (
    <div
      className={`journey ${isSheetOpen ? "is-sheet-open" : ""} ${isFilesOpen ? "is-files-open" : ""}`}
    >
      <section className="stage-area" aria-label="The path of the request">
        <CrowdBanner />
        <Stage onZoomReady={onZoomReady} context={context} />
      </section>
      {isPresenting ? (
        <section className="presented" aria-label="The step">
          <StepHead journey={journey} step={step} />
        </section>
      ) : (
        <StepPanel />
      )}
      <Playback />
      {isFilesOpen && (
        <Suspense fallback={null}>
          <FilesDrawer journey={journey} step={step} />
        </Suspense>
      )}
    </div>
  );
}

/** The stage's smallest type is 11 units; an audience gets at least 24 pixels of a 1920 pixel screen. */
const PRESENTED_SCALE = 24 / 11;

function Stage({ onZoomReady, context }: JourneyScreenProps) {
  const session = useSession();
  const current = useStep();
  const peek = useView((view) => view.peek);
  const isStill = useMedia("(prefers-reduced-motion: reduce)");
  const onChoose = useCallback(
    (node: DiagramNode) => {
      if (node.acts !== undefined) {
        session.view.setState({ dialog: "act", actOn: node.acts });
        return;
      }
      const journey = session.journey();
      const { step } = session.playhead.getState();
      const target = journey === null ? null : stepOfNode(journey, step, node);
      if (target !== null) jumpTo(session.playhead, target);
      session.view.setState({ peek: target === null ? node.opens : null });
    },
    [session],
  );
  const isPresenting = useView((view) => view.isPresenting);
  const windowWidth = useWindowWidth();
  const textScale = isPresenting ? Math.max(1.01, (PRESENTED_SCALE * windowWidth) / 1920) : 1;
  const onOpen = useCallback((focus: Focus) => session.view.setState({ peek: focus }), [session]);
  const onEscape = useCallback(() => session.view.setState({ peek: null }), [session]);
  if (current === null) return null;
  return (
    <>
      <StageView
        {...{
          journey: current.journey,
          step: current.step.index,
          onChoose,
          onEscape,
          isStill,
          onOpen,
          textScale,
        }}
        request={requestOf(current.journey, current.step.index) ?? undefined}
        peek={isFocus(peek) ? peek : null}
        frames={session.frames}
        onZoomReady={onZoomReady}
        place={session.view.getState().zoom}
        zoomButtons={<ZoomButtons context={context} />}
      />
      {peek !== null && (
        <button type="button" className="button follow" onClick={onEscape}>
          <Icon name="follow" /> Follow the request
        </button>
      )}
    </>
  );
}

const zoomIcons = { "zoom-in": "plus", "zoom-out": "minus", "zoom-reset": "fit" } as const;

function ZoomButtons({ context }: { readonly context: CommandContext }) {
  return (
    <fieldset className="zoom" aria-label="Zoom">
      {Object.entries(zoomIcons).map(([id, icon]) => {
        const command = commands.find((candidate) => candidate.id === id);
        return (
          <button
            key={id}
            type="button"
            className="zoom-button"
            aria-label={command?.title}
            onClick={() => command?.run(context)}
          >
            <Icon name={icon} />
          </button>
        );
      })}
    </fieldset>
  );
}
