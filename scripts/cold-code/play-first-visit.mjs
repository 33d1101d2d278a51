// Plays the first visit as the page asks for it, against the built worker whose entry is the argument.
// Run under NODE_V8_COVERAGE, which writes what was used.
import { pathToFileURL } from "node:url";

/** @type {((event: { data: unknown }) => void) | undefined} */
let listener;
/** @type {Map<number, (answer: any) => void>} */
const waiting = new Map();

Object.assign(globalThis, {
  addEventListener: (/** @type {string} */ _type, /** @type {typeof listener} */ heard) => {
    listener = heard;
  },
  postMessage: (/** @type {{ kind: string, ticket: number }} */ answer) => {
    if (answer.kind === "failed") throw new Error(JSON.stringify(answer));
    if (answer.kind !== "started") waiting.get(answer.ticket)?.(answer);
  },
});

function ask(/** @type {{ ticket: number, [key: string]: unknown }} */ question) {
  return new Promise((resolve) => {
    waiting.set(question.ticket, resolve);
    listener?.({ data: question });
  });
}

await import(pathToFileURL(process.argv[2]).href);
const spec = { scenario: "first-visit", seed: null, files: {}, actions: [] };
await ask({ kind: "run", ticket: 1, spec });
process.exit();
