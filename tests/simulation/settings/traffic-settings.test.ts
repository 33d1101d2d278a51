// The settings of the traffic and of the view that answers it: each is one place of the scenario's JSON, and
// one that has no place says what it needs.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { checkScenario } from "../../../src/simulation/read-scenario.ts";
import type { Scenario } from "../../../src/simulation/scenario.ts";
import type { SettingValue } from "../../../src/simulation/settings/setting.ts";
import { settingOf, withSetting, withSettings } from "../../../src/simulation/settings/settings.ts";
import { trafficOf } from "../../../src/simulation/traffic/traffic-spec.ts";

const scenarioOf = (id: string): Scenario => library.find((entry) => entry.id === id)!.scenario;
const shop = scenarioOf("too-few-workers");

function changed(scenario: Scenario, values: Readonly<Record<string, SettingValue>>): Scenario {
  const after = withSettings(scenario, values);
  if ("problem" in after) throw new Error(after.problem);
  expect(checkScenario(after)).toMatchObject({ ok: true });
  return after;
}

const arrivalsWith = (values: Readonly<Record<string, SettingValue>>) =>
  trafficOf(changed(shop, values)).arrivals;

describe("how requests arrive", () => {
  it("changes with as many a second as before", () => {
    expect(arrivalsWith({ arrivals: "constant" })).toEqual({ constant: 120 });
    expect(arrivalsWith({ arrivals: "bursts" })).toEqual({ bursts: { size: 120, everyMs: 1000 } });
    expect(arrivalsWith({ arrivals: "users" })).toEqual({ users: 120, thinkMs: 1000 });
    expect(arrivalsWith({ arrivals: "users", thinkMs: 500 })).toHaveProperty("thinkMs", 500);
    expect(arrivalsWith({ arrivals: "bursts", burstMs: 250, rate: 40 })).toEqual({
      bursts: { size: 10, everyMs: 250 },
    });
    expect(arrivalsWith({ rate: 0.5, arrivals: "bursts" })).toEqual({
      bursts: { size: 1, everyMs: 2000 },
    });
  });

  it("becomes a list to be replaced by recorded instants, and comes back from it", () => {
    const list = arrivalsWith({ rate: 10, arrivals: "list" }) as { atMs: readonly number[] };
    expect(list.atMs.length).toBeGreaterThan(540);
    expect(list.atMs.length).toBeLessThan(660);
    expect(list.atMs.at(-1)).toBeLessThanOrEqual(60_000);
    expect(
      trafficOf(changed(changed(shop, { rate: 10, arrivals: "list" }), { arrivals: "poisson" }))
        .arrivals,
    ).toHaveProperty("poisson", expect.closeTo(10.6, 1));
  });

  it("says what a setting of another kind needs", () => {
    expect(withSetting(shop, "thinkMs", 5)).toEqual({
      problem: "thinkMs needs users; set arrivals to users first",
    });
    expect(withSetting(shop, "mix1", 5)).toHaveProperty(
      "problem",
      expect.stringContaining("a mix of at least 2 requests"),
    );
  });
});

describe("the mix and the clients", () => {
  it("names each part by its path, and changes its weight", () => {
    const slow = scenarioOf("slow-endpoint");
    expect(settingOf(slow, "mix2")).toMatchObject({
      title: "Weight of /reports/year/",
      value: 1,
      place: { path: "traffic", text: '"weight": 1,' },
    });
    expect(trafficOf(changed(slow, { mix2: 19 })).mix?.map(({ weight }) => weight)).toEqual([
      19, 19,
    ]);
  });

  it("writes retries with what they need", () => {
    expect(
      trafficOf(changed(shop, { retries: 3, retryFactor: 2, retryJitter: true })).retry,
    ).toEqual({ times: 3, afterMs: 1000, factor: 2, jitter: true });
  });
});

describe("the time of the view", () => {
  const stepsWith = (id: string, values: Readonly<Record<string, SettingValue>>) =>
    changed(scenarioOf(id), values).views;

  it("is constant, exponential or log-normal", () => {
    const steps = (values: Readonly<Record<string, SettingValue>>) =>
      stepsWith("too-few-workers", values)?.["shop.views.product"].steps[1];
    expect(steps({ spread: "constant" })).toEqual({ work: 28 });
    expect(steps({ spread: "exponential" })).toEqual({ work: 28, spread: "exponential" });
    expect(steps({ spread: "constant", viewMs: 5 })).toEqual({ work: 5 });
    expect(steps({ variation: 1.5 })).toEqual({ work: 28, spread: { logNormal: 1.5 } });
  });

  it("stays the same step however short it becomes", () => {
    const rule = scenarioOf("two-n-plus-one");
    const short = changed(rule, { viewMs: 1 });
    expect(settingOf(short, "viewMs")?.value).toBe(1);
    expect(settingOf(short, "computeMs")?.value).toBe(13);
  });

  it("is written into a view that had none", () => {
    const api = stepsWith("json-api", { viewMs: 20 })?.["shop.api.products"].steps;
    expect(api?.[0]).toEqual({ work: 20 });
    expect(api).toHaveLength(3);
  });
});

describe("things that are counted", () => {
  it("come in whole numbers", () => {
    expect(withSetting(shop, "workers", 2.5)).toEqual({
      problem: "workers takes a whole number from 1 to 128, got 2.5",
    });
    expect(settingOf(changed(shop, { rate: 2.5 }), "rate")?.value).toBe(2.5);
  });
});
