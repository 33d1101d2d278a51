// @vitest-environment happy-dom
// What the stage says of its dots.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { DotKey } from "../../../src/ui/traffic/stage/DotKey.tsx";
import { AGE_STEPS_MS } from "../../../src/ui/traffic/stage/dot-field.ts";

afterEach(cleanup);

const words = (): readonly (string | null)[] =>
  screen.getAllByRole("listitem").map(({ textContent }) => textContent);

it("names the ages at which a dot changes, and the ends", () => {
  render(<DotKey hasRetries={false} hasUnawaited={false} />);
  expect(AGE_STEPS_MS).toEqual([250, 1_000, 3_000]);
  expect(words()).toEqual([
    ...["under ¼ s old", "over ¼ s", "over 1 s", "over 3 s"],
    ...["answered", "refused or failed"],
  ]);
});

it("explains hollow dots when there are some", () => {
  render(<DotKey hasRetries={true} hasUnawaited={true} />);
  expect(words().slice(-2)).toEqual(["nobody waits for it", "sent again"]);
});
