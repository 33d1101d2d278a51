// Where the states of Django's machines sit when they are drawn.
import type { Sketch } from "../layer.ts";
import type { applicationMachine, queryMachine, requestMachine } from "./machine.ts";

export const applicationSketch: Sketch<typeof applicationMachine> = {
  "not imported": [0, 1],
  "settings read": [1, 1],
  "apps ready": [2, 1],
  ready: [3, 1],
  serving: [4, 1],
  broken: [2, 3],
  gone: [4, 3],
};

export const requestSketch: Sketch<typeof requestMachine> = {
  called: [0, 0],
  "request middleware": [1, 0],
  "resolving the URL": [2, 0],
  "view middleware": [3, 0],
  view: [4, 0],
  "handling an exception": [3, 2],
  "response middleware": [1, 3],
  "sending the response": [0, 3],
  closed: [0, 5],
  crashed: [3, 5],
  interrupted: [5, 5],
};

export const querySketch: Sketch<typeof queryMachine> = {
  built: [0, 1],
  connecting: [1, 0],
  executing: [2, 1],
  fetched: [4, 1],
  failed: [3, 3],
};
