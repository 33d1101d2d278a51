// The public face of gunicorn: its machines with their words and drawings.
import { type Layer, viewOf } from "../layer.ts";
import { requestWords } from "./describe.ts";
import { arbiterWords, workerWords } from "./describe-processes.ts";
import { arbiterMachine, requestMachine, workerMachine } from "./machine.ts";
import { arbiterSketch, requestSketch, workerSketch } from "./sketch.ts";

export const gunicorn: Layer = {
  id: "gunicorn",
  title: "Gunicorn",
  views: [
    viewOf(arbiterMachine, arbiterWords, arbiterSketch),
    viewOf(workerMachine, workerWords, workerSketch),
    viewOf(requestMachine, requestWords, requestSketch),
  ],
};
