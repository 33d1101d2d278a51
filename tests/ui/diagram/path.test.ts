// The way of the message: sampled once, looked up by share.
import { describe, expect, it } from "vitest";
import { wideArrangement } from "../../../src/ui/diagram/arrangements.ts";
import { ease, glideMs, pointAt, samplePath, waypoints } from "../../../src/ui/diagram/path.ts";

describe("a sampled path", () => {
  const path = samplePath([
    { x: 0, y: 0 },
    { x: 30, y: 0 },
    { x: 30, y: 10 },
  ]);

  it("knows its length", () => {
    expect(path.length).toBe(40);
  });

  it("finds the point after a part of the way", () => {
    expect(pointAt(path, 0)).toEqual({ x: 0, y: 0 });
    expect(pointAt(path, 0.5)).toEqual({ x: 20, y: 0 });
    expect(pointAt(path, 0.875)).toEqual({ x: 30, y: 5 });
    expect(pointAt(path, 1)).toEqual({ x: 30, y: 10 });
    expect(pointAt(path, 7)).toEqual({ x: 30, y: 10 });
  });

  it("of a single point stays there", () => {
    expect(pointAt(samplePath([{ x: 3, y: 4 }]), 0.5)).toEqual({ x: 3, y: 4 });
  });
});

describe("a glide", () => {
  it("takes 150 to 300 ms", () => {
    expect(glideMs(0)).toBe(150);
    expect(glideMs(100)).toBe(180);
    expect(glideMs(5_000)).toBe(300);
  });

  it("starts and ends at rest", () => {
    expect(ease(0)).toBe(0);
    expect(ease(0.5)).toBe(0.5);
    expect(ease(1)).toBe(1);
    expect(ease(0.1)).toBeLessThan(0.1);
  });
});

describe("the way through the picture", () => {
  const arrangement = wideArrangement("nginx");

  it("from Nginx to a worker goes through the accept queue", () => {
    const { queue } = arrangement.boxes;
    const way = waypoints(arrangement, "nginx", "gunicorn");
    expect(way.some(({ x }) => x === queue.x)).toBe(true);
  });

  it("back is the same way in reverse", () => {
    const there = waypoints(arrangement, "browser", "nginx");
    expect(waypoints(arrangement, "nginx", "browser")).toEqual([...there].reverse());
  });

  it("to where it is already has no points", () => {
    expect(waypoints(arrangement, "dns", "dns")).toEqual([]);
  });
});
