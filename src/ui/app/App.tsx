// The shell: header, the page that is open, dialogs over it, and what is said to screen readers.
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { ZoomControl } from "../diagram/zoom.ts";
import type { Session } from "../session/session.ts";
import { Dialogs } from "./Dialogs.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Header } from "./Header.tsx";
import { useKeyboard } from "./keyboard.ts";
import { Loading } from "./Loading.tsx";
import { DraftNotice, LossNotice, RunFailure } from "./Notices.tsx";
import {
  SessionContext,
  useMedia,
  useRun,
  useSettings,
  useShownHash,
  useStep,
  useView,
} from "./session-context.ts";
import { UpdateNotice } from "./UpdateNotice.tsx";

/** Loaded beside the worker, which takes longer: the shell is there first. */
const journeyScreen = import("./JourneyScreen.tsx");
const JourneyScreen = lazy(() => journeyScreen.then((m) => ({ default: m.JourneyScreen })));
const TrafficScreen = lazy(() =>
  import("../traffic/TrafficScreen.tsx").then((m) => ({ default: m.TrafficScreen })),
);
const ReferencePage = lazy(() =>
  import("../reference/ReferencePage.tsx").then((m) => ({ default: m.ReferencePage })),
);

export function App({ session }: { readonly session: Session }) {
  return (
    <ErrorBoundary>
      <SessionContext value={session}>
        <Shell session={session} />
      </SessionContext>
    </ErrorBoundary>
  );
}

function Shell({ session }: { readonly session: Session }) {
  const [zoom, setZoom] = useState<ZoomControl | null>(null);
  const context = useMemo(() => ({ session, zoom }), [session, zoom]);
  const screen = useView((view) => view.screen);
  const isPresenting = useView((view) => view.isPresenting);
  const failure = useRun((run) => (run.status === "failed" ? run.failure : null));
  const hash = useShownHash();
  const onZoomReady = useCallback((control: ZoomControl | null) => setZoom(control), []);
  useSharedZoom(session, zoom);
  useKeyboard(context);
  useTheme();
  return (
    <div className={`app ${isPresenting ? "is-presenting" : ""}`} data-run-hash={hash}>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      {!isPresenting && <Header />}
      <div className="notices">
        <LossNotice />
        {failure === null && !isPresenting && screen === "journey" && <DraftNotice />}
      </div>
      <main id="main" className="main" tabIndex={-1}>
        {failure !== null ? (
          <RunFailure message={failure} />
        ) : screen === "reference" ? (
          <Suspense fallback={<Loading />}>
            <ReferencePage />
          </Suspense>
        ) : screen === "traffic" ? (
          <Suspense fallback={<Loading />}>
            <TrafficScreen />
          </Suspense>
        ) : (
          <Suspense fallback={<Loading />}>
            <JourneyScreen context={context} onZoomReady={onZoomReady} />
          </Suspense>
        )}
      </main>
      <Spoken />
      <Dialogs />
      <UpdateNotice />
    </div>
  );
}

/** Keeps the picture's place in the view, so that a link restores it, and shows the one of a new link. */
function useSharedZoom({ view }: Session, control: ZoomControl | null): void {
  useEffect(() => {
    if (control === null) return;
    let shown = view.getState().zoom;
    if (shown !== null) control.show(shown);
    control.onMoved((zoom) => {
      shown = zoom;
      view.setState({ zoom });
    });
    return view.subscribe(({ zoom }) => {
      if (zoom === shown) return;
      shown = zoom;
      control.show(zoom);
    });
  }, [view, control]);
}

/** The engine's sentence for the step, for those who listen. */
function Spoken() {
  const current = useStep();
  return (
    <p className="is-unseen" aria-live="polite" aria-atomic="true" data-testid="spoken">
      {current?.step.spoken ?? ""}
    </p>
  );
}

/** Puts the theme on the document: the reader's choice, or what the system asks for. */
function useTheme(): void {
  const theme = useSettings((settings) => settings.theme);
  const wantsContrast = useMedia("(prefers-contrast: more)");
  const wantsDark = useMedia("(prefers-color-scheme: dark)");
  const automatic = wantsContrast ? "contrast" : wantsDark ? "dark" : "light";
  const shown = theme === "auto" ? automatic : theme;
  useEffect(() => {
    document.documentElement.dataset.theme = shown;
  }, [shown]);
}
