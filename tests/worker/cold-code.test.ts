// A run that meets code that is not loaded yet is made again, and says the same as if it had been there.
import { afterEach, describe, expect, it, vi } from "vitest";
import { withColdCode } from "../../src/worker/cold-code.ts";

afterEach(() => {
  globalThis.coldCode = undefined;
});

describe("withColdCode", () => {
  it("runs once when everything was there", async () => {
    const loadRest = vi.fn(async () => {});
    expect(await withColdCode(() => 42, loadRest)).toBe(42);
    expect(loadRest).not.toHaveBeenCalled();
  });

  it("runs again when a function was missing, and takes nothing from the first attempt", async () => {
    const coldCode = { missed: false, load: async () => {} };
    globalThis.coldCode = coldCode;
    let isLoaded = false;
    const run = (): string => {
      if (isLoaded) return "right";
      coldCode.missed = true;
      // The program modelled may take the failure for one of its own and go on.
      return "wrong";
    };
    const loadRest = async () => {
      isLoaded = true;
    };
    expect(await withColdCode(run, loadRest)).toBe("right");
  });

  it("fails with the run's own error when nothing was missing", async () => {
    const run = () => {
      throw new Error("no such zone");
    };
    await expect(withColdCode(run, async () => {})).rejects.toThrow("no such zone");
  });
});
