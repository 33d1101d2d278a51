// One line and c servers on our kernel, with exponential or constant service, run until the mean is known
// well enough: what the formulas of queueing theory speak of and nothing else. The first part of a run,
// when the line is still shorter than it will be, is left out.
import { defineMachine } from "../../kernel/machine.ts";
import { type MachineHandle, Simulation } from "../../kernel/simulation.ts";
import { SECOND, type Span } from "../../kernel/time.ts";
import { type Fifo, newFifo, putLast, takeFirst } from "../bench/fifo.ts";

export interface LineOptions {
  readonly servers: number;
  /** Arrivals a second; the mean service takes one second. */
  readonly ratePerSecond: number;
  readonly service: "exponential" | "constant";
  readonly seed: number;
  /** Stops when the standard error of the mean is below this share of it. */
  readonly precision: number;
  readonly customersMax: number;
}

export interface LineResult {
  readonly customers: number;
  /** Mean time from arrival to departure, in service times. */
  readonly meanInSystem: number;
  readonly standardError: number;
}

const PURPOSE = { gap: 1, service: 2 } as const;
const BATCHES = 32;
/** Left out at the beginning, in customers; a line at 95 % forgets how it began within some thousands. */
const WARM_UP = 200_000;

const customer = defineMachine({
  name: "validated customer",
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

class Line {
  private readonly sim: Simulation;
  private readonly handle: MachineHandle<string, keyof typeof customer.transition>;
  private readonly options: LineOptions;
  private readonly waiting: Fifo = newFifo(1024);
  private readonly arrivedAt: number[] = [];
  private readonly arriving: number;
  private readonly leaving: number;
  private idle: number;
  private arrived = 0;
  /** Since it was read last. */
  private sum: Span = 0;
  private departed = 0;

  constructor(options: LineOptions) {
    this.options = options;
    this.sim = new Simulation({ seed: options.seed, keepJournal: false });
    this.handle = this.sim.machine(customer);
    this.idle = options.servers;
    this.arriving = this.sim.event("arrive", () => this.arrive());
    this.leaving = this.sim.event("leave", (entity) => this.leave(entity));
    this.scheduleArrival();
  }

  /** The mean over the next so many departures, in service times. */
  mean(customers: number): number {
    this.sum = this.departed = 0;
    while (this.departed < customers) this.sim.step();
    return this.sum / this.departed / SECOND;
  }

  private scheduleArrival(): void {
    const mean = SECOND / this.options.ratePerSecond;
    const gap = this.sim.exponential(this.arrived, PURPOSE.gap, mean);
    this.sim.after(Math.round(gap), this.arriving);
  }

  private arrive(): void {
    const { sim, handle, waiting } = this;
    const entity = sim.spawn(handle, this.arrived++);
    this.arrivedAt[entity] = sim.now;
    if (this.idle > 0) {
      this.idle--;
      sim.fire(handle, entity, customer.transition.startAtOnce);
      this.serve(entity);
    } else {
      sim.fire(handle, entity, customer.transition.queueUp, waiting.size);
      putLast(waiting, entity);
    }
    this.scheduleArrival();
  }

  private serve(entity: number): void {
    const { sim, options } = this;
    const service =
      options.service === "constant"
        ? SECOND
        : Math.round(sim.exponential(sim.requestOf(entity), PURPOSE.service, SECOND));
    sim.after(service, this.leaving, entity);
  }

  private leave(entity: number): void {
    const { sim, handle, waiting } = this;
    sim.fire(handle, entity, customer.transition.leave);
    sim.retire(entity);
    this.departed++;
    this.sum += sim.now - this.arrivedAt[entity];
    if (waiting.size === 0) {
      this.idle++;
      return;
    }
    const next = takeFirst(waiting);
    sim.fire(handle, next, customer.transition.startService, waiting.size);
    this.serve(next);
  }
}

/** Runs a line in ever longer batches until its mean is known to the wanted precision. */
export function runLine(options: LineOptions): LineResult {
  const line = new Line(options);
  line.mean(WARM_UP);
  let customers = 0;
  for (let batch = 20_000; ; batch *= 2) {
    const means = Array.from({ length: BATCHES }, () => line.mean(batch));
    customers += batch * BATCHES;
    const mean = means.reduce((sum, each) => sum + each, 0) / BATCHES;
    const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (BATCHES - 1);
    const standardError = Math.sqrt(variance / BATCHES);
    if (standardError < options.precision * mean || customers >= options.customersMax)
      return { customers, meanInSystem: mean, standardError };
  }
}
