// The crowd on the stage: places of the queue and the workers, and dots that find and keep theirs.
import { describe, expect, it } from "vitest";
import { OUTCOMES } from "../../../src/simulation/traffic/dots.ts";
import { PLACES, type PlaceName } from "../../../src/simulation/traffic/places.ts";
import { compactCrowd, wideCrowd } from "../../../src/ui/diagram/crowd-arrangement.ts";
import {
  queueGrid,
  queuePlace,
  wireOf,
  workerGrid,
} from "../../../src/ui/traffic/stage/crowd-parts.ts";
import {
  DotField,
  OUTCOME_ANSWERED,
  OUTCOME_REFUSED,
  OUTCOME_RETRIED,
} from "../../../src/ui/traffic/stage/dot-field.ts";
import { fitOf } from "../../../src/ui/traffic/stage/dot-picture.ts";
import { places } from "../../../src/ui/traffic/stage/dot-places.ts";
import { frameOf } from "../fixtures/traffic.ts";

const wide = wideCrowd();

describe("the queue", () => {
  it("has its head at the bottom and grows upwards", () => {
    const grid = queueGrid(wide.boxes.queue, { length: 20, left: 0 }, false);
    expect(queuePlace(grid, 0).y).toBeGreaterThan(queuePlace(grid, 19).y);
  });

  it("makes its places smaller rather than leave somebody out", () => {
    const sizes = [10, 300, 1_000, 2_049].map((length) =>
      queueGrid(wide.boxes.queue, { length, left: 0 }, false),
    );
    expect(sizes.map(({ cell }) => cell)).toEqual([11, 8, 4, 3]);
    for (const [i, length] of [10, 300, 1_000, 2_049].entries())
      expect(sizes[i].room).toBeGreaterThanOrEqual(length);
  });

  it("keeps every place inside of its box, on a small screen too", () => {
    for (const { boxes, isCompact } of [wide, compactCrowd(378, 280)]) {
      const { queue } = boxes;
      const grid = queueGrid(queue, { length: 500, left: 0 }, isCompact);
      for (let slot = 0; slot < grid.room; slot += 1) {
        const { x, y } = queuePlace(grid, slot);
        expect(x > queue.x && x < queue.x + queue.w && y > queue.y && y < queue.y + queue.h).toBe(
          true,
        );
      }
    }
  });
});

describe("the workers", () => {
  it("each have a cell, and those that do not fit are counted", () => {
    expect(workerGrid(wide.boxes.gunicorn, 4, false)).toMatchObject({ unseen: 0 });
    const many = workerGrid(wide.boxes.gunicorn, 400, false);
    expect(many.cells.length + many.unseen).toBe(400);
  });
});

describe("the codes of a frame", () => {
  it("are those of the engine", () => {
    expect(places).toEqual(PLACES);
    expect(OUTCOMES.slice(OUTCOME_RETRIED, OUTCOME_ANSWERED + 1)).toEqual(["retried", "answered"]);
    expect(OUTCOMES[OUTCOME_REFUSED]).toBe("refused");
  });
});

describe("the dots", () => {
  const one = (at: PlaceName, more: object = {}) => frameOf([{ request: 7, place: at, ...more }]);

  it("begin at the clients and come to their place", () => {
    const field = new DotField();
    field.take(wide, one("accept queue", { slot: 0 }), false);
    const { from } = wireOf(wide);
    expect(field.x[0]).toBe(from.x);
    // Above the wire, in a lane of its own: answers come back below it.
    expect(from.y - field.y[0]).toBeGreaterThanOrEqual(3);
    expect(from.y - field.y[0]).toBeLessThanOrEqual(12);
    for (let i = 0; i < 60; i += 1) field.glide(16);
    const head = queuePlace(queueGrid(wide.boxes.queue, { length: 0, left: 0 }, false), 0);
    expect(field.x[0]).toBeCloseTo(head.x, 0);
    expect(field.y[0]).toBeCloseTo(head.y, 0);
    expect(field.glide(16)).toBe(false);
  });

  it("stand at their place at once where nothing should glide", () => {
    const field = new DotField();
    field.take(wide, one("accept queue", { slot: 0 }), true);
    expect(field.x[0]).toBeCloseTo(
      queuePlace(queueGrid(wide.boxes.queue, { length: 0, left: 0 }, false), 0).x,
      3,
    );
    expect(field.glide(16)).toBe(false);
  });

  it("change their colour with age and with the outcome", () => {
    const field = new DotField();
    const colours = [0, 300, 1_500, 4_000].map((ageMs) => {
      field.take(wide, one("nginx", { ageMs }), true);
      return field.colour[0];
    });
    expect(colours).toEqual([0, 1, 2, 3]);
    field.take(wide, one("link down", { outcome: 2 }), true);
    expect(field.colour[0]).toBe(4);
    field.take(wide, one("link down", { outcome: 5 }), true);
    expect(field.colour[0]).toBe(5);
  });

  it("leave over the wire when their request has ended, and give their place back", () => {
    const field = new DotField();
    field.take(wide, one("worker", { slot: 0 }), false);
    field.take(wide, one("ended", { outcome: 2 }), false);
    field.take(wide, frameOf([]), false);
    expect(field.isFree(0)).toBe(false);
    for (let i = 0; i < 60; i += 1) field.glide(16);
    expect(field.isFree(0)).toBe(true);
    expect(field.glide(16)).toBe(false);
    field.take(wide, frameOf([{ request: 8, place: "nginx" }]), false);
    expect(field.used).toBe(1);
  });

  it("vanish when the run is set to a moment without them", () => {
    const field = new DotField();
    field.take(wide, one("nginx"), false);
    field.take(wide, frameOf([]), true);
    expect(field.isFree(0)).toBe(true);
  });

  it("are smaller the more of them move, and not smaller than can be seen", () => {
    const radii = [80, 320, 2_000].map((count) => {
      const field = new DotField();
      const moving = Array.from({ length: count }, (_, i) => ({ request: i + 1 }));
      field.take(wide, frameOf(moving.map((dot) => ({ ...dot, place: "link up" }))), true);
      return field.radius[0];
    });
    expect(radii[0]).toBe(4);
    expect(radii[1]).toBeCloseTo(2, 6);
    expect(radii[2]).toBeCloseTo(1.6, 6);
  });

  it("come to another size over several frames, so that none flickers", () => {
    const field = new DotField();
    field.take(wide, one("link up"), false);
    const many = frameOf(
      Array.from({ length: 320 }, (_, i) => ({ request: i + 7, place: "link up" })),
    );
    field.take(wide, many, false);
    expect(field.radius[0]).toBeCloseTo(3.8, 5);
    for (let i = 0; i < 60; i += 1) field.take(wide, many, false);
    expect(field.radius[0]).toBeCloseTo(2, 2);
  });

  it("can be found by the pointer, the nearest first", () => {
    const field = new DotField();
    field.take(
      wide,
      frameOf([
        { request: 7, place: "accept queue", slot: 0 },
        { request: 9, place: "accept queue", slot: 1 },
      ]),
      true,
    );
    expect(field.nearest(field.x[1] + 1, field.y[1], 14)).toBe(9);
    expect(field.nearest(0, 0, 14)).toBeNull();
  });
});

describe("the canvas over the drawing", () => {
  it("lies as the drawing does: as large as it fits, in the middle", () => {
    expect(fitOf({ w: 1000, h: 500 }, { w: 1000, h: 1000 })).toEqual({
      scale: 1,
      left: 0,
      top: 250,
    });
  });
});
