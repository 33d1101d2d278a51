// Paints the dots on a canvas that lies over the drawing: colour by colour, the small ones as squares and
// the others as pictures that were drawn once (dot-sprites.ts).
import { COLOURS, type DotField } from "./dot-field.ts";
import type { DotSprites } from "./dot-sprites.ts";

/** The custom properties that hold the colours, in the order of the field's. */
const tokens = ["--browser", "--gunicorn", "--django", "--error", "--good", "--error"] as const;

/** The colours of the page's theme, as a canvas understands them. */
export function dotColours(canvas: HTMLCanvasElement): readonly string[] {
  const before = canvas.style.color;
  const colours = tokens.map((token) => {
    canvas.style.color = `var(${token})`;
    return getComputedStyle(canvas).color;
  });
  canvas.style.color = before;
  return colours;
}

/** How the picture lies on the canvas. */
export interface Fit {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** The picture as large as it can be, in the middle, as an SVG does it. */
export function fitOf(
  world: { readonly w: number; readonly h: number },
  space: { readonly w: number; readonly h: number },
): Fit {
  const scale = Math.min(space.w / world.w, space.h / world.h);
  return { scale, left: (space.w - world.w * scale) / 2, top: (space.h - world.h * scale) / 2 };
}

export interface PaintOptions {
  readonly fit: Fit;
  /** Device pixels for each CSS pixel. */
  readonly density: number;
  readonly colours: readonly string[];
  readonly sprites: DotSprites;
}

/** Nobody sees that a smaller dot is square, and squares cost a fraction. */
const ROUND_FROM = 2;

/** Paints every dot of the field. */
export function paintDots(
  context: CanvasRenderingContext2D,
  field: DotField,
  options: PaintOptions,
): void {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  for (let colour = 0; colour < COLOURS; colour += 1) {
    context.fillStyle = options.colours[colour];
    paintColour(context, field, options, colour);
  }
}

/** Whole device pixels: a picture is then copied and not computed anew. */
function paintColour(
  context: CanvasRenderingContext2D,
  field: DotField,
  { fit, density, sprites }: PaintOptions,
  colour: number,
): void {
  const scale = fit.scale * density;
  const [left, top] = [fit.left * density, fit.top * density];
  for (let at = 0; at < field.used; at += 1) {
    if (field.colour[at] !== colour || field.isFree(at)) continue;
    const radius = field.radius[at] * scale;
    const x = field.x[at] * scale + left;
    const y = field.y[at] * scale + top;
    if (field.radius[at] < ROUND_FROM) {
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      continue;
    }
    const { image, middle } = sprites({ colour, radius, isHollow: field.isRetried[at] === 1 });
    context.drawImage(image, Math.round(x) - middle, Math.round(y) - middle);
  }
}
