// nginx as the rest of the program sees it. It is put on a host by `installNginx` (install.ts).
import { type Layer, viewOf } from "../layer.ts";
import { connectionWords, masterWords, workerWords } from "./describe.ts";
import { requestWords } from "./describe-request.ts";
import { connectionMachine, masterMachine, requestMachine, workerMachine } from "./machine.ts";
import { connectionSketch, masterSketch, requestSketch, workerSketch } from "./sketch.ts";
import { upstreamViews } from "./upstream-views.ts";

export const nginx: Layer = {
  id: "nginx",
  title: "Nginx",
  views: [
    viewOf(masterMachine, masterWords, masterSketch),
    viewOf(workerMachine, workerWords, workerSketch),
    viewOf(connectionMachine, connectionWords, connectionSketch),
    viewOf(requestMachine, requestWords, requestSketch),
    ...upstreamViews,
  ],
};
