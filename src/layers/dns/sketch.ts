// Where each state of the DNS's machines sits when it is drawn.
import type { Sketch } from "../layer.ts";
import type {
  cacheEntry,
  resolverQuery,
  serverAnswer,
  serverQuestion,
  stubLookup,
} from "./machine.ts";

export const stubLookupSketch: Sketch<typeof stubLookup> = {
  asked: [0, 1],
  "reading hosts": [2, 1],
  asking: [4, 1],
  resolved: [6, 0],
  failed: [6, 2],
};

export const resolverQuerySketch: Sketch<typeof resolverQuery> = {
  received: [0, 1],
  "choosing server": [2, 1],
  "waiting for server": [4, 1],
  "waiting for address": [2, 3],
  answered: [6, 0],
  failed: [6, 3],
};

export const serverQuestionSketch: Sketch<typeof serverQuestion> = {
  composed: [0, 1],
  "in flight": [3, 1],
  answered: [6, 0],
  lost: [6, 2],
};

export const serverAnswerSketch: Sketch<typeof serverAnswer> = {
  idle: [0, 1],
  searching: [3, 1],
  done: [6, 1],
};

export const cacheEntrySketch: Sketch<typeof cacheEntry> = {
  empty: [0, 1],
  fresh: [3, 1],
  expired: [6, 1],
};
