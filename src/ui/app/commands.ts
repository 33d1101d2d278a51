// Everything that a key can do, once: the keyboard, the buttons and the list of keys read this table.

import { actTargetOf } from "../diagram/act-target.ts";
import type { ZoomControl } from "../diagram/zoom.ts";
import { fileThatMatters } from "../panels/deciding-lines.ts";
import { jumpTo, seek, stepBy, togglePlaying } from "../playback/playhead.ts";
import type { Session } from "../session/session.ts";
import { layerJump, logJump } from "../session/steps.ts";
import { type DialogName, tabs } from "../session/view.ts";

export interface CommandContext {
  readonly session: Session;
  readonly zoom: ZoomControl | null;
}

export interface Command {
  readonly id: string;
  readonly title: string;
  /** Values of KeyboardEvent.key, an arrow after "Shift+" where that key is held. */
  readonly keys: readonly string[];
  readonly run: (context: CommandContext) => void;
}

const ZOOM_FACTOR = 1.4;

function jump(find: typeof layerJump, direction: 1 | -1): Command["run"] {
  return ({ session }) => {
    const journey = session.journey();
    if (journey === null) return;
    jumpTo(session.playhead, find(journey, session.playhead.getState().step, direction));
  };
}

function opens(dialog: DialogName): Command["run"] {
  return ({ session }) => session.view.setState({ dialog });
}

/** The signals and commands for the part of the server that is open. */
function openAct({ session }: CommandContext): void {
  const { peek } = session.view.getState();
  const open = session.journey()?.steps[session.playhead.getState().step]?.layer ?? "host";
  session.view.setState({ dialog: "act", actOn: actTargetOf(peek ?? open) });
}

function interventions(way: "undo" | "redo"): Command["run"] {
  return async ({ session }) => {
    const { interventionsOf } = await import("../actions/interventions.ts");
    await interventionsOf(session)[way]();
  };
}

/** Back to the run of traffic that the request shown was taken from. */
export function backToTraffic({ session }: Pick<CommandContext, "session">): void {
  if (session.crowd.getState().opened !== null) session.view.setState({ screen: "traffic" });
}

/** Opens the drawer at the file that decided this step, or closes it. */
export function toggleFiles({ session }: Pick<CommandContext, "session">): void {
  const journey = session.journey();
  const step = journey?.steps[session.playhead.getState().step];
  session.view.setState(({ file }) => ({
    file: file !== null ? null : (step?.cause?.file ?? fileThatMatters(journey) ?? null),
  }));
}

/** Begins or ends presenting. */
export function togglePresenting({ session }: Pick<CommandContext, "session">): void {
  session.view.setState(({ isPresenting, screen }) => ({
    ...{ isPresenting: !isPresenting, file: null, dialog: null },
    screen: screen === "traffic" ? screen : "journey",
  }));
}

/** Closes what is open on top, one thing at a time. */
function closeTop({ session }: CommandContext): void {
  session.view.setState(({ file, isPresenting, isSheetOpen, peek }) => {
    if (file !== null) return { file: null };
    if (isPresenting) return { isPresenting: false };
    if (isSheetOpen) return { isSheetOpen: false };
    return peek !== null ? { peek: null } : {};
  });
}

const tabCommands: readonly Command[] = tabs.map((tab, i) => ({
  id: `tab-${tab}`,
  title: `Show the tab ${tab[0].toUpperCase()}${tab.slice(1)}`,
  keys: [String(i + 1)],
  run: ({ session }) => session.view.setState({ tab, isSheetOpen: true }),
}));

/** How far the picture is moved at a press, in the units of the drawing. */
const PAN_STEP = 120;

/** Moves the picture by so many steps; what is looked at moves the other way. */
function pan(x: number, y: number): Command["run"] {
  return ({ zoom }) => zoom?.panBy(x * PAN_STEP, y * PAN_STEP);
}

export const commands: readonly Command[] = [
  {
    ...{ id: "next", title: "Next step", keys: ["ArrowRight", "PageDown"] },
    run: ({ session }) => stepBy(session.playhead, 1),
  },
  {
    ...{ id: "back", title: "Back one step", keys: ["ArrowLeft", "PageUp"] },
    run: ({ session }) => stepBy(session.playhead, -1),
  },
  {
    ...{ id: "play", title: "Play or pause", keys: [" "] },
    run: ({ session }) => togglePlaying(session.playhead),
  },
  {
    ...{ id: "start", title: "Go to the start", keys: ["Home"] },
    run: ({ session }) => jumpTo(session.playhead, 0),
  },
  {
    ...{ id: "end", title: "Go to the end", keys: ["End"] },
    run: ({ session }) => {
      session.playhead.setState({ isPlaying: false });
      seek(session.playhead, session.playhead.getState().count - 1);
    },
  },
  { id: "next-layer", title: "Jump to the next layer", keys: ["]"], run: jump(layerJump, 1) },
  { id: "last-layer", title: "Jump back a layer", keys: ["["], run: jump(layerJump, -1) },
  { id: "next-log", title: "Jump to the next log line", keys: ["."], run: jump(logJump, 1) },
  { id: "last-log", title: "Jump back a log line", keys: [","], run: jump(logJump, -1) },
  { id: "stop", title: "Stop at an event", keys: ["g"], run: opens("stop") },
  { id: "search", title: "Search the steps", keys: ["/"], run: opens("search") },
  { id: "act", title: "Act on the server", keys: ["a"], run: openAct },
  { id: "undo", title: "Take the last action back", keys: ["z"], run: interventions("undo") },
  { id: "redo", title: "Do it again", keys: ["y"], run: interventions("redo") },
  ...tabCommands,
  { id: "crowd", title: "Back to the run of traffic", keys: ["b"], run: backToTraffic },
  {
    ...{ id: "restart", title: "Restart the run of traffic", keys: ["r"] },
    run: ({ session }) => session.crowd.getState().steer?.("restart"),
  },
  { id: "files", title: "Files", keys: ["e"], run: toggleFiles },
  { id: "present", title: "Present", keys: ["p"], run: togglePresenting },
  { id: "share", title: "Share", keys: ["s"], run: opens("share") },
  { id: "transcript", title: "Transcript", keys: ["t"], run: opens("transcript") },
  {
    id: "zoom-in",
    title: "Zoom in",
    keys: ["+", "="],
    run: ({ zoom }) => zoom?.zoomBy(ZOOM_FACTOR),
  },
  {
    id: "zoom-out",
    title: "Zoom out",
    keys: ["-"],
    run: ({ zoom }) => zoom?.zoomBy(1 / ZOOM_FACTOR),
  },
  { id: "pan-left", title: "Look further left", keys: ["Shift+ArrowLeft"], run: pan(1, 0) },
  { id: "pan-right", title: "Look further right", keys: ["Shift+ArrowRight"], run: pan(-1, 0) },
  { id: "pan-up", title: "Look further up", keys: ["Shift+ArrowUp"], run: pan(0, 1) },
  { id: "pan-down", title: "Look further down", keys: ["Shift+ArrowDown"], run: pan(0, -1) },
  {
    id: "zoom-reset",
    title: "Show the whole picture",
    keys: ["0"],
    run: ({ zoom }) => zoom?.reset(),
  },
  { id: "close", title: "Close what is open", keys: ["Escape"], run: closeTop },
  { id: "keys", title: "List of keys", keys: ["?"], run: opens("shortcuts") },
];

/** What only a journey can do, or does in another way than a run of traffic. */
const ofSteps = /^(?:next|back|play|start|end|last|stop|search|tab|zoom|pan|transcript)\b/;

/** Does what a command says: to the run of traffic where that is on the screen, else to the journey. */
export function perform(command: Command, context: CommandContext): void {
  const { view, crowd } = context.session;
  const isCrowd = view.getState().screen === "traffic" && ofSteps.test(command.id);
  if (isCrowd) crowd.getState().steer?.(command.id);
  else command.run(context);
}

/** True for a key that types a character: these can be turned off (WCAG 2.2, 2.1.4). Space is none. */
export function isCharacterKey(key: string): boolean {
  return key.length === 1 && key !== " ";
}

const SHIFT = "Shift+";

/** What was pressed, as the table names it. */
export function pressedKey({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">): string {
  return shiftKey && key.startsWith("Arrow") ? SHIFT + key : key;
}

const keyNames: Readonly<Record<string, string>> = {
  ArrowRight: "→",
  ArrowLeft: "←",
  ArrowUp: "↑",
  ArrowDown: "↓",
  " ": "Space",
  Escape: "Esc",
  PageDown: "Page Down",
  PageUp: "Page Up",
};

/** How a key is written on the screen. */
export function keyName(key: string): string {
  const [shift, plain] = key.startsWith(SHIFT) ? ["Shift ", key.slice(SHIFT.length)] : ["", key];
  return shift + (keyNames[plain] ?? (plain.length === 1 ? plain.toUpperCase() : plain));
}
