// Where each state sits in the drawn machines of supervision: columns 0 to 6, rows 0 to 5.
import type { Sketch } from "../layer.ts";
import type { socketMachine, supervisedMachine, unitMachine } from "./machine.ts";

export const supervisedSketch: Sketch<typeof supervisedMachine> = {
  STOPPED: [0, 1],
  STARTING: [2, 1],
  RUNNING: [4, 1],
  EXITED: [4, 0],
  BACKOFF: [2, 2],
  FATAL: [0, 2],
  STOPPING: [4, 3],
};

export const unitSketch: Sketch<typeof unitMachine> = {
  inactive: [0, 1],
  activating: [2, 0],
  active: [4, 1],
  deactivating: [4, 3],
  "auto-restart": [2, 2],
  failed: [0, 3],
};

export const socketSketch: Sketch<typeof socketMachine> = {
  dead: [0, 0],
  listening: [2, 0],
  running: [4, 0],
  failed: [2, 2],
};
