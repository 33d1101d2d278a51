// Where each state of the browser's machines sits when it is drawn.
import type { Sketch } from "../layer.ts";
import type { bareRequest } from "./bare-machine.ts";
import type { browserRequest, navigation } from "./machine.ts";

export const navigationSketch: Sketch<typeof navigation> = {
  started: [0, 1],
  deciding: [1, 1],
  fetching: [3, 1],
  committed: [5, 1],
  loaded: [6, 0],
  "error page": [5, 3],
  unchanged: [2, 3],
};

export const browserRequestSketch: Sketch<typeof browserRequest> = {
  created: [0, 1],
  "waiting for connection": [1, 2],
  sending: [3, 1],
  "waiting for headers": [4, 2],
  "reading body": [5, 1],
  done: [6, 0],
  failed: [6, 3],
};

export const bareRequestSketch: Sketch<typeof bareRequest> = {
  idle: [0, 1],
  resolving: [1, 0],
  connecting: [2, 0],
  securing: [2, 2],
  sending: [3, 1],
  "waiting for headers": [4, 1],
  "reading body": [5, 1],
  done: [6, 0],
  failed: [6, 3],
};
