// The npm package simjs, which the kernel is measured against: a process-and-facility library of
// event objects and callbacks. Its bundle only offers itself to a page, as `window.Sim`, so a stand-in
// window receives it here. Only what the models use is typed.

export interface SimjsRequest {
  done(callback: (argument: never) => void, context: object, argument: unknown): SimjsRequest;
}

export interface SimjsFacility {
  queueStats(): { readonly durationSeries: { average(): number } };
}

/** A store of like tokens: who finds too few of them waits in `getQueue`. */
export interface SimjsBuffer {
  readonly getQueue: { size(): number };
}

export interface SimjsEntity {
  time(): number;
  setTimer(delay: number): SimjsRequest;
  useFacility(facility: SimjsFacility, duration: number): SimjsRequest;
  getBuffer(buffer: SimjsBuffer, amount: number): SimjsRequest;
  putBuffer(buffer: SimjsBuffer, amount: number): SimjsRequest;
}

export interface SimjsSimulation {
  addEntity(entity: new (...parameters: never[]) => SimjsEntity, name: string): SimjsEntity;
  simulate(endTime: number, eventsMax: number): boolean;
}

export interface Simjs {
  readonly Sim: new () => SimjsSimulation;
  readonly Entity: new (...parameters: never[]) => SimjsEntity;
  readonly Facility: new (name: string, discipline: number, servers: number) => SimjsFacility;
  readonly Buffer: new (name: string, capacity: number, initial: number) => SimjsBuffer;
  readonly Random: new (seed: number) => { exponential(rate: number): number };
}

/** The discipline "first come, first served": the default of a facility. */
export const FIRST_COME_FIRST_SERVED = 1;

export async function loadSimjs(): Promise<Simjs> {
  const page = globalThis as { window?: { Sim?: Simjs } | undefined };
  const before = page.window;
  const standIn: { Sim?: Simjs } = {};
  page.window = standIn;
  await import("simjs" as string);
  page.window = before;
  if (standIn.Sim === undefined) throw new Error("simjs did not offer itself to the page.");
  return standIn.Sim;
}
