// Where the states sit when the machines are drawn: set-up down the left, the loop of queries in the
// middle, the transaction on the right.
import type { Sketch } from "../layer.ts";
import type { connectionMachine, statementMachine } from "./machine.ts";

export const connectionSketch: Sketch<typeof connectionMachine> = {
  CONNECTING: [0, 0],
  AUTHENTICATING: [0, 2],
  IDLE: [2, 2],
  ACTIVE: [4, 2],
  "IDLE IN TRANSACTION": [6, 1],
  "IDLE IN TRANSACTION (ABORTED)": [6, 3],
  CLOSED: [2, 4],
};

export const statementSketch: Sketch<typeof statementMachine> = {
  sent: [0, 1],
  executing: [2, 1],
  "waiting for a lock": [2, 3],
  answering: [4, 1],
  done: [6, 0],
  failed: [6, 3],
};
