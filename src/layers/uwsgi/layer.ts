// The public face of uWSGI: its machines with their words and drawings.
import { type Layer, viewOf } from "../layer.ts";
import { masterWords, requestWords, workerWords } from "./describe.ts";
import { masterMachine, requestMachine, workerMachine } from "./machine.ts";
import { masterSketch, requestSketch, workerSketch } from "./sketch.ts";

export const uwsgi: Layer = {
  id: "uwsgi",
  title: "uWSGI",
  views: [
    viewOf(masterMachine, masterWords, masterSketch),
    viewOf(workerMachine, workerWords, workerSketch),
    viewOf(requestMachine, requestWords, requestSketch),
  ],
};
