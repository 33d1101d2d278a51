// The one animation-frame loop of the page. Whatever moves adds a task; the loop runs while there are
// tasks and sleeps when there are none, so a page at rest costs nothing.

/** Called once a frame with the time in milliseconds; false ends the task. */
export type FrameTask = (nowMs: number) => boolean;

export interface Frames {
  /** Adds a task; the returned function removes it. */
  add(task: FrameTask): () => void;
}

/** A loop on `request` (requestAnimationFrame, or a fake in tests). */
export function createFrames(request: (callback: (nowMs: number) => void) => unknown): Frames {
  const tasks = new Set<FrameTask>();
  let isRequested = false;

  function wake(): void {
    if (isRequested || tasks.size === 0) return;
    isRequested = true;
    request(frame);
  }

  function frame(nowMs: number): void {
    isRequested = false;
    for (const task of [...tasks]) {
      if (tasks.has(task) && !task(nowMs)) tasks.delete(task);
    }
    wake();
  }

  return {
    add(task) {
      tasks.add(task);
      wake();
      return () => tasks.delete(task);
    },
  };
}
