// Where the states of nginx's machines sit when they are drawn: column and row.
import type { Sketch } from "../layer.ts";
import type { connectionMachine, masterMachine, requestMachine, workerMachine } from "./machine.ts";

export const masterSketch: Sketch<typeof masterMachine> = {
  "reading configuration": [0, 0],
  running: [2, 0],
  "shutting down": [4, 0],
  ended: [4, 1],
};

export const workerSketch: Sketch<typeof workerMachine> = {
  starting: [0, 0],
  running: [2, 0],
  "shutting down": [4, 0],
  ended: [4, 1],
};

export const connectionSketch: Sketch<typeof connectionMachine> = {
  accepted: [0, 0],
  "TLS handshake": [0, 1],
  "waiting for request": [2, 0],
  serving: [4, 0],
  "keep-alive": [4, 2],
  lingering: [5, 1],
  closed: [2, 2],
};

export const requestSketch: Sketch<typeof requestMachine> = {
  "reading request line": [0, 0],
  "reading headers": [1, 0],
  "post-read": [2, 0],
  "server-rewrite": [3, 0],
  "find-config": [4, 0],
  rewrite: [5, 0],
  preaccess: [6, 0],
  delayed: [6, 1],
  access: [6, 2],
  "waiting for subrequest": [5, 1],
  precontent: [5, 2],
  content: [4, 2],
  "reading body": [3, 1],
  "waiting for upstream": [4, 3],
  "header filter": [3, 3],
  "sending body": [2, 3],
  log: [1, 3],
  freed: [0, 3],
};
