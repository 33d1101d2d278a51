// M/M/4 on our kernel: customers arrive at 3.2/s, four servers work one second on average, and who
// finds all of them busy waits in line. Two events a customer, every transition in the journal.
import { type Entity, type MachineHandle, Simulation } from "../../kernel/simulation.ts";
import { SECOND } from "../../kernel/time.ts";
import { customer } from "./customer.ts";
import { type Fifo, newFifo, putLast, takeFirst } from "./fifo.ts";
import type { ModelOptions, ModelRun } from "./model.ts";

export const SERVERS = 4;
export const ARRIVALS_PER_SECOND = 3.2;
export const MEAN_SERVICE_SECONDS = 1;

const PURPOSE = { gap: 1, service: 2 } as const;

interface Line {
  idle: number;
  arrived: number;
  readonly waiting: Fifo;
  readonly arrivedAt: Float64Array;
  readonly waits: Float64Array;
}

class Bank {
  private readonly sim: Simulation;
  private readonly handle: MachineHandle<string, keyof typeof customer.transition>;
  private readonly count: number;
  private readonly line: Line;
  private readonly arriving: number;
  private readonly leaving: number;

  constructor(options: ModelOptions) {
    const { count } = options;
    this.sim = new Simulation({ seed: options.seed });
    this.handle = this.sim.machine(customer);
    this.count = count;
    this.line = {
      idle: SERVERS,
      arrived: 0,
      waiting: newFifo(256),
      arrivedAt: new Float64Array(count),
      waits: new Float64Array(count),
    };
    this.sim.world = { line: this.line };
    this.arriving = this.sim.event("arrive", () => this.arrive());
    this.leaving = this.sim.event("leave", (entity) => this.leave(entity));
  }

  run(): ModelRun {
    const { sim, line } = this;
    this.scheduleArrival(0);
    sim.runUntil(Number.POSITIVE_INFINITY);
    return {
      events: sim.eventCount,
      samples: line.waits,
      secondsPerUnit: 1 / SECOND,
      rejected: 0,
      engine: this,
      journalRows: sim.journal.rowCount,
      journalHash: sim.journal.hash,
    };
  }

  private scheduleArrival(number: number): void {
    const gap = this.sim.exponential(number, PURPOSE.gap, SECOND / ARRIVALS_PER_SECOND);
    this.sim.after(Math.round(gap), this.arriving);
  }

  private arrive(): void {
    const { sim, line, handle } = this;
    const number = line.arrived++;
    const entity = sim.spawn(handle, number);
    line.arrivedAt[number] = sim.now;
    if (line.idle > 0) {
      line.idle--;
      sim.fire(handle, entity, customer.transition.startAtOnce);
      this.serve(entity, number);
    } else {
      sim.fire(handle, entity, customer.transition.queueUp, line.waiting.size);
      putLast(line.waiting, entity);
    }
    if (line.arrived < this.count) this.scheduleArrival(line.arrived);
  }

  private serve(entity: Entity, number: number): void {
    const { sim, line } = this;
    line.waits[number] = sim.now - line.arrivedAt[number];
    const service = sim.exponential(number, PURPOSE.service, MEAN_SERVICE_SECONDS * SECOND);
    sim.after(Math.round(service), this.leaving, entity);
  }

  private leave(entity: Entity): void {
    const { sim, line, handle } = this;
    sim.fire(handle, entity, customer.transition.leave);
    sim.retire(entity);
    if (line.waiting.size === 0) {
      line.idle++;
      return;
    }
    const next = takeFirst(line.waiting);
    sim.fire(handle, next, customer.transition.startService, line.waiting.size);
    this.serve(next, sim.requestOf(next));
  }
}

/** Runs the model to its end. */
export function runMmc(options: ModelOptions): ModelRun {
  return new Bank(options).run();
}
