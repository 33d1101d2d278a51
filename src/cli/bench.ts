// `npm run bench`: the kernel on the models mmc and tandem, with declared machines and the full journal,
// next to the npm package simjs, and tandem next to SimPy where Debian's python3-simpy3 is installed.
// `--json` prints the numbers for a program.
import { meanWaitExponential } from "../simulation/traffic/erlang.ts";
import { measure } from "./bench/measure.ts";
import { ARRIVALS_PER_SECOND, MEAN_SERVICE_SECONDS, runMmc, SERVERS } from "./bench/mmc.ts";
import { formatTable } from "./bench/report.ts";
import { loadSimjs } from "./bench/simjs.ts";
import { runSimjsMmc } from "./bench/simjs-mmc.ts";
import { runSimjsTandem } from "./bench/simjs-tandem.ts";
import { findSimpy } from "./bench/simpy.ts";
import { runTandem } from "./bench/tandem.ts";

const ROUNDS = 5;
const USAGE = "Usage: npm run -s bench -- [--json]";

const parameters = process.argv.slice(2);
const unknown = parameters.find((parameter) => parameter !== "--json");
if (unknown !== undefined) {
  console.error(`Unknown option ${unknown}.\n${USAGE}`);
  process.exit(2);
}

const simjs = await loadSimjs();
const tandem = measure(
  {
    options: { seed: 1, count: 200_000 },
    ours: runTandem,
    simjs: (options) => runSimjsTandem(simjs, options),
    simpy: findSimpy(),
  },
  ROUNDS,
);
const mmc = measure(
  {
    options: { seed: 1, count: 1_000_000 },
    ours: runMmc,
    simjs: (options) => runSimjsMmc(simjs, options),
  },
  ROUNDS,
);
const load = ARRIVALS_PER_SECOND * MEAN_SERVICE_SECONDS;
const expected = meanWaitExponential(SERVERS, load, MEAN_SERVICE_SECONDS);
const erlang = { meanWait: expected, deviation: mmc.ours.meanSeconds / expected - 1 };

if (parameters.includes("--json")) {
  console.log(JSON.stringify({ tandem, mmc: { ...mmc, erlangC: erlang } }, null, 2));
} else {
  console.log(formatTable({ tandem, mmc }));
  const percent = (erlang.deviation * 100).toFixed(2);
  if (tandem.timesSimpy === null)
    console.log("SimPy is not installed here (Debian: apt-get install python3-simpy3).");
  console.log(`mmc: the mean wait is ${percent} % off Erlang C's ${expected.toFixed(5)} s.`);
}
