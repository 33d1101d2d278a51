import { describe, expect, it } from "vitest";
import { createCores } from "../../src/host/cores.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { MILLISECOND } from "../../src/kernel/time.ts";

function machine(cores: number): {
  sim: Simulation;
  run: (job: number, ms: number) => void;
  done: [job: number, ms: number][];
  cores: ReturnType<typeof createCores>;
} {
  const sim = new Simulation({ seed: 1 });
  const done: [number, number][] = [];
  const made = createCores(sim, cores);
  const finished = sim.event("finished", (job) => void done.push([job, sim.now / MILLISECOND]));
  return {
    sim,
    done,
    cores: made,
    run: (job, ms) => made.run(job, ms * MILLISECOND, finished, job, 0),
  };
}

describe("the cores", () => {
  it("run as many jobs at once as there are cores", () => {
    const { sim, run, done } = machine(2);
    run(1, 10);
    run(2, 10);
    sim.runUntil(Infinity);
    expect(done).toEqual([
      [1, 10],
      [2, 10],
    ]);
  });

  it("run one job at a time of a process that is alone, the next when it is done", () => {
    const { sim, done, cores } = machine(2);
    const finished = sim.event("of the process", (job) => void done.push([job, sim.now / 1e6]));
    cores.alone(7);
    expect(cores.aloneSince(7)).toBe(-1);
    cores.run(7, 10 * MILLISECOND, finished, 1, 0);
    cores.run(7, 10 * MILLISECOND, finished, 2, 0);
    cores.run(8, 12 * MILLISECOND, finished, 3, 0);
    sim.runUntil(15 * MILLISECOND);
    expect(cores.aloneSince(7)).toBe(10 * MILLISECOND);
    sim.runUntil(Infinity);
    expect(done).toEqual([
      [1, 10],
      [3, 12],
      [2, 20],
    ]);
  });

  it("begin the next job of such a process when the one before is taken back", () => {
    const { sim, done, cores } = machine(2);
    const finished = sim.event("of the process", (job) => void done.push([job, sim.now / 1e6]));
    cores.alone(7);
    cores.run(7, 10 * MILLISECOND, finished, 1, 0);
    cores.run(7, 10 * MILLISECOND, finished, 2, 0);
    cores.cancel(7, finished, 1);
    sim.runUntil(Infinity);
    expect(done).toEqual([[2, 10]]);
  });

  it("share their time in slices of 1.5 ms when there are more jobs", () => {
    const { sim, run, done } = machine(1);
    run(1, 3);
    run(2, 3);
    sim.runUntil(Infinity);
    expect(done).toEqual([
      [1, 4.5],
      [2, 6],
    ]);
  });

  it("let a short job in after a slice although a long one runs", () => {
    const { sim, run, done } = machine(1);
    run(1, 100);
    sim.runUntil(50 * MILLISECOND);
    run(2, 0.5);
    sim.runUntil(Infinity);
    expect(done).toEqual([
      [2, 50.5],
      [1, 100.5],
    ]);
  });

  it("never lose work: all jobs end when the sum of their times has passed", () => {
    const { sim, run, done } = machine(1);
    const lengths = [3, 7.25, 0.1, 12, 5];
    for (const [job, ms] of lengths.entries()) run(job, ms);
    sim.runUntil(Infinity);
    expect(done.at(-1)?.[1]).toBeCloseTo(
      lengths.reduce((sum, ms) => sum + ms, 0),
      6,
    );
    expect(done).toHaveLength(5);
  });

  it("forget the jobs of a process that ended", () => {
    const { sim, run, done, cores } = machine(1);
    run(1, 10);
    run(2, 10);
    cores.processEnded(1);
    sim.runUntil(Infinity);
    expect(done).toEqual([[2, 10]]);
  });

  it("take waiting work at once when the machine gets another", () => {
    const { sim, run, done, cores } = machine(1);
    run(1, 10);
    run(2, 10);
    sim.runUntil(4 * MILLISECOND);
    cores.resize(2);
    sim.runUntil(Infinity);
    // 1 ran for 1.5 and 1 ms, 2 for 1.5 ms; from 4 ms on both run at once.
    expect(done).toEqual([
      [1, 11.5],
      [2, 12.5],
    ]);
    expect(cores.count).toBe(2);
  });

  it("hand over the work of one that goes away", () => {
    const { sim, run, done, cores } = machine(2);
    run(1, 10);
    run(2, 10);
    sim.runUntil(5 * MILLISECOND);
    cores.resize(1);
    sim.runUntil(Infinity);
    expect(done.at(-1)?.[1]).toBe(15);
    expect(done).toHaveLength(2);
  });
});
