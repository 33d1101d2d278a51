// Where each state sits in the drawn machines of gunicorn: columns 0 to 6, rows 0 to 5.
import type { Sketch } from "../layer.ts";
import type { arbiterMachine, requestMachine, workerMachine } from "./machine.ts";

export const arbiterSketch: Sketch<typeof arbiterMachine> = {
  "reading configuration": [0, 0],
  "binding sockets": [2, 0],
  "spawning workers": [4, 0],
  supervising: [4, 2],
  "stopping workers": [2, 2],
  exited: [0, 2],
};

export const workerSketch: Sketch<typeof workerMachine> = {
  forked: [0, 0],
  "loading the application": [2, 0],
  idle: [4, 0],
  busy: [6, 0],
  finishing: [6, 2],
  exiting: [3, 2],
  ended: [0, 2],
};

export const requestSketch: Sketch<typeof requestMachine> = {
  "in the accept queue": [0, 0],
  "waiting for a thread": [0, 1],
  "reading the head": [2, 0],
  "head parsed": [4, 0],
  "environ built": [6, 0],
  "application runs": [6, 1],
  "waiting for the body": [6, 2],
  "response started": [5, 2],
  "sending the body": [4, 3],
  "waiting for the peer": [6, 3],
  "response complete": [2, 3],
  "sending an error": [3, 2],
  "kept alive": [0, 3],
  closed: [1, 5],
};
