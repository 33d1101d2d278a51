// Where the states sit when the machines are drawn: the handshake down the left, the active close on
// the left, the passive close on the right, as in figure 5 of RFC 9293.
import type { Sketch } from "../layer.ts";
import type { clientMachine, listenerMachine, serverMachine } from "./machine.ts";

export const clientSketch: Sketch<typeof clientMachine> = {
  CLOSED: [3, 0],
  "SYN-SENT": [3, 1],
  ESTABLISHED: [3, 2],
  "FIN-WAIT-1": [1, 3],
  "FIN-WAIT-2": [1, 4],
  CLOSING: [3, 4],
  "TIME-WAIT": [2, 5],
  "CLOSE-WAIT": [5, 3],
  "LAST-ACK": [5, 4],
};

export const serverSketch: Sketch<typeof serverMachine> = {
  LISTEN: [3, 0],
  "SYN-RECEIVED": [3, 1],
  ESTABLISHED: [3, 2],
  "FIN-WAIT-1": [1, 3],
  "FIN-WAIT-2": [1, 4],
  CLOSING: [3, 4],
  "TIME-WAIT": [1, 5],
  "CLOSE-WAIT": [5, 3],
  "LAST-ACK": [5, 4],
  CLOSED: [5, 5],
};

export const listenerSketch: Sketch<typeof listenerMachine> = {
  bound: [0, 1],
  listening: [2, 1],
  full: [4, 1],
  closed: [3, 3],
};
