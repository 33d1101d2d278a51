// Maps are made anew between events; a run cannot tell.
import { describe, expect, it } from "vitest";
import { Simulation } from "../../src/kernel/simulation.ts";

/** A thousand entries come and go, ten of them at a time; what is left, and the maps that there have been. */
function play(isRenewed: boolean): { readonly left: readonly number[]; readonly maps: number } {
  const sim = new Simulation({ seed: 1 });
  const maps = new Set<Map<number, string>>();
  const world = { entries: new Map<number, string>() };
  const event = sim.event("an entry comes", (number) => {
    world.entries.set(number, `entry ${number}`);
    world.entries.delete(number - 10);
    maps.add(world.entries);
    if (number < 5000) sim.after(1000, event, number + 1);
  });
  if (isRenewed)
    sim.renewal.add(() => {
      world.entries = new Map(world.entries);
      return world.entries.size;
    });
  sim.after(0, event, 0);
  sim.runUntil(1e9);
  return { left: [...world.entries.keys()], maps: maps.size };
}

describe("maps through which many entries pass", () => {
  it("are made anew about every thousand events, with the same entries in the same order", () => {
    const renewed = play(true);
    expect(renewed.maps).toBeGreaterThan(3);
    expect(renewed.maps).toBeLessThan(7);
    expect(renewed.left).toEqual(play(false).left);
  });

  it("stay as they are where no layer says how they are made anew", () =>
    expect(play(false).maps).toBe(1));
});
