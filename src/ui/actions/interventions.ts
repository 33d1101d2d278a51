// What the reader did to the server: a list of actions, each at its simulated time, with the way back.
// Acting where later actions were taken already forks the run: those no longer happen, and that is said.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Journey } from "../../simulation/journey.ts";
import type { Action } from "../../simulation/scenario.ts";
import type { Session } from "../session/session.ts";
import { differencesOf } from "./run-difference.ts";

type Actions = readonly Action[];

export interface Deeds {
  /** Lists of actions to go back to, the nearest last. */
  readonly past: readonly Actions[];
  /** Lists that were undone, the nearest last. */
  readonly future: readonly Actions[];
  /** What the last change did to the run, one sentence each. */
  readonly told: readonly string[];
}

export interface Interventions {
  readonly deeds: StoreApi<Deeds>;
  /** Runs `shell` just after the step shown, or some nanoseconds later. */
  act(shell: string, laterNs?: number): Promise<void>;
  /** Takes the action with this place in the list out of the run. */
  remove(index: number): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

const NOTHING: Deeds = { past: [], future: [], told: [] };
const ofSessions = new WeakMap<Session, Interventions>();

/** The interventions of a session: the same ones each time. */
export function interventionsOf(session: Session): Interventions {
  const known = ofSessions.get(session);
  if (known !== undefined) return known;
  const made = createInterventions(session);
  ofSessions.set(session, made);
  return made;
}

/** An action just after the moment of `timeNs`, so that all that happens by itself then comes first. */
export function actionAfter(timeNs: number, shell: string): Action {
  return { at: (timeNs + 1) / 1e6, shell, overlap: true };
}

/** `actions` with one more; those that came later than it are left out. */
export function forkedActions(
  actions: Actions,
  added: Action,
): { readonly actions: Actions; readonly dropped: Actions } {
  return {
    actions: [...actions.filter(({ at }) => at <= added.at), added],
    dropped: actions.filter(({ at }) => at > added.at),
  };
}

function createInterventions(session: Session): Interventions {
  const deeds = createStore<Deeds>(() => NOTHING);
  const shown = (): Actions => session.run.getState().spec?.actions ?? [];
  let isOurs = false;

  // Another scenario, seed or file begins a story of its own.
  session.run.subscribe((now, before) => {
    if (now.spec !== before.spec && !isOurs) deeds.setState(NOTHING);
  });

  async function change(actions: Actions, history: Omit<Deeds, "told">, first: string[] = []) {
    const { spec } = session.run.getState();
    const before = session.journey();
    if (spec === null || before === null) return;
    isOurs = true;
    session.view.setState({ hasActed: true });
    const { isDone, failure } = await session.rerun({ ...spec, actions });
    isOurs = false;
    const after = session.journey();
    if (failure !== null) deeds.setState({ told: [failure] });
    if (!isDone || after === null) return;
    deeds.setState({ ...history, told: [...first, ...differencesOf(before, after)] });
  }

  return {
    deeds,
    async act(shell, laterNs = 0) {
      const step = shownStep(session);
      if (step === undefined) return;
      const action = actionAfter(step.timeNs + laterNs, shell);
      const { actions, dropped } = forkedActions(shown(), action);
      const { past } = deeds.getState();
      await change(actions, { past: [...past, shown()], future: [] }, dropped.map(toldDropped));
    },
    async remove(index) {
      const actions = shown().filter((_, i) => i !== index);
      await change(actions, { past: [...deeds.getState().past, shown()], future: [] });
    },
    async undo() {
      const { past, future } = deeds.getState();
      const back = past.at(-1);
      if (back === undefined) return;
      await change(back, { past: past.slice(0, -1), future: [...future, shown()] });
    },
    async redo() {
      const { past, future } = deeds.getState();
      const again = future.at(-1);
      if (again === undefined) return;
      await change(again, { past: [...past, shown()], future: future.slice(0, -1) });
    },
  };
}

function shownStep(session: Session): Journey["steps"][number] | undefined {
  return session.journey()?.steps[session.playhead.getState().step];
}

function toldDropped(action: Action): string {
  const text = "shell" in action ? action.shell : "an action";
  return `The run goes on anew from here: “${text}”, done later before, no longer happens.`;
}
