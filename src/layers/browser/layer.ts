// The browser's folder as the rest of the program sees it: the model of Chromium (installBrowser in
// install.ts) and the bare client of the recordings (installBareClient in bare-client.ts).
import { type Layer, viewOf } from "../layer.ts";
import { bareRequest } from "./bare-machine.ts";
import { browserRequestWords, navigationWords } from "./describe.ts";
import { bareRequestWords } from "./describe-bare.ts";
import { browserRequest, navigation } from "./machine.ts";
import { bareRequestSketch, browserRequestSketch, navigationSketch } from "./sketch.ts";

export const browser: Layer = {
  id: "browser",
  title: "Browser",
  views: [
    viewOf(navigation, navigationWords, navigationSketch),
    viewOf(browserRequest, browserRequestWords, browserRequestSketch),
    viewOf(bareRequest, bareRequestWords, bareRequestSketch),
  ],
};
