// The model "tandem" on our kernel: one declared machine for the request, every transition in the
// journal, draws keyed by request and purpose, queues as plain data.
import { defineMachine } from "../../kernel/machine.ts";
import { type Entity, type MachineHandle, Simulation } from "../../kernel/simulation.ts";
import { MILLISECOND, SECOND } from "../../kernel/time.ts";
import { type Fifo, newFifo, putLast, takeFirst } from "./fifo.ts";
import type { ModelOptions, ModelRun } from "./model.ts";
import { tandem } from "./tandem-parameters.ts";

const PURPOSE = { gap: 1, nginx: 2, beforeQuery: 3, query: 4, afterQuery: 5 } as const;

const request = defineMachine({
  name: "benchmark request",
  layer: "bench",
  source: "design/performance.md, model tandem",
  initial: "arriving",
  states: {
    arriving: {},
    "waiting for nginx": {},
    "in nginx": {},
    "in the backlog": {},
    "before the query": {},
    "waiting for the database": {},
    "in the database": {},
    "after the query": {},
    answered: { final: true },
    rejected: { final: true },
  },
  transitions: {
    queueForNginx: { from: "arriving", to: "waiting for nginx", on: "both servers are busy" },
    enterNginx: { from: ["arriving", "waiting for nginx"], to: "in nginx", on: "a server is idle" },
    joinBacklog: { from: "in nginx", to: "in the backlog", on: "all workers are busy" },
    reject: { from: "in nginx", to: "rejected", on: "the backlog is full" },
    startWork: {
      from: ["in nginx", "in the backlog"],
      to: "before the query",
      on: "a worker is idle",
    },
    queueForDatabase: {
      from: "before the query",
      to: "waiting for the database",
      on: "all connections are taken",
    },
    query: {
      from: ["before the query", "waiting for the database"],
      to: "in the database",
      on: "a connection is free",
    },
    receiveRows: { from: "in the database", to: "after the query", on: "the query ends" },
    answer: { from: "after the query", to: "answered", on: "the response is written" },
  },
});

interface Stack {
  arrived: number;
  answered: number;
  rejected: number;
  nginxIdle: number;
  workersIdle: number;
  connectionsFree: number;
  readonly nginxQueue: Fifo;
  readonly backlog: Fifo;
  readonly databaseQueue: Fifo;
  readonly arrivedAt: Float64Array;
  readonly responseTimes: Float64Array;
}

class Tandem {
  private readonly sim: Simulation;
  private readonly handle: MachineHandle<string, keyof typeof request.transition>;
  private readonly count: number;
  private readonly stack: Stack;
  private readonly arrival: number;
  private readonly nginxEnd: number;
  private readonly queryStart: number;
  private readonly queryEnd: number;
  private readonly workEnd: number;

  constructor(options: ModelOptions) {
    this.sim = new Simulation({ seed: options.seed });
    this.handle = this.sim.machine(request);
    this.count = options.count;
    this.stack = newStack(options.count);
    this.sim.world = { stack: this.stack };
    this.arrival = this.sim.event("arrival", () => this.arrive());
    this.nginxEnd = this.sim.event("nginx is done", (entity) => this.passOn(entity));
    this.queryStart = this.sim.event("query starts", (entity) => this.askDatabase(entity));
    this.queryEnd = this.sim.event("query ends", (entity) => this.receiveRows(entity));
    this.workEnd = this.sim.event("work ends", (entity) => this.answer(entity));
  }

  run(): ModelRun {
    const { sim, stack } = this;
    this.scheduleArrival(0);
    sim.runUntil(Number.POSITIVE_INFINITY);
    return {
      events: sim.eventCount,
      samples: stack.responseTimes.subarray(0, stack.answered),
      secondsPerUnit: 1 / SECOND,
      rejected: stack.rejected,
      engine: this,
      journalRows: sim.journal.rowCount,
      journalHash: sim.journal.hash,
    };
  }

  private scheduleArrival(number: number): void {
    const gap = this.sim.exponential(number, PURPOSE.gap, SECOND / tandem.arrivalsPerSecond);
    this.sim.after(Math.round(gap), this.arrival);
  }

  private serve(entity: Entity, purpose: number, meanMs: number, end: number): void {
    const { sim } = this;
    const service = sim.exponential(sim.requestOf(entity), purpose, meanMs * MILLISECOND);
    sim.after(Math.round(service), end, entity);
  }

  private arrive(): void {
    const { sim, stack, handle } = this;
    const number = stack.arrived++;
    const entity = sim.spawn(handle, number);
    stack.arrivedAt[number] = sim.now;
    if (stack.nginxIdle > 0) {
      stack.nginxIdle--;
      this.enterNginx(entity);
    } else {
      sim.fire(handle, entity, request.transition.queueForNginx, stack.nginxQueue.size);
      putLast(stack.nginxQueue, entity);
    }
    if (stack.arrived < this.count) this.scheduleArrival(stack.arrived);
  }

  private enterNginx(entity: Entity): void {
    this.sim.fire(this.handle, entity, request.transition.enterNginx);
    this.serve(entity, PURPOSE.nginx, tandem.nginxMs, this.nginxEnd);
  }

  private passOn(entity: Entity): void {
    const { sim, stack, handle } = this;
    if (stack.workersIdle > 0) {
      stack.workersIdle--;
      this.startWork(entity);
    } else if (stack.backlog.size < tandem.backlogMax) {
      sim.fire(handle, entity, request.transition.joinBacklog, stack.backlog.size);
      putLast(stack.backlog, entity);
    } else {
      sim.fire(handle, entity, request.transition.reject);
      sim.retire(entity);
      stack.rejected++;
    }
    if (stack.nginxQueue.size > 0) this.enterNginx(takeFirst(stack.nginxQueue));
    else stack.nginxIdle++;
  }

  private startWork(entity: Entity): void {
    this.sim.fire(this.handle, entity, request.transition.startWork);
    this.serve(entity, PURPOSE.beforeQuery, tandem.beforeQueryMs, this.queryStart);
  }

  private askDatabase(entity: Entity): void {
    const { sim, stack, handle } = this;
    if (stack.connectionsFree > 0) {
      stack.connectionsFree--;
      this.query(entity);
    } else {
      sim.fire(handle, entity, request.transition.queueForDatabase, stack.databaseQueue.size);
      putLast(stack.databaseQueue, entity);
    }
  }

  private query(entity: Entity): void {
    this.sim.fire(this.handle, entity, request.transition.query);
    this.serve(entity, PURPOSE.query, tandem.databaseMs, this.queryEnd);
  }

  private receiveRows(entity: Entity): void {
    const { stack } = this;
    this.sim.fire(this.handle, entity, request.transition.receiveRows);
    this.serve(entity, PURPOSE.afterQuery, tandem.afterQueryMs, this.workEnd);
    if (stack.databaseQueue.size > 0) this.query(takeFirst(stack.databaseQueue));
    else stack.connectionsFree++;
  }

  private answer(entity: Entity): void {
    const { sim, stack } = this;
    const number = sim.requestOf(entity);
    sim.fire(this.handle, entity, request.transition.answer);
    sim.retire(entity);
    stack.responseTimes[stack.answered++] = sim.now - stack.arrivedAt[number];
    if (stack.backlog.size > 0) this.startWork(takeFirst(stack.backlog));
    else stack.workersIdle++;
  }
}

function newStack(count: number): Stack {
  return {
    arrived: 0,
    answered: 0,
    rejected: 0,
    nginxIdle: tandem.nginxServers,
    workersIdle: tandem.workers,
    connectionsFree: tandem.databaseConnections,
    nginxQueue: newFifo(256),
    backlog: newFifo(tandem.backlogMax),
    databaseQueue: newFifo(256),
    arrivedAt: new Float64Array(count),
    responseTimes: new Float64Array(count),
  };
}

/** Runs the model to its end. */
export function runTandem(options: ModelOptions): ModelRun {
  return new Tandem(options).run();
}
