// The zoom of a link: the same part of the picture, whatever the screen.
import { zoomIdentity } from "d3";
import { expect, it } from "vitest";
import { placeOf, transformOf } from "../../../src/ui/diagram/zoom.ts";

it("is nothing for the whole picture", () => {
  expect(placeOf(zoomIdentity, [800, 600])).toBeNull();
  expect(transformOf(null, [800, 600])).toBe(zoomIdentity);
});

it("keeps the middle and the scale on a picture of another size", () => {
  const place = placeOf(zoomIdentity.translate(-400, -300).scale(2), [800, 600]);
  expect(place).toEqual({ scale: 2, x: 0.5, y: 0.5 });
  expect(transformOf(place, [400, 300]).toString()).toBe("translate(-200,-150) scale(2)");
});

it("never goes beyond what the reader could", () => {
  expect(transformOf({ scale: 1000, x: 0.5, y: 0.5 }, [100, 100]).k).toBe(6);
});
