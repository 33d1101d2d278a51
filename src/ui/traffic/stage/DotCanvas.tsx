// The canvas with the dots, over the drawing. It hears of every frame of the run by itself and paints in
// the page's one frame loop: React renders nothing while the dots move.
import { useEffect, useRef } from "react";
import type { Arrangement } from "../../diagram/arrangements.ts";
import type { Frames } from "../../playback/frames.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import type { Size } from "../../widgets/use-size.ts";
import { countText } from "../numbers.ts";
import { DotField } from "./dot-field.ts";
import { dotColours, type Fit, fitOf, paintDots } from "./dot-painter.ts";
import { createSprites } from "./dot-sprites.ts";

export interface DotCanvasProps {
  readonly run: TrafficRun;
  readonly arrangement: Arrangement;
  readonly space: Size;
  readonly frames: Frames;
  /** True where dots stand at their places and do not glide. */
  readonly isStill: boolean;
  readonly onOpen: (request: number) => void;
}

/** How near to a dot a click must be, in CSS pixels. */
const REACH_PX = 14;
/** The longest step of a glide, after the page was hidden for example. */
const STEP_MS_MAX = 60;

export function DotCanvas(props: DotCanvasProps) {
  const { run, arrangement, space, frames, isStill, onOpen } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const field = useRef<DotField>(null);
  field.current ??= new DotField();

  useEffect(() => {
    const own = field.current;
    if (canvas.current === null || own === null) return;
    return showDots(canvas.current, own, { run, arrangement, space, frames, isStill });
  }, [run, arrangement, space, frames, isStill]);

  useEffect(() => {
    const own = field.current;
    if (canvas.current === null || own === null) return;
    return listenForDots(canvas.current, own, { fit: fitOf(arrangement.world, space), onOpen });
  }, [arrangement, space, onOpen]);

  return (
    <div className="dot-layer" aria-hidden="true">
      <canvas ref={canvas} className="dot-canvas" />
    </div>
  );
}

interface Listening {
  readonly fit: Fit;
  readonly onOpen: (request: number) => void;
}

/** A dot under the pointer can be opened. The keyboard's way to a request is the panel's list. */
function listenForDots(canvas: HTMLCanvasElement, field: DotField, listening: Listening) {
  const { fit, onOpen } = listening;
  function requestAt(event: PointerEvent): number | null {
    const box = canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - fit.left) / fit.scale;
    const y = (event.clientY - box.top - fit.top) / fit.scale;
    return field.nearest(x, y, REACH_PX / fit.scale);
  }
  function onMove(event: PointerEvent): void {
    const request = requestAt(event);
    canvas.style.cursor = request === null ? "" : "pointer";
    canvas.title = request === null ? "" : `Open request ${countText(request)}`;
  }
  function onDown(event: PointerEvent): void {
    const request = requestAt(event);
    if (request !== null) onOpen(request);
  }
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerdown", onDown);
  return () => {
    canvas.removeEventListener("pointermove", onMove);
    canvas.removeEventListener("pointerdown", onDown);
  };
}

type Showing = Omit<DotCanvasProps, "onOpen">;

/** Paints `field` on `canvas` whenever something in it has moved, until the returned function is called. */
function showDots(
  canvas: HTMLCanvasElement,
  field: DotField,
  { run, arrangement, space, frames, isStill }: Showing,
): () => void {
  const context = canvas.getContext("2d");
  if (context === null) return () => undefined;
  const density = Math.min(2, devicePixelRatio);
  canvas.width = Math.round(space.w * density);
  canvas.height = Math.round(space.h * density);
  const fit = fitOf(arrangement.world, space);
  let colours = dotColours(canvas);
  let sprites = createSprites(colours);
  let jumps = run.store.getState().jumps;
  let lastMs: number | null = null;
  let removeTask = (): void => {};

  function paint(nowMs: number): boolean {
    if (context === null) return false;
    const elapsedMs = lastMs === null ? 0 : Math.min(STEP_MS_MAX, nowMs - lastMs);
    lastMs = nowMs;
    const isMoving = field.glide(elapsedMs);
    paintDots(context, field, { fit, density, colours, sprites });
    if (!isMoving) lastMs = null;
    return isMoving;
  }

  function wake(): void {
    removeTask();
    removeTask = frames.add(paint);
  }

  function take(isCut: boolean): void {
    const frame = run.frame();
    if (frame !== null) field.take(arrangement, frame, isCut);
    wake();
  }

  const forget = run.onFrame(() => take(isStill));
  const unsubscribe = run.store.subscribe((state) => {
    if (state.jumps === jumps) return;
    jumps = state.jumps;
    take(true);
  });
  const theme = new MutationObserver(() => {
    colours = dotColours(canvas);
    sprites = createSprites(colours);
    wake();
  });
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  take(true);
  return () => {
    forget();
    unsubscribe();
    theme.disconnect();
    removeTask();
  };
}
