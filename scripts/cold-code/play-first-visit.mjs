// Plays the first visit as the page asks for it, against the built worker whose entry is the first argument.
// Run under NODE_V8_COVERAGE, which writes what was used. With "whole" as the second argument the worker is
// whole; with "halves" it is cut, and the visit must do with the hot one; with "missed" it is cut in the
// wrong place, and the visit must be told all the same.
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
    if (answer.kind !== "started") waiting.get(answer.ticket)?.(answer);
  },
});

function ask(/** @type {{ ticket: number, [key: string]: unknown }} */ question) {
  return new Promise((resolve) => {
    waiting.set(question.ticket, resolve);
    listener?.({ data: question });
  });
}

const [, , entry, worker] = process.argv;
await import(pathToFileURL(entry).href);
const { coldCode } = globalThis;
if (worker === "missed" && coldCode !== undefined) coldCode.missed = true;
const spec = { scenario: "first-visit", seed: null, files: {}, actions: [] };
const told = await ask({ kind: "run", ticket: 1, spec });
if (told.kind !== "journey") throw new Error(JSON.stringify(told));
if (worker === "halves" && coldCode?.missed === true) throw new Error("The hot half is too small.");
// What is wrong must be said in words, whatever is not there yet.
const answer = await ask({ kind: "run", ticket: 2, spec: null });
if (answer.kind !== "failed") throw new Error(JSON.stringify(answer));
process.exit();
