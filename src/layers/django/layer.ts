// Django, as the rest of the program knows it: its machines with their words, and how to install it.
import { type Layer, viewOf } from "../layer.ts";
import { requestWords } from "./describe.ts";
import { applicationWords, queryWords } from "./describe-parts.ts";
import { applicationMachine, queryMachine, requestMachine } from "./machine.ts";
import { applicationSketch, querySketch, requestSketch } from "./sketch.ts";

export const django: Layer = {
  id: "django",
  title: "Django",
  views: [
    viewOf(requestMachine, requestWords, requestSketch),
    viewOf(applicationMachine, applicationWords, applicationSketch),
    viewOf(queryMachine, queryWords, querySketch),
  ],
};
