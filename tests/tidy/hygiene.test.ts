import { expect, test } from "vitest";
import { foreignPlaces, ownFiles } from "./hygiene.ts";
import { readText } from "./modules.ts";

const files = ownFiles();

test("no file names a package registry or a path of the machine it was written on", () => {
  expect(files).toEqual(expect.arrayContaining(["package-lock.json", "package.json", ".npmrc"]));
  expect(files.flatMap((path) => foreignPlaces(path, readText(path)))).toEqual([]);
});

test.each([
  `"resolved": "https://registry.${"npmjs"}.org/react/-/react-19.3.1.tgz"`,
  `index-url = https://${"pypi"}.org/simple`,
  `const recordings = "/${"work"}/shared/conformance";`,
  `cp /${"root"}/notes.txt .`,
  `at main (/${"home"}/ada/roundtrip/src/main.tsx:3:1)`,
])("%s is caught", (line) => {
  expect(foreignPlaces("planted", line).length).toBe(1);
});

test.each([
  `import { go } from "../worker/go.ts";`,
  `node ../shared/conformance/score.mjs`,
  `src/work/notes.md`,
])("%s is allowed", (line) => {
  expect(foreignPlaces("planted", line)).toEqual([]);
});
