// A process as the kernel sees it. Source: Linux, Documentation and wait(2), signal(7).
import { defineMachine } from "../kernel/machine.ts";

export const processMachine = defineMachine({
  name: "process",
  layer: "host",
  source: "Linux: signal(7), wait(2)",
  initial: "forked",
  states: {
    forked: {},
    running: {},
    stopped: {},
    exited: { final: true },
    killed: { final: true },
  },
  transitions: {
    exec: { from: "forked", to: "running", on: "the program is started" },
    stop: { from: ["forked", "running"], to: "stopped", on: "SIGSTOP" },
    continue: { from: "stopped", to: "running", on: "SIGCONT" },
    exit: {
      from: ["forked", "running", "stopped"],
      to: "exited",
      on: "the program ends by itself",
    },
    die: {
      from: ["forked", "running", "stopped"],
      to: "killed",
      on: "a signal that is not caught",
    },
  },
});
