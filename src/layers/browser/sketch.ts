// Where each state of the browser's machines sits when it is drawn.
import type { Sketch } from "../layer.ts";
import type { bareRequest } from "./bare-machine.ts";

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
