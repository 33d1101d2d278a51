// `npm run -s check -- nginx.conf`: what `nginx -t -c nginx.conf` prints, and its exit code. On standard
// output stand nginx's own lines and nothing else; this program's notes go to standard error.
import { existsSync } from "node:fs";
import { library } from "../scenarios/library.ts";
import { answerHelp, failUsage, refuseOptions, scenarioOrFail } from "./arguments.ts";
import { checkFile, checkScenarioFiles, type NginxCheck } from "./nginx-check.ts";

const USAGE = `usage: npm run -s check -- FILE
Prints what \`nginx -t\` says of the file. Includes are read from this machine's disk.
  FILE  an nginx.conf, a scenario file (.json), or the id of one of the program's own scenarios
Exit code: nginx's own (0, or 1 when it refuses the file); 2 when the file cannot be read.`;

function checkNamed(name: string): NginxCheck {
  if (name.endsWith(".json")) return checkScenarioFiles(scenarioOrFail(name));
  if (existsSync(name)) return checkFile(name);
  if (library.some(({ id }) => id === name)) return checkScenarioFiles(scenarioOrFail(name));
  return failUsage(`${name}: no file that can be read`, USAGE);
}

answerHelp(USAGE);
const names = process.argv.slice(2);
refuseOptions(names, USAGE);
if (names.length !== 1) failUsage("name one file", USAGE);
const { exit, output, notes } = checkNamed(names[0]);
process.stdout.write(`${output.join("\n")}\n`);
for (const note of notes) process.stderr.write(`note: ${note}\n`);
process.exitCode = exit;
