import { expect, test } from "vitest";
import { draw32, minusLogOfDraw } from "../../src/kernel/random.ts";

test("the logarithm of a draw agrees with the platform's to 1e-12, to both ends", () => {
  const powers = Array.from({ length: 32 }, (_, bits) => 2 ** bits);
  const edges = [0, 2 ** 32 - 2, 2 ** 32 - 1, ...powers.flatMap((n) => [n - 1, n, n + 1])];
  const draws = [...edges, ...Array.from({ length: 100_000 }, (_, entity) => draw32(8, entity, 1))];
  const errors = draws.map((draw) =>
    Math.abs(minusLogOfDraw(draw) + Math.log((draw + 0.5) / 2 ** 32)),
  );
  expect(errors.reduce((worst, error) => Math.max(worst, error), 0)).toBeLessThan(1e-12);
});
