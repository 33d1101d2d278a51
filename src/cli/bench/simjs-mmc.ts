// M/M/4 on simjs, as its manual would have it: a facility with four servers.
import { ARRIVALS_PER_SECOND, MEAN_SERVICE_SECONDS, SERVERS } from "./mmc.ts";
import type { ModelOptions, ModelRun } from "./model.ts";
import { FIRST_COME_FIRST_SERVED, type Simjs } from "./simjs.ts";

interface Customer {
  readonly arrivedAt: number;
  readonly service: number;
}

/** Runs the model to its end. */
export function runSimjsMmc(simjs: Simjs, options: ModelOptions): ModelRun {
  const random = new simjs.Random(options.seed);
  const servers = new simjs.Facility("servers", FIRST_COME_FIRST_SERVED, SERVERS);
  const waits = new Float64Array(options.count);
  let events = 0;
  let arrived = 0;
  let left = 0;

  class Source extends simjs.Entity {
    start(): void {
      this.setTimer(random.exponential(ARRIVALS_PER_SECOND)).done(this.arrive, this, null);
    }

    arrive(): void {
      events++;
      arrived++;
      const service = random.exponential(1 / MEAN_SERVICE_SECONDS);
      const customer: Customer = { arrivedAt: this.time(), service };
      // biome-ignore lint/correctness/useHookAtTopLevel: simjs is no React; its method is named so.
      this.useFacility(servers, service).done(this.leave, this, customer);
      if (arrived < options.count) this.start();
    }

    leave(customer: Customer): void {
      events++;
      waits[left++] = this.time() - customer.arrivedAt - customer.service;
    }
  }

  const sim = new simjs.Sim();
  sim.addEntity(Source, "source");
  sim.simulate(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const none = { engine: sim, rejected: 0, journalRows: 0, journalHash: null };
  return { events, samples: waits.subarray(0, left), secondsPerUnit: 1, ...none };
}
