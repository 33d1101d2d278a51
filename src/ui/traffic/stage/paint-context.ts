// What is painted on: a canvas of the page, or one that a worker has been given.

export type PaintContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A browser refuses a context only where its memory for canvases is used up. */
export function ensureContext<T extends PaintContext>(context: T | null): T {
  if (context === null) throw new Error("The browser gives no canvas to paint the dots on.");
  return context;
}
