// The message stands in the picture at every step, in both sizes, and in the box that works on it.
import { describe, expect, it } from "vitest";
import { compactArrangement, wideArrangement } from "../../../src/ui/diagram/arrangements.ts";
import { stageModel } from "../../../src/ui/diagram/model.ts";
import { diagramNodes } from "../../../src/ui/diagram/nodes.ts";
import { boxOf, focuses, focusOfScene } from "../../../src/ui/diagram/places.ts";
import { tokenAnchor } from "../../../src/ui/diagram/token-place.ts";
import { fixtureJourney } from "../fixtures/journey.ts";

const journey = fixtureJourney();

describe.each(journey.steps)("step $index, $title", ({ index }) => {
  const model = stageModel(journey, index);
  const focus = focusOfScene(model.scene);

  it("has the message at the box that works on it", () => {
    const arrangement = wideArrangement(focus);
    const box = arrangement.boxes[boxOf(model.scene.token.at)];
    const { x, y } = tokenAnchor(arrangement, model);
    expect(x).toBeGreaterThanOrEqual(box.x - 1);
    expect(x).toBeLessThanOrEqual(box.x + box.w + 1);
    expect(y).toBeGreaterThanOrEqual(box.y - 1);
    expect(y).toBeLessThanOrEqual(box.y + box.h + 1);
  });

  it("has the message inside a small picture", () => {
    const { x, y } = tokenAnchor(compactArrangement(focus, 320, 280), model);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThanOrEqual(320);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(280);
  });
});

describe("the nodes of the diagram", () => {
  it.each(focuses)("have a place and a name each with %s open", (focus) => {
    const nodes = diagramNodes(wideArrangement(focus), stageModel(journey, 34));
    expect(new Set(nodes.map(({ key }) => key)).size).toBe(nodes.length);
    for (const { at, label } of nodes) {
      expect(at.w).toBeGreaterThan(0);
      expect(at.h).toBeGreaterThan(0);
      expect(label.length).toBeGreaterThan(2);
    }
  });
});
