// Lines that decided something, hex dumps, and pages made harmless.
// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { decidingLines, nextDecision } from "../../../src/ui/panels/deciding-lines.ts";
import { hexDump } from "../../../src/ui/panels/hex-dump.ts";
import { harmlessPage } from "../../../src/ui/panels/page-source.ts";
import { fixtureJourney } from "../fixtures/journey.ts";

const journey = fixtureJourney();

describe("the lines of a file", () => {
  const lines = decidingLines(journey, "/srv/shop/settings.py");

  it("that decided a step lead to it, and then to the next", () => {
    const [inward, outward] = lines.get(12) ?? [];
    expect(journey.steps[inward].title).toBe("CsrfMiddleware, on the way in");
    expect(nextDecision(lines, 12, 0)).toBe(inward);
    expect(nextDecision(lines, 12, inward)).toBe(outward);
    expect(nextDecision(lines, 12, outward)).toBe(inward);
  });

  it("that decided nothing lead nowhere", () => {
    expect(nextDecision(lines, 1, 0)).toBeNull();
  });
});

describe("a hex dump", () => {
  it("has offset, bytes and text", () => {
    expect(hexDump([0x47, 0x45, 0x54, 0x20, 0, 255])).toBe("0000  47 45 54 20 00 ff        GET ..");
    expect(hexDump(Array.from({ length: 9 }, () => 65)).split("\n")[1]).toMatch(/^0008 {2}41 /);
  });
});

describe("a page", () => {
  it("neither runs, loads nor leads anywhere", () => {
    const page = harmlessPage(
      '<h1 onclick="x()">Hi</h1><script>1</script><img src="https://a.example/x.png" alt="X"><a href="/cart/">Cart</a><style>h1{}</style>',
    );
    expect(page).toContain("<h1>Hi</h1>");
    expect(page).toContain('alt="X"');
    expect(page).not.toMatch(/script|onclick|src=|style|a\.example/);
    expect(page).toContain('title="/cart/"');
  });
});
