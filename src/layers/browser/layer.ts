// The browser's folder as the rest of the program sees it: the bare client of the recordings and the
// model of Chromium.
import { type Layer, viewOf } from "../layer.ts";
import { bareRequest } from "./bare-machine.ts";
import { bareRequestWords } from "./describe-bare.ts";
import { bareRequestSketch } from "./sketch.ts";

export const browser: Layer = {
  id: "browser",
  title: "Browser",
  views: [viewOf(bareRequest, bareRequestWords, bareRequestSketch)],
};
