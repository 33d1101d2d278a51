// The public face of TLS: its machines with their words.
import { type Layer, viewOf } from "../layer.ts";
import { clientWords, serverWords } from "./describe.ts";
import { clientMachine, serverMachine } from "./machine.ts";
import { clientSketch, serverSketch } from "./sketch.ts";

export const tls: Layer = {
  id: "tls",
  title: "TLS",
  views: [
    viewOf(clientMachine, clientWords, clientSketch),
    viewOf(serverMachine, serverWords, serverSketch),
  ],
};
