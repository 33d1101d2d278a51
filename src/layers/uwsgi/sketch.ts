// Where each state sits in the drawn machines of uWSGI: columns 0 to 6, rows 0 to 5.
import type { Sketch } from "../layer.ts";
import type { masterMachine, requestMachine, workerMachine } from "./machine.ts";

export const masterSketch: Sketch<typeof masterMachine> = {
  starting: [0, 0],
  "loading the application": [2, 0],
  supervising: [4, 0],
  reloading: [4, 2],
  stopping: [2, 2],
  exited: [0, 2],
};

export const workerSketch: Sketch<typeof workerMachine> = {
  spawned: [0, 0],
  idle: [2, 0],
  busy: [4, 0],
  leaving: [3, 2],
  ended: [1, 2],
};

export const requestSketch: Sketch<typeof requestMachine> = {
  "in the listen queue": [0, 0],
  "reading vars": [2, 0],
  "application runs": [4, 0],
  "waiting for the body": [6, 0],
  sending: [4, 2],
  "waiting for the peer": [6, 2],
  closed: [1, 3],
};
