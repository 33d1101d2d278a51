// State machines, declared once: states and named transitions, nothing else. Behaviour chooses, the
// machine permits. The same definition is read by the kernel (checks and journal), the drawing, the
// learner's words, the documents and the tests. Meaning is attached from outside (words, sketch), so
// a definition stays as bare as a figure in an RFC.
import { assert } from "./assert.ts";

export interface StateSpec {
  /** Nothing leaves a final state. */
  readonly final?: true;
}

export interface TransitionSpec<S extends string> {
  readonly from: S | readonly S[];
  readonly to: S;
  /** The event that causes it, as the label of the drawn edge: "SYN,ACK arrives". */
  readonly on: string;
  /** The timer or limit that governs it, in the program's own name. */
  readonly after?: string;
  /** Why no scenario reaches it, when none does. */
  readonly unreached?: string;
}

export interface MachineSpec<S extends string, T extends string> {
  /** Unique; what the entity is: "TCP connection, client side". */
  readonly name: string;
  /** The layer it belongs to. */
  readonly layer: string;
  /** Where the rule is written: RFC section, source file and function, manual. */
  readonly source: string;
  readonly initial: NoInfer<S>;
  readonly states: Readonly<Record<S, StateSpec>>;
  readonly transitions: Readonly<Record<T, TransitionSpec<NoInfer<S>>>>;
}

export interface Machine<S extends string = string, T extends string = string> {
  /** How many were defined before it in this program: a place in a table, which no run depends on. */
  readonly id: number;
  readonly spec: MachineSpec<S, T>;
  readonly stateNames: readonly S[];
  readonly transitionNames: readonly T[];
  /** Name to number, local to this machine. */
  readonly state: Readonly<Record<S, number>>;
  readonly transition: Readonly<Record<T, number>>;
  /** For each transition, a bit for every state it may leave. */
  readonly fromMask: Uint32Array;
  readonly target: Uint8Array;
  readonly initialState: number;
}

export type StateOf<M> = M extends Machine<infer S, string> ? S : never;
export type TransitionOf<M> = M extends Machine<string, infer T> ? T : never;

const STATES_MAX = 32;
/** Machines defined so far. */
let defined = 0;

/** Compiles a definition into integer tables. Throws on a definition that contradicts itself. */
export function defineMachine<const S extends string, const T extends string>(
  spec: MachineSpec<S, T>,
): Machine<S, T> {
  const stateNames = Object.keys(spec.states) as S[];
  const transitionNames = Object.keys(spec.transitions) as T[];
  assert(stateNames.length <= STATES_MAX, `${spec.name}: more than ${STATES_MAX} states`);
  const state = numbered(stateNames);
  const fromMask = new Uint32Array(transitionNames.length);
  const target = new Uint8Array(transitionNames.length);
  transitionNames.forEach((name, number) => {
    const { from, to } = spec.transitions[name];
    for (const origin of typeof from === "string" ? [from] : from) {
      assert(
        spec.states[origin].final !== true,
        `${spec.name}: ${name} leaves the final state ${origin}`,
      );
      fromMask[number] |= 1 << state[origin];
    }
    target[number] = state[to];
  });
  return Object.freeze({
    id: defined++,
    spec,
    stateNames,
    transitionNames,
    state,
    transition: numbered(transitionNames),
    fromMask,
    target,
    initialState: state[spec.initial],
  });
}

function numbered<N extends string>(names: readonly N[]): Record<N, number> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as Record<N, number>;
}
