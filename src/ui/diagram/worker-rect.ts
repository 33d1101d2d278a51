// The worker that serves the request, opened: its rectangle in the picture and the rings of Django in it.
// Drawing and message ask the same functions, so the message always stands where the part is drawn.
import type { Arrangement } from "./arrangements.ts";
import type { BoxModel } from "./model.ts";
import { type Rings, ringsIn, TITLE_HEIGHT, workerParts } from "./parts.ts";
import { type Rect, rect } from "./rect.ts";

/** Whether Gunicorn's box itself is the opened worker, as when Django is open. */
export function isWorkerItself({ focus }: Arrangement): boolean {
  return focus === "django" || focus === "database";
}

/** The opened worker, or null when this picture opens none. */
export function openWorkerOf(arrangement: Arrangement, model: BoxModel): Rect | null {
  const box = arrangement.boxes.gunicorn;
  if (isWorkerItself(arrangement)) return box.mode === "hidden" ? null : box;
  if (box.mode !== "medium") return null;
  const { workers } = model.scene.gunicorn;
  const others = workers.filter(({ number }) => number !== (model.servingWorker ?? 1));
  return workers.length === 0 ? null : workerParts(box, others.length).open;
}

/** The rings of the middleware in the opened worker, or null when no worker is open. */
export function djangoRings(arrangement: Arrangement, model: BoxModel): Rings | null {
  const worker = openWorkerOf(arrangement, model);
  if (worker === null) return null;
  const isItself = isWorkerItself(arrangement);
  const top = isItself ? TITLE_HEIGHT : 32;
  const side = isItself && worker.w > 400 ? 18 : 10;
  const area = rect(worker.x + side, worker.y + top, worker.w - 2 * side, worker.h - top - 12);
  return ringsIn(area, model.scene.django.middleware.length);
}
