// Pictures of the dots, one for each colour, shape and size, drawn once and stamped as often as there are
// dots: the outline of thousands of circles in one path costs several times as much. What failed is
// a cross, what has waited longest a diamond, and what was sent again is hollow: colour is never the only sign.
import { type DotLook, FAILED, lookCode, OLDEST } from "./dot-look.ts";
import { ensureContext, type PaintContext } from "./paint-context.ts";

export interface DotSprite {
  readonly image: CanvasImageSource;
  /** From the left and upper edge to the middle, in device pixels. */
  readonly middle: number;
}

/** Line width of crosses and hollow dots, as a share of the radius. */
const LINE_SHARE = 0.45;
/** A diamond's half diagonal, as a share of the radius of a circle with the same area. */
const DIAMOND_REACH = 1.25;
/** Radii that differ by less than one part of so many of a pixel share a picture. */
const RADIUS_PARTS = 16;
/** More than any code of a look. */
const CODES = 32;

/** The picture of a look with a radius in device pixels. */
export type DotSprites = (look: DotLook, radius: number) => DotSprite;

/** Makes pictures when they are first asked for; `colours` are those of the page's theme. */
export function createSprites(colours: readonly string[]): DotSprites {
  const made = new Map<number, DotSprite>();
  return (look, radius) => {
    const key = Math.round(radius * RADIUS_PARTS) * CODES + lookCode(look);
    let sprite = made.get(key);
    if (sprite === undefined) {
      sprite = draw(look, radius, colours[look.colour]);
      made.set(key, sprite);
    }
    return sprite;
  };
}

function draw(look: DotLook, radius: number, paint: string): DotSprite {
  const middle = Math.ceil(radius * (1 + LINE_SHARE)) + 1;
  const context = blank(2 * middle);
  context.fillStyle = paint;
  context.strokeStyle = paint;
  context.lineWidth = radius * LINE_SHARE;
  context.translate(middle, middle);
  drawDot(context, look, radius);
  return { image: finished(context.canvas), middle };
}

function drawDot(context: PaintContext, { colour, isHollow }: DotLook, radius: number): void {
  context.beginPath();
  if (colour === FAILED) {
    context.moveTo(-radius, -radius);
    context.lineTo(radius, radius);
    context.moveTo(radius, -radius);
    context.lineTo(-radius, radius);
  } else if (colour === OLDEST) outlineDiamond(context, radius * DIAMOND_REACH);
  else context.arc(0, 0, radius, 0, 2 * Math.PI);
  if (isHollow || colour === FAILED) context.stroke();
  else context.fill();
}

function outlineDiamond(context: PaintContext, reach: number): void {
  context.moveTo(0, -reach);
  context.lineTo(reach, 0);
  context.lineTo(0, reach);
  context.lineTo(-reach, 0);
  context.closePath();
}

/** A square to draw on, in a worker or on the page. Browsers without OffscreenCanvas have the latter alone. */
function blank(side: number): PaintContext {
  if (typeof OffscreenCanvas !== "undefined")
    return ensureContext(new OffscreenCanvas(side, side).getContext("2d"));
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  return ensureContext(canvas.getContext("2d"));
}

/** As an image that cannot change: a canvas is asked for changes at every stamp. */
function finished(canvas: HTMLCanvasElement | OffscreenCanvas): CanvasImageSource {
  return "transferToImageBitmap" in canvas ? canvas.transferToImageBitmap() : canvas;
}
