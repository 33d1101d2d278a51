import { describe, expect, it } from "vitest";
import { responseChange } from "../../../src/layers/django/middleware-changes.ts";

describe("what a middleware changed on a response", () => {
  const before = ["status: 200", "Content-Type: text/html", "Vary: Cookie"];

  it("is nothing when every line is as it was", () => {
    expect(responseChange(before, before)).toBe("");
  });

  it("names new headers with their values, and each cookie", () => {
    const after = [...before, "X-Frame-Options: DENY", "Set-Cookie: csrftoken=…"];
    expect(responseChange(before, after)).toBe(
      "added X-Frame-Options: DENY, Set-Cookie: csrftoken=…",
    );
  });

  it("tells a changed value from a new one and from a header taken away", () => {
    const after = ["status: 304", "Vary: Cookie, Accept-Encoding"];
    expect(responseChange(before, after)).toBe(
      "changed status: 304, Vary: Cookie, Accept-Encoding; removed Content-Type",
    );
  });
});
