// The size of an element on the screen, for what is laid out by hand.
import { useEffect, useState } from "react";

export interface Size {
  readonly w: number;
  readonly h: number;
}

/** The size of an element, kept up to date; null before the first measurement. */
export function useSize(element: React.RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize({ w: Math.round(width), h: Math.round(height) });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
