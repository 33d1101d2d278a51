// The public face of TCP: its machines with their words, and the network it makes.
import { type Layer, viewOf } from "../layer.ts";
import { clientWords, listenerWords, serverWords } from "./describe.ts";
import { clientMachine, listenerMachine, serverMachine } from "./machine.ts";
import { clientSketch, listenerSketch, serverSketch } from "./sketch.ts";

export const tcp: Layer = {
  id: "tcp",
  title: "TCP",
  views: [
    viewOf(clientMachine, clientWords, clientSketch),
    viewOf(serverMachine, serverWords, serverSketch),
    viewOf(listenerMachine, listenerWords, listenerSketch),
  ],
};
