// `npm run -s observe -- FILE...`: one line of JSON for each scenario file, its observation.
import { observeScenario } from "../simulation/observe-scenario.ts";
import { EXIT_SCENARIO, failUsage, loadScenario } from "./arguments.ts";

const USAGE =
  "usage: npm run -s observe -- FILE...   (scenario files, or ids of the program's own scenarios)";

function observeFile(file: string): string {
  const loaded = loadScenario(file);
  if (!loaded.ok) {
    process.exitCode = EXIT_SCENARIO;
    return JSON.stringify({ error: `${file}: ${loaded.problems.join("; ")}` });
  }
  try {
    return JSON.stringify(observeScenario(loaded.scenario));
  } catch (error) {
    process.exitCode = EXIT_SCENARIO;
    if (process.env.ROUNDTRIP_STACK !== undefined)
      process.stderr.write(`${file}: ${(error as Error).stack}\n`);
    return JSON.stringify({ error: `${file}: the simulator failed: ${(error as Error).message}` });
  }
}

const files = process.argv.slice(2);
if (files.length === 0) failUsage("name at least one scenario file", USAGE);
for (const file of files) process.stdout.write(`${observeFile(file)}\n`);
