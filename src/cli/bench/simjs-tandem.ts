// The model "tandem" on simjs, as its manual would have it: Nginx and the database are facilities, and
// the workers, which a request holds through three services, are a buffer of tokens. It writes no
// journal.
import type { ModelOptions, ModelRun } from "./model.ts";
import { FIRST_COME_FIRST_SERVED, type Simjs } from "./simjs.ts";
import { tandem } from "./tandem-parameters.ts";

interface Request {
  readonly arrivedAt: number;
}

/** Runs the model to its end; its unit of time is the millisecond. */
export function runSimjsTandem(simjs: Simjs, options: ModelOptions): ModelRun {
  const random = new simjs.Random(options.seed);
  const nginx = new simjs.Facility("nginx", FIRST_COME_FIRST_SERVED, tandem.nginxServers);
  const { databaseConnections } = tandem;
  const database = new simjs.Facility("database", FIRST_COME_FIRST_SERVED, databaseConnections);
  const responseTimes = new Float64Array(options.count);
  const workers = new simjs.Buffer("workers", tandem.workers, tandem.workers);
  let events = 0;
  let arrived = 0;
  let answered = 0;
  let rejected = 0;

  class Source extends simjs.Entity {
    start(): void {
      const gap = random.exponential(tandem.arrivalsPerSecond / 1000);
      this.setTimer(gap).done(this.arrive, this, null);
    }

    arrive(): void {
      events++;
      arrived++;
      const request: Request = { arrivedAt: this.time() };
      const service = random.exponential(1 / tandem.nginxMs);
      // biome-ignore lint/correctness/useHookAtTopLevel: simjs is no React; its method is named so.
      this.useFacility(nginx, service).done(this.passOn, this, request);
      if (arrived < options.count) this.start();
    }

    passOn(request: Request): void {
      events++;
      if (workers.getQueue.size() < tandem.backlogMax)
        this.getBuffer(workers, 1).done(this.startWork, this, request);
      else rejected++;
    }

    startWork(request: Request): void {
      const work = random.exponential(1 / tandem.beforeQueryMs);
      this.setTimer(work).done(this.query, this, request);
    }

    query(request: Request): void {
      events++;
      const service = random.exponential(1 / tandem.databaseMs);
      // biome-ignore lint/correctness/useHookAtTopLevel: simjs is no React; its method is named so.
      this.useFacility(database, service).done(this.receiveRows, this, request);
    }

    receiveRows(request: Request): void {
      events++;
      const work = random.exponential(1 / tandem.afterQueryMs);
      this.setTimer(work).done(this.answer, this, request);
    }

    answer(request: Request): void {
      events++;
      responseTimes[answered++] = this.time() - request.arrivedAt;
      this.putBuffer(workers, 1);
    }
  }

  const sim = new simjs.Sim();
  sim.addEntity(Source, "source");
  sim.simulate(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const samples = responseTimes.subarray(0, answered);
  const none = { engine: sim, journalRows: 0, journalHash: null };
  return { events, samples, secondsPerUnit: 1e-3, rejected, ...none };
}
