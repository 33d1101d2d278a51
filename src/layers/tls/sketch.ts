// Where the states sit when the handshakes are drawn: the way to CONNECTED down the middle, failure
// at the right.
import type { Sketch } from "../layer.ts";
import type { clientMachine, serverMachine } from "./machine.ts";

export const clientSketch: Sketch<typeof clientMachine> = {
  START: [0, 0],
  WAIT_SH: [0, 1],
  WAIT_EE: [0, 2],
  WAIT_CERT: [2, 2],
  WAIT_CV: [2, 3],
  WAIT_FINISHED: [0, 3],
  FALSE_START: [0, 4],
  CONNECTED: [2, 4],
  CLOSED: [2, 5],
  FAILED: [5, 3],
};

export const serverSketch: Sketch<typeof serverMachine> = {
  START: [1, 0],
  RECVD_CH: [1, 1],
  NEGOTIATED: [1, 2],
  WAIT_FLIGHT2: [1, 3],
  WAIT_FINISHED: [3, 3],
  CONNECTED: [3, 4],
  CLOSED: [3, 5],
  FAILED: [5, 2],
};
