// What the page and the worker that paints its dots say to each other.
import type { PaintForm } from "./dot-painter.ts";

export type ToDotWorker =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  | { readonly kind: "form"; readonly form: PaintForm }
  /** The numbers are handed over, and come back as the answer when they have been painted. */
  | {
      readonly kind: "picture";
      readonly picture: Float32Array<ArrayBuffer>;
      readonly numbers: number;
    };

/** A picture that was painted, to be written anew. */
export type FromDotWorker = Float32Array<ArrayBuffer>;
