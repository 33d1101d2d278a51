// The discrete-event simulation: one clock, one queue, one loop. Events carry three numbers (kind and
// two arguments); handlers are registered once, in a fixed order, and keep all that changes in the
// world, which is plain data. So a keyframe is a copy of the world, the queue and the entities, and
// the same scenario, seed and actions give the same journal everywhere.
import { assert } from "./assert.ts";
import { ByteReader, ByteWriter, type NumberColumn } from "./byte-columns.ts";
import { copyInto, type EventHandle, EventQueue } from "./event-queue.ts";
import { Journal } from "./journal.ts";
import type { Keyframe } from "./keyframe.ts";
import type { Machine } from "./machine.ts";
import { packState, References } from "./pack-state.ts";
import { drawHashed, hashSeed, minusLogOfDraw, type Purpose, uniformOf } from "./random.ts";
import type { ClockSetting, FiredRow, Recorder } from "./recorder.ts";
import { Renewal } from "./renewal.ts";
import type { Instant, Span } from "./time.ts";
import { unpackState } from "./unpack-state.ts";

/** A thing with a state: a connection, a worker, a request. */
export type Entity = number;
/** Which request of the run something belongs to; NO_REQUEST for processes and the like. */
export type RequestNumber = number;
export const NO_REQUEST: RequestNumber = -1;

export type EventHandler = (a: number, b: number) => void;

/** A machine as this simulation knows it: its definition and where its transitions start in the journal. */
export interface MachineHandle<S extends string = string, T extends string = string> {
  readonly machine: Machine<S, T>;
  readonly index: number;
  readonly firstTransition: number;
  /** The machine's tables, one step nearer for `fire`. */
  readonly fromMask: Uint32Array;
  readonly target: Uint8Array;
  /** How many entities are in each state now. */
  readonly occupancy: Int32Array;
}

export class Simulation {
  readonly seed: number;
  readonly journal: Journal;
  readonly queue = new EventQueue();
  /** Layers whose maps many entries pass through say here how these are made anew. */
  readonly renewal = new Renewal();
  /** All that changes, by layer name: plain data only (see pack-state.ts). */
  world: Record<string, unknown> = {};
  recorder: Recorder | null = null;
  /** Events handled so far. */
  eventCount = 0;

  private readonly seedHash: number;
  /** The time, where it is no object on V8's heap however large it is. */
  private readonly clock = new Float64Array(1);
  /** An event of this instant that passes by the queue, or -1; never pending between two events of the queue. */
  private soonKind = -1;
  private soonA = 0;
  private soonB = 0;
  private readonly handlers: EventHandler[] = [];
  private readonly eventNames: string[] = [];
  private readonly handles: MachineHandle[] = [];
  private readonly handleById: (MachineHandle | undefined)[] = [];
  private transitionCount = 0;
  private entityCount = 0;
  private freed: number[] = [];
  private entityMachine = new Uint16Array(1024);
  private entityState = new Uint8Array(1024);
  private entityRequest = new Int32Array(1024);

  constructor(options: { seed: number; keepJournal?: boolean }) {
    this.seed = options.seed;
    this.seedHash = hashSeed(options.seed);
    this.journal = new Journal(this.clock, options.keepJournal ?? true);
  }

  get now(): Instant {
    return this.clock[0];
  }

  /** Registers a machine. Call in a fixed order: it numbers the transitions in the journal. */
  machine<S extends string, T extends string>(machine: Machine<S, T>): MachineHandle<S, T> {
    const known = this.handleById[machine.id];
    if (known !== undefined) return known as unknown as MachineHandle<S, T>;
    const handle: MachineHandle<S, T> = {
      machine,
      index: this.handles.length,
      firstTransition: this.transitionCount,
      fromMask: machine.fromMask,
      target: machine.target,
      occupancy: new Int32Array(machine.stateNames.length),
    };
    this.handles.push(handle as unknown as MachineHandle);
    this.handleById[machine.id] = handle as unknown as MachineHandle;
    this.transitionCount += machine.transitionNames.length;
    return handle;
  }

  get machines(): readonly MachineHandle[] {
    return this.handles;
  }

  /** Registers what happens at a kind of event and returns the kind. Call in a fixed order. */
  event(name: string, handler: EventHandler): number {
    assert(!this.eventNames.includes(name), `two events named ${name}`);
    this.eventNames.push(name);
    return this.handlers.push(handler) - 1;
  }

  /** Makes an entity in its machine's initial state. */
  spawn<S extends string, T extends string>(
    handle: MachineHandle<S, T>,
    request: RequestNumber,
  ): Entity {
    const entity = this.freed.pop() ?? this.newEntity();
    this.entityMachine[entity] = handle.index;
    this.entityState[entity] = handle.machine.initialState;
    this.entityRequest[entity] = request;
    handle.occupancy[handle.machine.initialState]++;
    return entity;
  }

  /** Gives an entity's number back. Nothing may refer to it any more. */
  retire(entity: Entity): void {
    this.handles[this.entityMachine[entity]].occupancy[this.entityState[entity]]--;
    this.freed.push(entity);
  }

  /**
   * Takes a transition: the only way a state ever changes. Writes one journal row and returns its
   * number. The machine must permit it.
   */
  fire<S extends string, T extends string>(
    handle: MachineHandle<S, T>,
    entity: Entity,
    transition: number,
    value = 0,
  ): number {
    const from = this.move(handle as unknown as MachineHandle, entity, transition);
    const row = this.journal.append(entity, handle.firstTransition + transition, value);
    if (this.recording(entity)) this.record(handle, { row, entity, transition, from, value });
    return row;
  }

  /**
   * The same for a transition that nothing but its own entity's program depends on, not even on its
   * moment: a row is written only where rows are kept or somebody looks; otherwise it returns -1.
   */
  fireInner<S extends string, T extends string>(
    handle: MachineHandle<S, T>,
    entity: Entity,
    transition: number,
    value = 0,
  ): number {
    const from = this.move(handle as unknown as MachineHandle, entity, transition);
    if (!this.seesInner(entity)) return -1;
    const row = this.journal.appendInner(entity, handle.firstTransition + transition, value);
    if (this.recording(entity)) this.record(handle, { row, entity, transition, from, value });
    return row;
  }

  /** Whether an entity's inner transitions are written down. */
  seesInner(entity: Entity): boolean {
    return this.journal.keep || this.recording(entity);
  }

  /** Brings an entity that nobody looks at to a state that inner transitions are known to lead to. */
  skipTo<S extends string, T extends string>(
    handle: MachineHandle<S, T>,
    entity: Entity,
    state: number,
  ): void {
    const { entityState } = this;
    handle.occupancy[entityState[entity]]--;
    handle.occupancy[state]++;
    entityState[entity] = state;
  }

  /** Whether somebody looks at this entity's request, so that facts are worth making. */
  recording(entity: Entity): boolean {
    return this.recorder?.wants(this.entityRequest[entity]) === true;
  }

  /** Attaches facts to a row that `fire` returned, if its request is recorded. */
  note(row: number, facts: unknown): void {
    this.recorder?.note(row, facts);
  }

  /** Tells who looks of a clock. Nothing depends on it: the event is scheduled apart from this. */
  setClock(setting: ClockSetting): void {
    const request = this.entityRequest[setting.entity];
    if (this.recorder?.wants(request)) this.recorder.clocks?.set(setting, request, this.now);
  }

  /** Ends a clock that no event of its own ends. */
  endClock(entity: Entity, name: string, fired: boolean): void {
    this.recorder?.clocks?.ends(entity, name, { fired, now: this.now });
  }

  stateOf(entity: Entity): number {
    return this.entityState[entity];
  }

  /** Whether an entity is in a state, by name. */
  is<S extends string, T extends string>(
    handle: MachineHandle<S, T>,
    entity: Entity,
    state: S,
  ): boolean {
    return this.entityState[entity] === handle.machine.state[state];
  }

  requestOf(entity: Entity): RequestNumber {
    return this.entityRequest[entity];
  }

  /** An entity that lives longer than a request (a connection, a worker) serves this request now. */
  attribute(entity: Entity, request: RequestNumber): void {
    this.entityRequest[entity] = request;
  }

  /** Schedules an event `delay` nanoseconds from now. */
  after(delay: Span, kind: number, a = 0, b = 0): EventHandle {
    const { queue } = this;
    queue.due[0] = this.now + (delay > 0 ? delay : 0);
    return queue.handleOf(queue.pushDue(kind, a, b));
  }

  /** Schedules an event at a time that must not be past. */
  at(time: Instant, kind: number, a = 0, b = 0): EventHandle {
    assert(time >= this.now, "an event in the past");
    const { queue } = this;
    return queue.handleOf(queue.push(time, kind, a, b));
  }

  /** Schedules an event with a place among those of its time that was taken from the queue before. */
  atPlace(place: number, time: Instant, kind: number, a: number): EventHandle {
    const { queue } = this;
    return queue.handleOf(queue.pushAs(place, time, kind, a));
  }

  /**
   * Raises an event for this very instant, after those that are already due: `after(0)` without a handle,
   * and without the queue when nothing else is due now. What it does is the same. For handlers of events.
   */
  soon(kind: number, a = 0, b = 0): void {
    if (this.soonKind < 0 && this.queue.nextTime() > this.now) {
      this.soonKind = kind;
      this.soonA = a;
      this.soonB = b;
    } else this.queue.push(this.now, kind, a, b);
  }

  /** Handles an event of this instant here and now, before what is due as well. For who owns the moment. */
  raise(kind: number, a = 0, b = 0): void {
    this.eventCount++;
    this.handlers[kind](a, b);
  }

  /** Cancels a pending event; nothing happens when it is gone. */
  cancel(handle: EventHandle): void {
    if (this.queue.cancel(handle)) this.recorder?.clocks?.cancelled(handle, this.now);
  }

  /** Handles the earliest event, and what it raises for the same instant by `soon`. False when none is left. */
  step(): boolean {
    const { queue } = this;
    while (this.soonKind >= 0) this.handleSoon();
    if (queue.size === 0) return false;
    this.clock[0] = queue.peekTime();
    this.eventCount++;
    const slot = queue.pop();
    this.handlers[queue.kinds[slot]](queue.as[slot], queue.bs[slot]);
    while (this.soonKind >= 0) this.handleSoon();
    return true;
  }

  /** Handles every event up to and including `time`, at most `eventsMax`; true when it got there. */
  runUntil(time: Instant, eventsMax = Infinity): boolean {
    const { queue, handlers, clock, renewal } = this;
    const eventsEnd = this.eventCount + eventsMax;
    while (this.soonKind >= 0) this.handleSoon();
    while (queue.size > 0) {
      queue.fillRoot();
      if (queue.times[0] > time) break;
      if (this.eventCount >= eventsEnd) return false;
      clock[0] = queue.times[0];
      this.eventCount++;
      const slot = queue.pop();
      handlers[queue.kinds[slot]](queue.as[slot], queue.bs[slot]);
      while (this.soonKind >= 0) this.handleSoon();
      if (this.eventCount >= renewal.dueAt) renewal.run(this.eventCount);
    }
    if (this.now < time && time !== Infinity) clock[0] = time;
    return true;
  }

  private handleSoon(): void {
    const kind = this.soonKind;
    this.soonKind = -1;
    this.eventCount++;
    this.handlers[kind](this.soonA, this.soonB);
  }

  /** A 32-bit draw that depends on the seed, the entity and the purpose alone. */
  draw(entity: number, purpose: Purpose): number {
    return drawHashed(this.seedHash, entity, purpose);
  }

  uniform(entity: number, purpose: Purpose): number {
    return uniformOf(this.draw(entity, purpose));
  }

  exponential(entity: number, purpose: Purpose, mean: number): number {
    return minusLogOfDraw(drawHashed(this.seedHash, entity, purpose)) * mean;
  }

  /**
   * Everything that changes, as bytes that stand in the writer until it is written to again; they may share
   * what they refer to with other keyframes.
   */
  keyframe(writer = new ByteWriter(), shared = new References()): Keyframe {
    assert(this.soonKind < 0, "a keyframe within an event");
    writer.length = 0;
    const { now, eventCount, entityCount, freed } = this;
    this.queue.save(writer);
    writer.number(entityCount);
    writer.number(freed.length);
    writer.column(freed, freed.length);
    for (const column of this.entityColumns()) writer.column(column, entityCount);
    for (const { occupancy } of this.handles) writer.column(occupancy, occupancy.length);
    const references = packState(this.world, writer, shared);
    return { now, eventCount, journal: this.journal.mark(), bytes: writer.written(), references };
  }

  /** Goes back (or forward) to a keyframe of this run; what follows may then take another way. */
  restore({ now, eventCount, journal, bytes, references }: Keyframe): void {
    const reader = new ByteReader(bytes);
    this.clock[0] = now;
    this.eventCount = eventCount;
    this.soonKind = -1;
    this.renewal.begin(eventCount);
    this.journal.rewind(journal);
    this.queue.load(reader);
    this.entityCount = reader.number();
    while (this.entityMachine.length < this.entityCount) this.growEntities();
    this.freed = new Array<number>(reader.number()).fill(0);
    reader.column(this.freed, this.freed.length);
    for (const column of this.entityColumns()) reader.column(column, this.entityCount);
    for (const { occupancy } of this.handles) reader.column(occupancy, occupancy.length);
    this.world = unpackState(reader, references) as Record<string, unknown>;
  }

  private entityColumns(): NumberColumn[] {
    return [this.entityMachine, this.entityState, this.entityRequest];
  }

  /** Changes an entity's state as a transition says, and returns the state that it left. */
  private move(handle: MachineHandle, entity: Entity, transition: number): number {
    const from = this.entityState[entity];
    if (
      this.entityMachine[entity] !== handle.index ||
      ((handle.fromMask[transition] >>> from) & 1) === 0
    )
      this.refuse(handle, entity, transition);
    const to = handle.target[transition];
    this.entityState[entity] = to;
    handle.occupancy[from]--;
    handle.occupancy[to]++;
    return from;
  }

  private record({ machine }: { readonly machine: unknown }, fired: FiredRow): void {
    const { target } = machine as Machine;
    const request = this.entityRequest[fired.entity];
    const to = target[fired.transition];
    const row = { ...fired, time: this.now, request, machine: machine as Machine, to };
    this.recorder?.row(row);
  }

  private newEntity(): Entity {
    if (this.entityCount === this.entityMachine.length) this.growEntities();
    return this.entityCount++;
  }

  private growEntities(): void {
    const capacity = this.entityMachine.length * 2;
    this.entityMachine = copyInto(new Uint16Array(capacity), this.entityMachine);
    this.entityState = copyInto(new Uint8Array(capacity), this.entityState);
    this.entityRequest = copyInto(new Int32Array(capacity), this.entityRequest);
  }

  private refuse(handle: MachineHandle, entity: Entity, transition: number): never {
    const { machine } = handle;
    const owner = this.handles[this.entityMachine[entity]];
    const state = owner.machine.stateNames[this.entityState[entity]];
    throw new Error(
      `${machine.spec.name} does not permit ${machine.transitionNames[transition]}: ` +
        `entity ${entity} (${owner.machine.spec.name}) is in ${state}`,
    );
  }
}
