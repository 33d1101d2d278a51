// The worker that paints the dots, so that the page's thread is free for the reader. It holds the canvas and
// knows nothing of the run: pictures come as numbers and go back when they have been painted.
import { createDotPainter, type DotPainter } from "./dot-painter.ts";
import type { FromDotWorker, ToDotWorker } from "./dot-worker-protocol.ts";
import { ensureContext } from "./paint-context.ts";

let painter: DotPainter | null = null;

addEventListener("message", ({ data }: MessageEvent<ToDotWorker>) => {
  switch (data.kind) {
    case "canvas":
      painter = createDotPainter(ensureContext(data.canvas.getContext("2d")));
      break;
    case "form":
      painter?.prepare(data.form);
      break;
    case "picture":
      painter?.paint(data.picture, data.numbers);
      giveBack(data.picture);
  }
});

function giveBack(picture: FromDotWorker): void {
  postMessage(picture, { transfer: [picture.buffer] });
}
