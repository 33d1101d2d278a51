// The machines of the upstream side as the program shows them.
import { type MachineView, viewOf } from "../layer.ts";
import { cacheWords, limitWords, peerWords, upstreamWords } from "./upstream-describe.ts";
import { cacheMachine, limitMachine, peerMachine, upstreamMachine } from "./upstream-machine.ts";
import { cacheSketch, limitSketch, peerSketch, upstreamSketch } from "./upstream-sketch.ts";

export const upstreamViews: readonly MachineView[] = [
  viewOf(upstreamMachine, upstreamWords, upstreamSketch),
  viewOf(peerMachine, peerWords, peerSketch),
  viewOf(cacheMachine, cacheWords, cacheSketch),
  viewOf(limitMachine, limitWords, limitSketch),
];
