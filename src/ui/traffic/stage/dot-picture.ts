// What is to be seen of the dots at one moment, as plain numbers: so it can be handed to the worker that
// paints, and compared with the picture before it.
import { DOTS_MAX, type DotField } from "./dot-field.ts";
import { COLOURS, lookCode, NUMBERS_OF_DOT } from "./dot-look.ts";

/** Nobody sees that a smaller dot is square, and squares cost a fraction. In units of the drawing. */
const ROUND_FROM = 2;

/** How the drawing lies on the canvas, in CSS pixels. */
export interface Fit {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** The drawing as large as it can be, in the middle, as an SVG does it. */
export function fitOf(
  world: { readonly w: number; readonly h: number },
  space: { readonly w: number; readonly h: number },
): Fit {
  const scale = Math.min(space.w / world.w, space.h / world.h);
  return { scale, left: (space.w - world.w * scale) / 2, top: (space.h - world.h * scale) / 2 };
}

/** Numbers for as many dots as there can be. */
export function blankPicture(): Float32Array<ArrayBuffer> {
  return new Float32Array(DOTS_MAX * NUMBERS_OF_DOT);
}

/** How the dots are brought onto the canvas. */
export interface Layout {
  readonly fit: Fit;
  /** Device pixels for each CSS pixel. */
  readonly density: number;
}

/**
 * Writes the dots of `field` into `picture`, colour by colour, what failed over everything else, and says
 * how many numbers were written.
 */
export function layOutDots(field: DotField, layout: Layout, picture: Float32Array): number {
  let written = 0;
  for (let colour = 0; colour < COLOURS; colour += 1)
    for (let at = 0; at < field.used; at += 1)
      if (field.colour[at] === colour && !field.isFree(at))
        written = writeDot(field, at, layout, { picture, written });
  return written;
}

interface Writing {
  readonly picture: Float32Array;
  readonly written: number;
}

/** Round dots stand on whole device pixels: a picture of them is then copied and not computed anew. */
function writeDot(
  field: DotField,
  at: number,
  { fit, density }: Layout,
  { picture, written }: Writing,
): number {
  const isSquare = field.radius[at] < ROUND_FROM;
  const x = (field.x[at] * fit.scale + fit.left) * density;
  const y = (field.y[at] * fit.scale + fit.top) * density;
  picture[written] = isSquare ? x : Math.round(x);
  picture[written + 1] = isSquare ? y : Math.round(y);
  picture[written + 2] = field.radius[at] * fit.scale * density;
  const isHollow = field.isRetried[at] === 1;
  picture[written + 3] = lookCode({ colour: field.colour[at], isHollow, isSquare });
  return written + NUMBERS_OF_DOT;
}

/** Knows the last picture, so that one that shows the same need not be painted again. */
export interface PictureMemory {
  /** Whether a picture of so many numbers shows something else than the one before it. */
  isNew(picture: Float32Array, numbers: number): boolean;
  /** The next picture is new, whatever it shows. */
  forget(): void;
}

export function createPictureMemory(): PictureMemory {
  const last = blankPicture();
  let lastNumbers = -1;

  function isSame(picture: Float32Array, numbers: number): boolean {
    if (numbers !== lastNumbers) return false;
    for (let i = 0; i < numbers; i += 1) if (picture[i] !== last[i]) return false;
    return true;
  }

  return {
    isNew(picture, numbers) {
      if (isSame(picture, numbers)) return false;
      last.set(picture.subarray(0, numbers));
      lastNumbers = numbers;
      return true;
    },
    forget() {
      lastNumbers = -1;
    },
  };
}
