// Where the dots are painted: on a canvas that was handed to a worker, or, where the browser cannot do that
// or the worker does not come, on one of the page.
import { createDotPainter, type PaintForm } from "./dot-painter.ts";
import { blankPicture, createPictureMemory } from "./dot-picture.ts";
import type { FromDotWorker, ToDotWorker } from "./dot-worker-protocol.ts";

/** Writes a picture and says how many numbers it has. */
export type WritePicture = (picture: Float32Array) => number;

export interface DotSurface {
  /** Holds from the next picture on. */
  prepare(form: PaintForm): void;
  /** Shows a picture; false when the ones before it are still being painted, so that it was not written. */
  show(write: WritePicture): boolean;
  close(): void;
}

/** A surface that fills `layer`; `onLost` is called when it will show nothing any more. */
export function createDotSurface(layer: HTMLElement, onLost: () => void): DotSurface {
  const isApart = "transferControlToOffscreen" in HTMLCanvasElement.prototype;
  return isApart ? surfaceOfWorker(layer, onLost) : surfaceOfPage(layer);
}

/** A surface that paints at once, on the page's own thread; without a canvas the lists tell the same. */
export function surfaceOfPage(layer: HTMLElement): DotSurface {
  const canvas = newCanvas(layer);
  const context = canvas.getContext("2d");
  const painter = context === null ? null : createDotPainter(context);
  const { takeBack, ...sender } = createPictureSender((message) => {
    if (message.kind === "form") painter?.prepare(message.form);
    else {
      painter?.paint(message.picture, message.numbers);
      takeBack(message.picture);
    }
  });
  return { ...sender, close: () => canvas.remove() };
}

function surfaceOfWorker(layer: HTMLElement, onLost: () => void): DotSurface {
  const canvas = newCanvas(layer);
  const offscreen = canvas.transferControlToOffscreen();
  const worker = new Worker(new URL("./dot-worker.ts", import.meta.url), { type: "module" });
  const send = (message: ToDotWorker, handed: Transferable[] = []): void =>
    worker.postMessage(message, handed);
  send({ kind: "canvas", canvas: offscreen }, [offscreen]);
  const { takeBack, ...sender } = createPictureSender((message) =>
    send(message, message.kind === "picture" ? [message.picture.buffer] : []),
  );
  worker.addEventListener("message", ({ data }: MessageEvent<FromDotWorker>) => takeBack(data));
  worker.addEventListener("error", onLost);
  return {
    ...sender,
    close() {
      worker.terminate();
      canvas.remove();
    },
  };
}

/** Pictures on their way: one is painted while the next is written. */
const PICTURES = 2;

export interface PictureSender extends Omit<DotSurface, "close"> {
  /** A picture that was painted, to be written anew. */
  takeBack(picture: FromDotWorker): unknown;
}

/** Sends pictures that show something new, as many at once as can be on their way. */
export function createPictureSender(
  send: (message: Exclude<ToDotWorker, { readonly kind: "canvas" }>) => void,
): PictureSender {
  const spare = Array.from({ length: PICTURES }, blankPicture);
  const shown = createPictureMemory();
  return {
    prepare(form) {
      shown.forget();
      send({ kind: "form", form });
    },
    show(write) {
      const picture = spare.pop();
      if (picture === undefined) return false;
      const numbers = write(picture);
      if (shown.isNew(picture, numbers)) send({ kind: "picture", picture, numbers });
      else spare.push(picture);
      return true;
    },
    takeBack: (picture) => spare.push(picture),
  };
}

/** React has no part in it: a canvas can be handed over once, and an effect may run twice. */
function newCanvas(layer: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = "dot-canvas";
  layer.append(canvas);
  return canvas;
}
