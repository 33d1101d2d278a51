// One line and c servers on our kernel, with exponential or constant service, run until the mean is known
// well enough: what the formulas of queueing theory speak of and nothing else. The first part of a run,
// when the line is still shorter than it will be, is left out.
//
// In a busy line the means of even long batches lie far apart, mostly because of what the draws happened to
// be. A draw does not depend on what a customer finds on arrival, so (service - mean service) times the
// work found has the mean zero, and so have its likes: they serve as controls (control-variates.ts).
import { type MachineHandle, Simulation } from "../../kernel/simulation.ts";
import { SECOND, type Span } from "../../kernel/time.ts";
import { customer } from "../bench/customer.ts";
import { type Fifo, newFifo, putLast, takeFirst } from "../bench/fifo.ts";
import { type Batch, type Estimate, estimate } from "./control-variates.ts";

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

/** The mean is the time from arrival to departure, in service times. */
export interface LineResult extends Estimate {
  readonly customers: number;
}

const PURPOSE = { gap: 1, service: 2 } as const;
const BATCHES = 64;
const BATCH_MIN = 2000;
/** Customers in a batch times the square of the share of idle time: it forgets how it began. */
const BATCH_FORGETS = 40;
const WARM_UP_BATCHES = 3;

class Line {
  private readonly sim: Simulation;
  private readonly handle: MachineHandle<string, keyof typeof customer.transition>;
  private readonly options: LineOptions;
  private readonly waiting: Fifo = newFifo(1024);
  private readonly arrivedAt: number[] = [];
  private readonly serviceNs: number[] = [];
  private readonly arriving: number;
  private readonly leaving: number;
  private readonly meanGap: number;
  private idle: number;
  private arrived = 0;
  /** Of those who are here, what is not served yet; as of `workAt`. */
  private workNs: Span = 0;
  private workAt = 0;
  private batch = emptyBatch();

  constructor(options: LineOptions) {
    this.options = options;
    this.meanGap = 1 / options.ratePerSecond;
    this.sim = new Simulation({ seed: options.seed, keepJournal: false });
    this.handle = this.sim.machine(customer);
    this.idle = options.servers;
    this.arriving = this.sim.event("arrive", () => this.arrive());
    this.leaving = this.sim.event("leave", (entity) => this.leave(entity));
    this.sim.after(0, this.arriving);
  }

  /** The next so many services, begun at any time. */
  run(customers: number): Batch {
    this.batch = emptyBatch();
    while (this.batch.begun < customers) this.sim.step();
    const { begun, arrived, total, controls } = this.batch;
    return { mean: total / begun, controls: controls.map((sum) => sum / arrived) };
  }

  private arrive(): void {
    const { sim, handle, waiting, options } = this;
    const number = this.arrived++;
    const entity = sim.spawn(handle, number);
    const gapNs = Math.round(sim.exponential(number, PURPOSE.gap, this.meanGap * SECOND));
    const serviceNs =
      options.service === "constant"
        ? SECOND
        : Math.round(sim.exponential(number, PURPOSE.service, SECOND));
    this.noteArrival(serviceNs / SECOND - 1, gapNs / SECOND - this.meanGap);
    this.workNs += serviceNs;
    this.arrivedAt[entity] = sim.now;
    this.serviceNs[entity] = serviceNs;
    if (this.idle > 0) {
      this.idle--;
      sim.fire(handle, entity, customer.transition.startAtOnce);
      this.serve(entity);
    } else {
      sim.fire(handle, entity, customer.transition.queueUp, waiting.size);
      putLast(waiting, entity);
    }
    sim.after(gapNs, this.arriving);
  }

  /** How much longer its service and the gap after it are than usual, in service times, is in the controls. */
  private noteArrival(service: number, gap: number): void {
    this.serveWork();
    const work = this.workNs / SECOND;
    const { batch, meanGap } = this;
    const { controls } = batch;
    batch.arrived++;
    controls[0] += service;
    controls[1] += gap;
    controls[2] += work * service;
    controls[3] += work * gap;
    controls[4] += service * gap;
    controls[5] += gap * gap - meanGap * meanGap;
    if (this.options.service === "exponential") controls[6] += service * service - 1;
  }

  /** Takes from the work what has been done since it was looked at last. */
  private serveWork(): void {
    const { now } = this.sim;
    this.workNs -= (now - this.workAt) * (this.options.servers - this.idle);
    this.workAt = now;
  }

  private serve(entity: number): void {
    const { sim, batch } = this;
    const serviceNs = this.serviceNs[entity];
    const wait = (sim.now - this.arrivedAt[entity]) / SECOND;
    batch.begun++;
    batch.total += wait + serviceNs / SECOND;
    batch.controls[7] += wait * (serviceNs / SECOND - 1);
    sim.after(serviceNs, this.leaving, entity);
  }

  private leave(entity: number): void {
    const { sim, handle, waiting } = this;
    this.serveWork();
    sim.fire(handle, entity, customer.transition.leave);
    sim.retire(entity);
    if (waiting.size === 0) {
      this.idle++;
      return;
    }
    const next = takeFirst(waiting);
    sim.fire(handle, next, customer.transition.startService, waiting.size);
    this.serve(next);
  }
}

function emptyBatch() {
  return { begun: 0, arrived: 0, total: 0, controls: [0, 0, 0, 0, 0, 0, 0, 0] };
}

/** Runs a line in ever longer batches until its mean is known to the wanted precision. */
export function runLine(options: LineOptions): LineResult {
  const line = new Line(options);
  const idleShare = 1 - options.ratePerSecond / options.servers;
  const shortest = Math.max(BATCH_MIN, Math.round(BATCH_FORGETS / idleShare ** 2));
  line.run(WARM_UP_BATCHES * shortest);
  let customers = 0;
  for (let batch = shortest; ; batch *= 2) {
    const result = estimate(Array.from({ length: BATCHES }, () => line.run(batch)));
    customers += batch * BATCHES;
    if (result.standardError < options.precision * result.mean || customers >= options.customersMax)
      return { ...result, customers };
  }
}
