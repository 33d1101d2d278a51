import { describe, expect, it } from "vitest";
import { formatHash } from "../../src/kernel/hash.ts";
import { defineMachine } from "../../src/kernel/machine.ts";
import type { RecordedRow } from "../../src/kernel/recorder.ts";
import { NO_REQUEST, Simulation } from "../../src/kernel/simulation.ts";

const door = defineMachine({
  name: "door",
  layer: "test",
  source: "an example",
  initial: "closed",
  states: { closed: {}, open: {}, broken: { final: true } },
  transitions: {
    push: { from: "closed", to: "open", on: "somebody pushes" },
    pull: { from: "open", to: "closed", on: "somebody pulls" },
    kick: { from: ["closed", "open"], to: "broken", on: "somebody kicks" },
  },
});

/** A door that is pushed and pulled every 10 ns, and counts it. */
function swinging(seed = 1): { sim: Simulation; entity: number } {
  const sim = new Simulation({ seed });
  const handle = sim.machine(door);
  sim.world.test = { pushes: 0, log: [] };
  const swing = sim.event("swing", (entity) => {
    const state = sim.world.test as { pushes: number; log: number[] };
    const open = sim.is(handle, entity, "open");
    sim.fire(
      handle,
      entity,
      open ? door.transition.pull : door.transition.push,
      sim.draw(state.pushes, 1) % 100,
    );
    state.pushes++;
    state.log.push(sim.now);
    sim.after(10, swing, entity);
  });
  const entity = sim.spawn(handle, NO_REQUEST);
  sim.after(0, swing, entity);
  return { sim, entity };
}

describe("a simulation", () => {
  it("changes states only by transitions that the machine permits", () => {
    const { sim, entity } = swinging();
    const handle = sim.machine(door);
    expect(() => sim.fire(handle, entity, door.transition.pull)).toThrow(
      "door does not permit pull: entity 0 (door) is in closed",
    );
    sim.fire(handle, entity, door.transition.kick);
    expect(() => sim.fire(handle, entity, door.transition.push)).toThrow("is in broken");
    expect([...handle.occupancy]).toEqual([0, 0, 1]);
  });

  it("writes each transition with its time, and escapes gaps beyond 32 bits", () => {
    const sim = new Simulation({ seed: 1 });
    const handle = sim.machine(door);
    const entity = sim.spawn(handle, NO_REQUEST);
    sim.fire(handle, entity, door.transition.push);
    sim.runUntil(10);
    sim.fire(handle, entity, door.transition.pull);
    sim.runUntil(20_000_000_000);
    sim.fire(handle, entity, door.transition.kick, -5);
    const rows = [...sim.journal.rows()];
    expect(rows.map((row) => row.time)).toEqual([0, 10, 20_000_000_000]);
    expect(rows.at(-1)?.value).toBe(-5);
    expect(sim.journal.rowCount).toBe(3 + 4);
  });

  it("does the same for the same seed, and something else for another", () => {
    const hashOf = (seed: number): string => {
      const { sim } = swinging(seed);
      sim.runUntil(10_000);
      return formatHash(sim.journal.hash);
    };
    expect(hashOf(1)).toBe(hashOf(1));
    expect(hashOf(1)).not.toBe(hashOf(2));
  });

  it("goes back to a keyframe and then either repeats itself or takes another way", () => {
    const { sim, entity } = swinging();
    sim.runUntil(1000);
    const keyframe = sim.keyframe();
    sim.runUntil(2000);
    const hash = sim.journal.hash;
    sim.restore(keyframe);
    expect(sim.now).toBe(1000);
    expect((sim.world.test as { log: number[] }).log).toHaveLength(101);
    sim.runUntil(2000);
    expect(sim.journal.hash).toBe(hash);
    expect([...sim.journal.rows()]).toHaveLength(201);

    sim.restore(keyframe);
    sim.fire(sim.machine(door), entity, door.transition.kick);
    expect(sim.journal.hash).not.toBe(hash);
    expect([...sim.journal.rows()]).toHaveLength(102);
  });

  it("is not changed by a recorder, which hears only of the requests it wants", () => {
    const run = (recorded: boolean): { hash: number; heard: RecordedRow[] } => {
      const { sim } = swinging();
      const heard: RecordedRow[] = [];
      if (recorded)
        sim.recorder = {
          wants: (request) => request === NO_REQUEST,
          row: (row) => void heard.push(row),
          note: () => undefined,
        };
      sim.runUntil(100);
      return { hash: sim.journal.hash, heard };
    };
    const silent = run(false);
    const watched = run(true);
    expect(watched.hash).toBe(silent.hash);
    expect(watched.heard).toHaveLength(11);
    expect(watched.heard[1].machine.transitionNames[watched.heard[1].transition]).toBe("pull");
  });

  it("cancels a timer that is pending and ignores one that is gone", () => {
    const sim = new Simulation({ seed: 1 });
    const happened: number[] = [];
    const ring = sim.event("ring", (a) => void happened.push(a));
    const first = sim.after(10, ring, 1);
    sim.after(20, ring, 2);
    sim.cancel(first);
    sim.runUntil(100);
    sim.cancel(first);
    expect(happened).toEqual([2]);
    expect(sim.now).toBe(100);
  });
});

/** What a run hears when every third event of an instant raises another one for the same instant. */
function heardWith(raise: "after" | "soon"): { heard: number[]; events: number } {
  const sim = new Simulation({ seed: 1 });
  const heard: number[] = [];
  const ring = sim.event("ring", (a) => {
    heard.push(a);
    if (a >= 200 || a % 3 !== 0) return;
    if (raise === "soon") sim.soon(ring, a + 100);
    else sim.after(0, ring, a + 100);
    if (a % 2 === 0) sim.after(0, ring, a + 201);
  });
  for (let i = 0; i < 40; i++) sim.at(10 * Math.floor(i / 4), ring, i);
  for (let i = 40; i < 50; i++) sim.at(1000 + i, ring, i);
  sim.runUntil(5000);
  return { heard, events: sim.eventCount };
}

describe("an event of the same instant", () => {
  it("comes in the same order, and counts the same, whether it passes by the queue or not", () => {
    const { heard, events } = heardWith("soon");
    expect(heard).toEqual(heardWith("after").heard);
    expect(events).toBe(heardWith("after").events);
    expect(heard.length).toBe(events);
  });

  it("is over when a step is, so that a keyframe can be taken between two steps", () => {
    const sim = new Simulation({ seed: 1 });
    const heard: number[] = [];
    const ring = sim.event("ring", (a) => {
      heard.push(a);
      if (a < 3) sim.soon(ring, a + 1);
    });
    sim.at(10, ring, 1);
    sim.step();
    expect(heard).toEqual([1, 2, 3]);
    expect(sim.keyframe().eventCount).toBe(3);
  });
});

describe("defineMachine", () => {
  it("refuses a transition out of a final state", () => {
    expect(() =>
      defineMachine({
        name: "wrong",
        layer: "test",
        source: "an example",
        initial: "a",
        states: { a: { final: true }, b: {} },
        transitions: { leave: { from: "a", to: "b", on: "never" } },
      }),
    ).toThrow("leaves the final state a");
  });
});
