// Paints pictures of dots on a canvas: the small ones as squares, the others as images that were drawn once
// (dot-sprites.ts). The same in the worker that paints and, where there is none, on the page.
import { lookOfCode, NUMBERS_OF_DOT } from "./dot-look.ts";
import { createSprites } from "./dot-sprites.ts";
import type { PaintContext } from "./paint-context.ts";

/** What holds for every picture until the stage or the theme changes. */
export interface PaintForm {
  /** In device pixels. */
  readonly width: number;
  readonly height: number;
  /** The theme's colours, in the order of the field's. */
  readonly colours: readonly string[];
}

export interface DotPainter {
  /** Holds from the next picture on; until then the canvas keeps what it shows. */
  prepare(form: PaintForm): void;
  /** Paints a picture that is written as so many numbers. */
  paint(picture: Float32Array, numbers: number): void;
}

/** A painter that shows nothing until it was prepared. */
export function createDotPainter(context: PaintContext): DotPainter {
  const { canvas } = context;
  let form: PaintForm | null = null;
  let sprites = createSprites([]);

  /** Setting its size clears a canvas, so that this waits for something to show instead. */
  function clear({ width, height }: PaintForm): void {
    if (canvas.width === width && canvas.height === height) context.clearRect(0, 0, width, height);
    else {
      canvas.width = width;
      canvas.height = height;
    }
  }

  function paintDot(picture: Float32Array, i: number, colours: readonly string[]): void {
    const [x, y, radius] = [picture[i], picture[i + 1], picture[i + 2]];
    const look = lookOfCode(picture[i + 3]);
    if (look.isSquare) {
      context.fillStyle = colours[look.colour];
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      return;
    }
    const { image, middle } = sprites(look, radius);
    context.drawImage(image, x - middle, y - middle);
  }

  return {
    prepare(next) {
      form = next;
      sprites = createSprites(next.colours);
    },
    paint(picture, numbers) {
      if (form === null) return;
      clear(form);
      for (let i = 0; i < numbers; i += NUMBERS_OF_DOT) paintDot(picture, i, form.colours);
    },
  };
}
