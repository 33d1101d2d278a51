// The parts of open boxes: they stay inside, in order, and never overlap, however many there are.
import { describe, expect, it } from "vitest";
import {
  arbiterAndWorkers,
  chipGrid,
  coreCells,
  dnsNodes,
  phaseRows,
  ringsIn,
  workerParts,
} from "../../../src/ui/diagram/parts.ts";
import { type Rect, rect } from "../../../src/ui/diagram/rect.ts";

const inside = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x - 0.01 &&
  inner.y >= outer.y - 0.01 &&
  inner.x + inner.w <= outer.x + outer.w + 0.01 &&
  inner.y + inner.h <= outer.y + outer.h + 0.01;

const sizes = [rect(380, 92, 224, 404), rect(6, 6, 308, 250), rect(6, 6, 378, 420)];

describe.each(sizes)("in a box of %o", (box) => {
  it.each([1, 9, 14])("%i phases lie in the box, under one another", (count) => {
    const rows = phaseRows(box, count);
    expect(rows).toHaveLength(count);
    expect(rows.every((row) => inside(box, row))).toBe(true);
    rows.slice(1).forEach((row, i) => {
      expect(row.y).toBeGreaterThan(rows[i].y + rows[i].h);
    });
  });

  it.each([0, 1, 7, 10])("%i rings lie in one another and leave room in the middle", (count) => {
    const { rings, core } = ringsIn(box, count);
    rings.slice(1).forEach((ring, i) => {
      expect(inside(rings[i], ring)).toBe(true);
    });
    expect(inside(rings.at(-1) ?? box, core)).toBe(true);
    expect(core.w).toBeGreaterThan(100);
    expect(core.h).toBeGreaterThan(20);
  });

  it.each([1, 4, 9])("cards for %i workers lie in the box", (count) => {
    const { workers, unseen } = arbiterAndWorkers(box, count);
    expect(workers.length + unseen).toBe(count);
    expect(workers.every((card) => inside(box, card))).toBe(true);
  });
});

describe("cells of the core", () => {
  const names = ["urls", "view", "model", "template"];

  it("are of one width where there is room, and as wide as what they say where there is less", () => {
    const wide = coreCells(rect(0, 0, 500, 90), names);
    expect(new Set(wide.map(({ w }) => Math.round(w))).size).toBe(1);
    const middle = coreCells(rect(0, 0, 380, 90), names);
    expect(middle[0].w).toBeGreaterThan(2 * middle[2].w);
    const narrow = coreCells(rect(0, 0, 220, 90), names);
    expect(narrow[3].w).toBeGreaterThan(narrow[0].w);
    expect(narrow[3].x + narrow[3].w).toBeCloseTo(220);
  });
});

describe("Gunicorn shrunk", () => {
  it("counts the workers that have no card", () => {
    expect(workerParts(rect(0, 0, 328, 400), 11).unseen).toBe(8);
    expect(chipGrid(rect(0, 0, 232, 150), 4)).toHaveLength(4);
  });
});

describe("the DNS", () => {
  it("has its five servers in the box", () => {
    const box = rect(24, 24, 292, 156);
    for (const node of Object.values(dnsNodes(box, "medium"))) expect(inside(box, node)).toBe(true);
  });
});
