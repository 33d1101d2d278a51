// What `npm run validate -- --theory` measures with, on a few cells: quick, and every one of them exact in theory.
import { expect, test } from "vitest";
import { meanWaitConstantExact } from "../../../src/cli/validate/constant-service.ts";
import { estimate } from "../../../src/cli/validate/control-variates.ts";
import { runLine } from "../../../src/cli/validate/line-model.ts";
import { meanWaitExponential } from "../../../src/simulation/traffic/erlang.ts";

test.each([
  // Pollaczek and Khinchine: utilisation / (2 (1 - utilisation)).
  [1, 0.9, 4.5],
  // Crommelin's values, by numerical solution of the embedded chain.
  [2, 1, 0.176741],
  [4, 3.6, 0.999966],
  [5, 4, 0.28906],
  [8, 7.2, 0.449973],
])("with constant service %i servers at %f erlangs let wait for %f service times", (c, a, wait) => {
  expect(meanWaitConstantExact(c, a)).toBeCloseTo(wait, 6);
});

test("a control takes away what it explains, and leaves the mean", () => {
  const noise = [0.3, -0.1, 0.4, -0.2, 0.1, -0.5];
  const batches = noise.map((each, i) => ({
    mean: 5 + 2 * each + (i % 2 === 0 ? 0.001 : -0.001),
    controls: [each, 0],
  }));
  const { mean, standardError } = estimate(batches);
  expect(mean).toBeCloseTo(5, 2);
  expect(standardError).toBeLessThan(0.001);
});

test.each([
  { service: "exponential", servers: 1, utilisation: 0.8 },
  { service: "exponential", servers: 4, utilisation: 0.9 },
  { service: "constant", servers: 16, utilisation: 0.8 },
] as const)("$servers servers, $service service, at $utilisation", (cell) => {
  const { service, servers, utilisation } = cell;
  const load = servers * utilisation;
  const wait =
    service === "constant"
      ? meanWaitConstantExact(servers, load)
      : meanWaitExponential(servers, load, 1);
  const { mean, standardError } = runLine({
    ...{ servers, service, ratePerSecond: load, seed: 5 },
    ...{ precision: 0.005, customersMax: 3_000_000 },
  });
  expect(standardError).toBeLessThan(0.005 * mean);
  expect(Math.abs(mean - 1 - wait)).toBeLessThan(3 * standardError);
});
