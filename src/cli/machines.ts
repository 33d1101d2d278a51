// `npm run -s machines`: writes docs/machines/*.md, one file for each layer, from the machines' own
// definitions. With `--check` it only tells whether they are up to date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layers } from "../layers/index.ts";
import { machinePage } from "../simulation/machine-page.ts";
import { answerHelp, failUsage } from "./arguments.ts";

const FOLDER = "docs/machines";
const USAGE = `usage: npm run -s machines [-- --check]
Writes ${FOLDER} from the machines' definitions; with --check only says whether it is up to date (exit code 1: no).`;

answerHelp(USAGE);
const parameters = process.argv.slice(2);
const unknown = parameters.find((parameter) => parameter !== "--check");
if (unknown !== undefined) failUsage(`unknown argument ${unknown}`, USAGE);
const check = parameters.includes("--check");
let stale = 0;
mkdirSync(FOLDER, { recursive: true });
for (const layer of layers) {
  const path = join(FOLDER, `${layer.id}.md`);
  const page = machinePage(layer);
  if (check) {
    let old = "";
    try {
      old = readFileSync(path, "utf8");
    } catch {
      // A missing page is a stale one.
    }
    if (old !== page) {
      stale++;
      process.stderr.write(`${path} is stale: run npm run -s machines\n`);
    }
  } else {
    writeFileSync(path, page);
  }
}
process.exitCode = stale > 0 ? 1 : 0;
