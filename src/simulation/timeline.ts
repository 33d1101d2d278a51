// The timeline of a scenario: what clients and operators do, in order. An action without `overlap`
// waits for the requests before it to end; so do all that come after it. What is done to a run beside its
// timeline waits for nothing.
import type { Simulation } from "../kernel/simulation.ts";
import { fromMs, type Instant } from "../kernel/time.ts";
import type { Action } from "./scenario.ts";

interface TimelineState {
  next: number;
  /** Requests and visits that are under way. */
  outstanding: number;
}

export interface Timeline {
  /** Requests or visits were begun beside the timeline's own. */
  started(count: number): void;
  /** A request or visit has ended. */
  finished(): void;
  /** Whether every action was taken and answered. */
  done(): boolean;
  /** How many actions were taken. */
  taken(): number;
}

export interface TimelineOptions {
  readonly zero: Instant;
  readonly actions: readonly Action[];
  /** Takes an action; the number of requests or visits it begins. */
  perform(action: Action, index: number): number;
}

/** Plays a timeline from `zero` on. */
export function installTimeline(sim: Simulation, options: TimelineOptions): Timeline {
  const { zero, actions } = options;
  sim.world.timeline = { next: 0, outstanding: 0 } satisfies TimelineState;
  const state = (): TimelineState => sim.world.timeline as TimelineState;

  const dueEvent = sim.event("timeline: action due", () => advance());

  function advance(): void {
    for (;;) {
      const { next, outstanding } = state();
      const action = actions[next];
      if (action === undefined) return;
      const due = zero + fromMs(action.at);
      if (due > sim.now) return;
      const overlap = "request" in action ? action.request.overlap : action.overlap;
      if (overlap !== true && outstanding > 0) return;
      state().next++;
      state().outstanding += options.perform(action, next);
      arm();
    }
  }

  function arm(): void {
    const action = actions[state().next];
    if (action === undefined) return;
    const due = zero + fromMs(action.at);
    if (due > sim.now) sim.at(due, dueEvent);
  }

  arm();
  if (actions.length > 0 && zero + fromMs(actions[0].at) <= sim.now) sim.after(0, dueEvent);
  return {
    started(count) {
      state().outstanding += count;
    },
    finished() {
      state().outstanding--;
      if (state().next < actions.length) sim.after(0, dueEvent);
    },
    taken: () => state().next,
    done: () => state().next >= actions.length && state().outstanding === 0,
  };
}

export interface InterventionOptions {
  readonly zero: Instant;
  readonly actions: readonly Action[];
  perform(action: Action, index: number): void;
}

/** Plays each action at its own moment after `zero`, after all that happens by itself until then. */
export function installInterventions(sim: Simulation, options: InterventionOptions): void {
  const { zero, actions, perform } = options;
  const dueEvent = sim.event("run: a hand from outside", (index) => perform(actions[index], index));
  for (const [index, { at }] of actions.entries()) sim.at(zero + fromMs(at), dueEvent, index);
}
