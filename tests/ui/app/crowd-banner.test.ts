// What the banner over a request of a crowd says of its tries.
import { expect, test } from "vitest";
import { tryText } from "../../../src/ui/app/CrowdBanner.tsx";

test("a try says which one it is, and as what the request was first sent", () => {
  expect(tryText([1230, 1269, 1318], 1318)).toBe(", try 3 of 3 (first sent as 1,230)");
  expect(tryText([1230, 1269], 1230)).toBe(", try 1 of 2");
});
