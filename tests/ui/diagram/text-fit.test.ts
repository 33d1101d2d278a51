// Text in boxes: cut with dots, wrapped, never wider than its space.
import { describe, expect, it } from "vitest";
import { fitText, textWidth, wrapText } from "../../../src/ui/diagram/text-fit.ts";

describe("fitting text", () => {
  it("leaves what fits alone", () => {
    expect(fitText("idle", { width: 80, size: 12 })).toBe("idle");
  });

  it("cuts what does not, with an ellipsis", () => {
    const fitted = fitText("waiting for the first byte", { width: 90, size: 12 });
    expect(fitted).toMatch(/^waiting.*…$/);
    expect(textWidth(fitted, 12)).toBeLessThanOrEqual(90);
  });

  it("gives nothing where not one letter fits", () => {
    expect(fitText("wide", { width: 4, size: 12 })).toBe("");
  });

  it("counts characters in mono", () => {
    expect(textWidth("GET /", 10, "mono")).toBe(30);
  });
});

describe("wrapping text", () => {
  const fit = { width: 72, size: 12, face: "mono" } as const;

  it("breaks between words", () => {
    expect(wrapText("SELECT a FROM b", fit, 3)).toEqual(["SELECT a", "FROM b"]);
  });

  it("ends in an ellipsis when there are more lines than room", () => {
    expect(wrapText("SELECT a FROM b WHERE c = 1", fit, 2)[1]).toMatch(/…$/);
  });
});
