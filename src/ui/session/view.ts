// What is open on the screen: page, tab, drawer, dialog. The part of it that another reader should see
// too travels in the link.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { StopEvent } from "./steps.ts";

const screens = ["journey", "traffic", "reference"] as const;
export type Screen = (typeof screens)[number];
export const tabs = ["why", "message", "state", "log", "timing"] as const;
export type Tab = (typeof tabs)[number];
export type DialogName = "share" | "transcript" | "shortcuts" | "stop" | "search" | "act";

/** The part of the view that a link restores. */
export interface SharedView {
  readonly screen: Screen;
  readonly tab: Tab;
  /** The file open in the drawer; null when the drawer is closed. */
  readonly file: string | null;
  readonly isPresenting: boolean;
  /** A part of the picture opened by hand; null follows the request. */
  readonly peek: string | null;
  /** Null is the whole picture. */
  readonly zoom: ZoomPlace | null;
}

/** How large the picture is shown and what stands in the middle: shares of its width and height. */
export interface ZoomPlace {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface View extends SharedView {
  readonly dialog: DialogName | null;
  /** The part of the server that the dialog "act" is opened for; null for all of it. */
  readonly actOn: string | null;
  /** Whether the reader has acted on this run, even if every action was taken back. */
  readonly hasActed: boolean;
  /** Where playing stops. */
  readonly stopAt: StopEvent | null;
  /** The charts that are shown below a run of traffic. */
  readonly charts: readonly string[];
  /** On small screens: whether the sheet from below is open. */
  readonly isSheetOpen: boolean;
}

export type ViewStore = StoreApi<View>;

export const firstView: SharedView = {
  screen: "journey",
  tab: "why",
  file: null,
  isPresenting: false,
  peek: null,
  zoom: null,
};

/** A view with nothing open but the journey. */
export function createView(): ViewStore {
  return createStore<View>(() => ({
    ...firstView,
    dialog: null,
    actOn: null,
    hasActed: false,
    stopAt: null,
    isSheetOpen: false,
    charts: ["response", "waiting"],
  }));
}

/** The part of `view` that goes into a link. */
export function sharedView({ screen, tab, file, isPresenting, peek, zoom }: View): SharedView {
  return { screen, tab, file, isPresenting, peek, zoom };
}

export function isScreen(value: unknown): value is Screen {
  return screens.some((screen) => screen === value);
}

export function isTab(value: unknown): value is Tab {
  return tabs.some((tab) => tab === value);
}
