// The public face of process supervision: its machines with their words and drawings.
import { type Layer, viewOf } from "../layer.ts";
import { socketWords, supervisedWords, unitWords } from "./describe.ts";
import { socketMachine, supervisedMachine, unitMachine } from "./machine.ts";
import { socketSketch, supervisedSketch, unitSketch } from "./sketch.ts";

export const supervisor: Layer = {
  id: "supervisor",
  title: "Supervisor",
  views: [
    viewOf(supervisedMachine, supervisedWords, supervisedSketch),
    viewOf(unitMachine, unitWords, unitSketch),
    viewOf(socketMachine, socketWords, socketSketch),
  ],
};
