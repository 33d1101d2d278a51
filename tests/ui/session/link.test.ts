// Links: what goes in comes out, and what is broken says so.
import { describe, expect, it } from "vitest";
import { type LinkState, readLink, writeLink } from "../../../src/ui/session/link.ts";
import { LINK_CHARACTERS_MAX, packText } from "../../../src/ui/session/link-bytes.ts";

const state: LinkState = {
  spec: {
    scenario: "first-visit",
    seed: 42,
    files: { "/etc/nginx/nginx.conf": "events {}\n# é ☃\n" },
    actions: [{ at: 1500, shell: "kill -HUP nginx" }],
  },
  view: {
    screen: "journey",
    tab: "log",
    file: "command:1",
    isPresenting: true,
    peek: "nginx",
    zoom: { scale: 2, x: 0.25, y: 0.5 },
  },
  step: { request: 2, machine: "nginx request", transition: "findLocation", occurrence: 1 },
  traffic: null,
};

const packed = async (value: unknown): Promise<string> =>
  `#v1=${await packText(JSON.stringify(value))}`;

describe("a link", () => {
  it("restores scenario, seed, files, actions, view and step", async () => {
    const fragment = await writeLink(state);
    expect(fragment).toMatch(/^#v1=[\w-]+$/);
    expect(await readLink(fragment)).toEqual({ state, losses: [] });
  });

  it("of a version without zoom shows the whole picture", async () => {
    const link = await writeLink({ ...state, view: { ...state.view, zoom: null } });
    expect((await readLink(link)).state?.view.zoom).toBeNull();
  });

  it("is short for a plain step of a scenario", async () => {
    const plain = { ...state, spec: { ...state.spec, files: {}, actions: [], seed: null } };
    expect((await writeLink(plain)).length).toBeLessThan(300);
  });

  it("is nothing at all when the fragment is empty", async () => {
    expect(await readLink("")).toEqual({ state: null, losses: [] });
    expect(await readLink("#")).toEqual({ state: null, losses: [] });
  });
});

describe("a link that cannot be read", () => {
  it("of a later format names that format", async () => {
    const { state: read, losses } = await readLink("#v2=abc");
    expect(read).toBeNull();
    expect(losses[0]).toContain("format 2");
  });

  it("that is none of ours is said to be none", async () => {
    expect((await readLink("#top")).losses[0]).toContain("not one of ours");
  });

  it("cut short or changed is said to be damaged", async () => {
    const fragment = await writeLink(state);
    expect((await readLink(fragment.slice(0, -9))).losses[0]).toContain("damaged");
    expect((await readLink("#v1=@@@@")).losses[0]).toContain("damaged");
    expect((await readLink("#v1=")).losses[0]).toContain("damaged");
  });

  it("longer than the limit is not unpacked", async () => {
    const { losses } = await readLink(`#v1=${"A".repeat(LINK_CHARACTERS_MAX + 1)}`);
    expect(losses[0]).toContain("longer than the limit");
  });

  it("that unpacks to more than a scenario may have is refused", async () => {
    const bomb = await packed({ s: "first-visit", f: { "/x": "a".repeat(3_000_000) } });
    expect(bomb.length).toBeLessThan(LINK_CHARACTERS_MAX);
    expect((await readLink(bomb)).losses[0]).toContain("longer than the limit");
  });

  it("without a scenario restores nothing", async () => {
    for (const value of [null, 7, [], {}, { s: 1 }]) {
      const { state: read, losses } = await readLink(await packed(value));
      expect(read).toBeNull();
      expect(losses).toHaveLength(1);
    }
  });

  it("with some parts wrong restores the others and names each loss", async () => {
    const wrong = { s: "first-visit", n: 1.5, f: { a: 1 }, a: [{ at: -1 }], v: 0, p: ["x"] };
    const { state: read, losses } = await readLink(await packed(wrong));
    expect(read?.spec).toEqual({ scenario: "first-visit", seed: null, files: {}, actions: [] });
    expect(read?.step).toBeNull();
    expect(read?.view.tab).toBe("why");
    expect(losses).toHaveLength(5);
  });
});
