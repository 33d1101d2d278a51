// The public face of HTTP/2: its machines with their words. Programs use it through http2-session.ts.
import { type Layer, viewOf } from "../layer.ts";
import { connectionWords, streamWords } from "./describe.ts";
import { connectionMachine, streamMachine } from "./machine.ts";
import { connectionSketch, streamSketch } from "./sketch.ts";

export const http2: Layer = {
  id: "http2",
  title: "HTTP/2",
  views: [
    viewOf(connectionMachine, connectionWords, connectionSketch),
    viewOf(streamMachine, streamWords, streamSketch),
  ],
};
