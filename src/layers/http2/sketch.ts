// Where the states sit when the machines are drawn; the stream's as in the figure of RFC 9113, section 5.1.
import type { Sketch } from "../layer.ts";
import type { connectionMachine, streamMachine } from "./machine.ts";

export const connectionSketch: Sketch<typeof connectionMachine> = {
  starting: [0, 0],
  "waiting for settings": [2, 0],
  open: [4, 0],
  "going away": [4, 2],
  closed: [2, 2],
};

export const streamSketch: Sketch<typeof streamMachine> = {
  idle: [2, 0],
  open: [2, 2],
  "half-closed (remote)": [0, 3],
  "half-closed (local)": [4, 3],
  closed: [2, 5],
};
