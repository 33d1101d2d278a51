// Where the states of the upstream side's machines sit when they are drawn: columns 0 to 6, rows 0 to 5.
import type { Sketch } from "../layer.ts";
import type {
  cacheMachine,
  limitMachine,
  peerMachine,
  upstreamMachine,
} from "./upstream-machine.ts";

export const upstreamSketch: Sketch<typeof upstreamMachine> = {
  init: [0, 1],
  "looking in cache": [1, 0],
  "waiting for lock": [3, 0],
  resolving: [0, 3],
  "choosing peer": [1, 2],
  connecting: [2, 2],
  sending: [3, 2],
  "reading header": [4, 2],
  "reading body": [5, 2],
  "try failed": [3, 4],
  done: [6, 1],
  failed: [6, 4],
};

export const peerSketch: Sketch<typeof peerMachine> = {
  up: [0, 1],
  disabled: [3, 1],
  "on trial": [1, 3],
};

export const cacheSketch: Sketch<typeof cacheMachine> = {
  absent: [0, 1],
  fetching: [2, 0],
  fresh: [4, 1],
  stale: [4, 3],
  updating: [2, 3],
  gone: [6, 4],
};

export const limitSketch: Sketch<typeof limitMachine> = {
  flowing: [0, 1],
  delaying: [3, 0],
  rejecting: [3, 3],
};
