// What is to be seen of the dots of a crowd, read from screenshots: those pixels of the stage that are
// otherwise when the dots are hidden. So it holds whoever painted them: the page, or a worker.
import type { Page } from "@playwright/test";

export interface SeenDots {
  /** How many device pixels show a dot. */
  readonly pixels: number;
  /** The colours that most of them have, "#rrggbb", the commonest first. */
  readonly colours: readonly string[];
  /** A place of the page, in CSS pixels, in the middle of a dot; null when there is none. */
  readonly place: { readonly x: number; readonly y: number } | null;
}

/** The dots on the stage of a run that is paused. */
export async function seenDots(page: Page): Promise<SeenDots> {
  const layer = page.locator(".dot-layer");
  const box = await layer.boundingBox();
  if (box === null) throw new Error("There is no stage for dots on the page.");
  const shot = async (visibility: string): Promise<string> => {
    await layer.evaluate((element, value) => {
      (element as HTMLElement).style.visibility = value;
    }, visibility);
    return (await page.screenshot({ clip: box, animations: "disabled" })).toString("base64");
  };
  const without = await shot("hidden");
  const seen = await page.evaluate(difference, [without, await shot("")] as const);
  const { place } = seen;
  return { ...seen, place: place === null ? null : { x: box.x + place.x, y: box.y + place.y } };
}

/** In the page: what the second picture (PNG, base64) shows that the first does not. */
async function difference(shots: readonly [string, string]): Promise<SeenDots> {
  const pixelsOf = async (png: string): Promise<ImageData> => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [{ data: before }, { data: after, width }] = await Promise.all(shots.map(pixelsOf));
  const isDot = (i: number): boolean =>
    [0, 1, 2].some((part) => Math.abs(after[i + part] - before[i + part]) > 16);
  const counts = new Map<string, number>();
  let place: { x: number; y: number } | null = null;
  let pixels = 0;
  for (let i = 0; i < after.length; i += 4) {
    if (!isDot(i)) continue;
    pixels += 1;
    const parts = [after[i], after[i + 1], after[i + 2]];
    const colour = `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
    const isInside = [-2, 2].every((by) => isDot(i + 4 * by) && isDot(i + 4 * width * by));
    if (isInside) {
      const at = i / 4;
      place ??= {
        x: (at % width) / devicePixelRatio,
        y: Math.floor(at / width) / devicePixelRatio,
      };
    }
  }
  const colours = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  return { pixels, colours: colours.slice(0, 6), place };
}

/** How many different pictures a canvas shows in the next `count` frames of the screen. */
export async function picturesOf(canvas: Element, count: number): Promise<number> {
  const seen = new Set<string>();
  for (let i = 0; i < count; i += 1) {
    await new Promise(requestAnimationFrame);
    seen.add((canvas as HTMLCanvasElement).toDataURL());
  }
  return seen.size;
}
