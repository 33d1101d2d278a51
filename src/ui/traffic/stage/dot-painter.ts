// Paints the dots on a canvas that lies over the drawing. One path for each colour, so that the number of
// calls does not grow with the number of dots. What failed is a cross and not a dot: colour is never the
// only sign.
import { COLOURS, type DotField, FAILED } from "./dot-field.ts";

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
}

const TAU = 2 * Math.PI;
/** Nobody sees that a smaller dot is square, and squares cost a fraction. */
const ROUND_FROM = 2;

/** Paints every dot of the field. */
export function paintDots(
  context: CanvasRenderingContext2D,
  field: DotField,
  { fit, density, colours }: PaintOptions,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const scale = fit.scale * density;
  context.setTransform(scale, 0, 0, scale, fit.left * density, fit.top * density);
  context.lineWidth = 1.8;
  for (let colour = 0; colour < COLOURS; colour += 1) {
    context.fillStyle = colours[colour];
    context.strokeStyle = colours[colour];
    if (colour === FAILED) paintCrosses(context, field);
    else paintRound(context, field, colour);
  }
}

function paintRound(context: CanvasRenderingContext2D, field: DotField, colour: number): void {
  const full = new Path2D();
  const hollow = new Path2D();
  for (let at = 0; at < field.used; at += 1) {
    if (field.isFree(at) || field.colour[at] !== colour) continue;
    const path = field.isRetried[at] === 1 ? hollow : full;
    const r = field.radius[at];
    // A small one is painted at once: a path of thousands of squares costs more than the squares.
    if (r < ROUND_FROM) context.fillRect(field.x[at] - r, field.y[at] - r, 2 * r, 2 * r);
    else {
      path.moveTo(field.x[at] + r, field.y[at]);
      path.arc(field.x[at], field.y[at], r, 0, TAU);
    }
  }
  context.fill(full);
  context.stroke(hollow);
}

function paintCrosses(context: CanvasRenderingContext2D, field: DotField): void {
  const path = new Path2D();
  for (let at = 0; at < field.used; at += 1) {
    if (field.isFree(at) || field.colour[at] !== FAILED) continue;
    const [x, y, r] = [field.x[at], field.y[at], field.radius[at]];
    path.moveTo(x - r, y - r);
    path.lineTo(x + r, y + r);
    path.moveTo(x + r, y - r);
    path.lineTo(x - r, y + r);
  }
  context.stroke(path);
}
