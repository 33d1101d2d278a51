// The dots over the drawing. What paints them hears of every frame of the run by itself and is fed in
// the page's one frame loop: React renders nothing while the dots move.
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Arrangement } from "../../diagram/arrangements.ts";
import type { Frames } from "../../playback/frames.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import type { Size } from "../../widgets/use-size.ts";
import { countText } from "../numbers.ts";
import { dotColours } from "./dot-colours.ts";
import { DotField } from "./dot-field.ts";
import { type Fit, fitOf, layOutDots } from "./dot-picture.ts";
import { createDotSurface, type DotSurface, surfaceOfPage } from "./dot-surface.ts";

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
/** More device pixels for each CSS pixel are not to be seen on a dot. */
const DENSITY_MAX = 2;

export function DotCanvas(props: DotCanvasProps) {
  const { run, arrangement, space, frames, isStill, onOpen } = props;
  const layer = useRef<HTMLDivElement>(null);
  const surface = useDotSurface(layer);
  const density = useDensity();
  const field = useRef<DotField>(null);
  field.current ??= new DotField();

  useEffect(() => {
    const own = field.current;
    if (surface === null || own === null) return;
    return showDots(surface, own, { run, arrangement, space, frames, isStill, density });
  }, [surface, run, arrangement, space, frames, isStill, density]);

  useEffect(() => {
    const own = field.current;
    if (layer.current === null || own === null) return;
    return listenForDots(layer.current, own, { fit: fitOf(arrangement.world, space), onOpen });
  }, [arrangement, space, onOpen]);

  return <div ref={layer} className="dot-layer" aria-hidden="true" />;
}

/** Device pixels for each CSS pixel: another number when the window is moved to another screen, or zoomed. */
function useDensity(): number {
  const [density, setDensity] = useState(devicePixelRatio);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${density}dppx)`);
    const onChange = (): void => setDensity(devicePixelRatio);
    query.addEventListener("change", onChange);
    return () => query.removeEventListener("change", onChange);
  }, [density]);
  return Math.min(DENSITY_MAX, density);
}

/** What paints in `layer`: another one, on the page, when the worker's file did not come. */
function useDotSurface(layer: RefObject<HTMLDivElement | null>): DotSurface | null {
  const [surface, setSurface] = useState<DotSurface | null>(null);
  useEffect(() => {
    const host = layer.current;
    if (host === null) return;
    let used = createDotSurface(host, () => {
      used.close();
      used = surfaceOfPage(host);
      setSurface(used);
    });
    setSurface(used);
    return () => used.close();
  }, [layer]);
  return surface;
}

interface Listening {
  readonly fit: Fit;
  readonly onOpen: (request: number) => void;
}

/** A dot under the pointer can be opened. The keyboard's way to a request is the panel's list. */
function listenForDots(layer: HTMLElement, field: DotField, listening: Listening) {
  const { fit, onOpen } = listening;
  function requestAt(event: PointerEvent): number | null {
    const box = layer.getBoundingClientRect();
    const x = (event.clientX - box.left - fit.left) / fit.scale;
    const y = (event.clientY - box.top - fit.top) / fit.scale;
    return field.nearest(x, y, REACH_PX / fit.scale);
  }
  function onMove(event: PointerEvent): void {
    const request = requestAt(event);
    layer.style.cursor = request === null ? "" : "pointer";
    layer.title = request === null ? "" : `Open request ${countText(request)}`;
  }
  function onDown(event: PointerEvent): void {
    const request = requestAt(event);
    if (request !== null) onOpen(request);
  }
  layer.addEventListener("pointermove", onMove);
  layer.addEventListener("pointerdown", onDown);
  return () => {
    layer.removeEventListener("pointermove", onMove);
    layer.removeEventListener("pointerdown", onDown);
  };
}

interface Showing extends Omit<DotCanvasProps, "onOpen"> {
  readonly density: number;
}

/** Shows `field` whenever something in it has moved, until the returned function is called. */
function showDots(
  surface: DotSurface,
  field: DotField,
  { run, arrangement, space, frames, isStill, density }: Showing,
): () => void {
  const layout = { fit: fitOf(arrangement.world, space), density };
  let jumps = run.store.getState().jumps;
  let lastMs: number | null = null;
  let removeTask = (): void => {};

  function prepare(): void {
    surface.prepare({
      width: Math.round(space.w * density),
      height: Math.round(space.h * density),
      colours: dotColours(),
    });
  }

  function paint(nowMs: number): boolean {
    const elapsedMs = lastMs === null ? 0 : Math.min(STEP_MS_MAX, nowMs - lastMs);
    lastMs = nowMs;
    const isMoving = field.glide(elapsedMs);
    const isShown = surface.show((picture) => layOutDots(field, layout, picture));
    if (!isMoving) lastMs = null;
    return isMoving || !isShown;
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
    prepare();
    wake();
  });
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  prepare();
  take(true);
  return () => {
    forget();
    unsubscribe();
    theme.disconnect();
    removeTask();
  };
}
