// The zoom of a link: the same part of the picture, whatever the screen.
import { expect, it } from "vitest";
import { cssOf, placeOf, transformOf } from "../../../src/ui/diagram/zoom-place.ts";

const WHOLE = { k: 1, x: 0, y: 0 };

it("is nothing for the whole picture", () => {
  expect(placeOf(WHOLE, [800, 600])).toBeNull();
  expect(transformOf(null, [800, 600])).toEqual(WHOLE);
});

it("keeps the middle and the scale on a picture of another size", () => {
  const place = placeOf({ k: 2, x: -400, y: -300 }, [800, 600]);
  expect(place).toEqual({ scale: 2, x: 0.5, y: 0.5 });
  expect(cssOf(transformOf(place, [400, 300]))).toBe("translate(-200px, -150px) scale(2)");
});

it("never goes beyond what the reader could", () => {
  expect(transformOf({ scale: 1000, x: 0.5, y: 0.5 }, [100, 100]).k).toBe(6);
});
