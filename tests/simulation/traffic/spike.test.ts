// The riskiest part of the program as one run, small: a crowd before Nginx with a cache and a limit and
// Gunicorn with a HUP in the middle; a request opened; another signal instead; the same from its link.
import { beforeAll, describe, expect, it } from "vitest";
import { playSpike, type Spike } from "../../../scripts/spike/plan.ts";

describe("a run of 2,000 requests with a HUP in the middle", () => {
  let spike: Spike;
  beforeAll(async () => {
    spike = await playSpike({ requests: 2000, open: 1000 });
  }, 60_000);

  it("answers all but those that the limit refuses", () => {
    const { "200": answered, "503": refused, ...others } = spike.statuses;
    expect(answered + refused).toBe(spike.arrived);
    expect(others).toEqual({});
    expect(refused).toBeGreaterThan(20);
    expect(refused).toBeLessThan(200);
  });

  it("tells request 1,000 as it ran, from the cache or from Django", () => {
    expect(spike.journey).toContain("Nginx reads GET /products/42/");
    expect(spike.journey).toMatch(/limit_req/);
  });

  it("goes another way after another signal", () => {
    expect(spike.forkHash).not.toBe(spike.hupHash);
  });

  it("is the same run again from its link", () => {
    expect(spike.againHash).toBe(spike.forkHash);
  });
});
