// A customer of the queues that the kernel is measured and validated by.
import { defineMachine } from "../../kernel/machine.ts";

export const customer = defineMachine({
  name: "benchmark customer",
  layer: "bench",
  source: "Kleinrock, Queueing Systems I, chapter 3",
  initial: "arriving",
  states: { arriving: {}, waiting: {}, "in service": {}, left: { final: true } },
  transitions: {
    startAtOnce: { from: "arriving", to: "in service", on: "a server is idle" },
    queueUp: { from: "arriving", to: "waiting", on: "all servers are busy" },
    startService: { from: "waiting", to: "in service", on: "a server becomes idle" },
    leave: { from: "in service", to: "left", on: "the service ends" },
  },
});
