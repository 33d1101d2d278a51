// The session for the components, and hooks that read its stores.
import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import type { Journey, Step } from "../../simulation/journey.ts";
import type { Catalog } from "../../worker/protocol.ts";
import type { Playhead } from "../playback/playhead.ts";
import type { RunState } from "../session/runner.ts";
import type { Session } from "../session/session.ts";
import type { Settings } from "../session/settings.ts";
import type { View } from "../session/view.ts";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("A component that needs the session stands outside of it.");
  return session;
}

export function usePlayhead<T>(selector: (playhead: Playhead) => T): T {
  return useStore(useSession().playhead, selector);
}

export function useView<T>(selector: (view: View) => T): T {
  return useStore(useSession().view, selector);
}

export function useSettings<T>(selector: (settings: Settings) => T): T {
  return useStore(useSession().settings, selector);
}

export function useRun<T>(selector: (run: RunState) => T): T {
  return useStore(useSession().run, selector);
}

/** The journey shown; null before the first and while there is none to show. */
export function useJourney(): Journey | null {
  const session = useSession();
  useRun(({ version }) => version);
  return session.journey();
}

/** The hash of the run on the screen: of the crowd's up to the moment shown, or of the journey's. */
export function useShownHash(): string | undefined {
  const crowdHash = useStore(useSession().crowd, ({ hash }) => hash);
  const isCrowd = useView(({ screen }) => screen === "traffic");
  const journeyHash = useJourney()?.hash;
  return isCrowd ? (crowdHash ?? undefined) : journeyHash;
}

/** The scenarios and machines as far as they are loaded: for what does without them for a while. */
export function useLoadedCatalog(): Catalog {
  useRun((run) => run.isListed);
  return useSession().catalog();
}

/** The scenarios and machines, empty until they are loaded, which this sees to. */
export function useCatalog(): Catalog {
  const session = useSession();
  const isListed = useRun((run) => run.isListed);
  useEffect(() => {
    if (!isListed) void session.list();
  }, [session, isListed]);
  return session.catalog();
}

/** The journey and its current step, for what is only shown when there is one. */
export function useStep(): { readonly journey: Journey; readonly step: Step } | null {
  const journey = useJourney();
  const index = usePlayhead(({ step }) => step);
  const step = journey?.steps[index];
  return journey === null || step === undefined ? null : { journey, step };
}

/** The width of the window in pixels, kept up to date. */
export function useWindowWidth(): number {
  return useSyncExternalStore(
    (listener) => {
      addEventListener("resize", listener);
      return () => removeEventListener("resize", listener);
    },
    () => innerWidth,
  );
}

/** Whether a media query matches, kept up to date. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}
