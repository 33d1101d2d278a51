// `npm run -s observe -- FILE...`: one line of JSON for each scenario file, its observation.
import { observeScenario } from "../simulation/observe-scenario.ts";
import { answerHelp, EXIT_SCENARIO, failUsage, loadScenario, refuseOptions } from "./arguments.ts";

const USAGE = `usage: npm run -s observe -- FILE...
Runs each scenario and prints what happened as one line of JSON.
  FILE  a scenario file, or the id of one of the program's own scenarios
Exit code: 0, 1 when a scenario is wrong, 2 when a file cannot be read.`;

/** The worst of what the files were answered with. */
function leaveWith(exit: number): void {
  process.exitCode = Math.max(Number(process.exitCode ?? 0), exit);
}

function observeFile(file: string): string {
  const loaded = loadScenario(file);
  if (!loaded.ok) {
    leaveWith(loaded.exit);
    return JSON.stringify({ error: `${file}: ${loaded.problems.join("; ")}` });
  }
  try {
    return JSON.stringify(observeScenario(loaded.scenario));
  } catch (error) {
    leaveWith(EXIT_SCENARIO);
    if (process.env.ROUNDTRIP_STACK !== undefined)
      process.stderr.write(`${file}: ${(error as Error).stack}\n`);
    return JSON.stringify({ error: `${file}: the simulator failed: ${(error as Error).message}` });
  }
}

answerHelp(USAGE);
const files = process.argv.slice(2);
if (files.length === 0) failUsage("name at least one scenario file", USAGE);
refuseOptions(files, USAGE);
for (const file of files) process.stdout.write(`${observeFile(file)}\n`);
