// `npm run -s trace -- FILE`: the journey as a readable transcript.
import { createRun, playRun } from "../simulation/run.ts";
import { tellJourney } from "../simulation/story.ts";
import { transcript } from "../simulation/transcript.ts";
import { answerHelp, failUsage, refuseOptions, scenarioOrFail } from "./arguments.ts";

const USAGE = `usage: npm run -s trace -- FILE
Prints the journey of a scenario's requests as text, step by step.
  FILE  a scenario file, or the id of one of the program's own scenarios
Exit code: 0, 1 when the scenario is wrong, 2 when the file cannot be read.`;

answerHelp(USAGE);
const files = process.argv.slice(2);
refuseOptions(files, USAGE);
if (files.length !== 1) failUsage("name one scenario file", USAGE);
const run = createRun(scenarioOrFail(files[0]));
playRun(run);
process.stdout.write(transcript(tellJourney(run)));
