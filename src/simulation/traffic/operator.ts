// The operator of a busy server: what is typed, one command after another, so that the running programs
// obey a text that was changed. Orders are part of the world, so that going back in time takes them back.
import { MILLISECOND, type Span } from "../../kernel/time.ts";
import type { Run } from "../run.ts";
import { runShell } from "../shell.ts";

/** One thing that the operator does. */
export type Order =
  | { readonly shell: string }
  /** Starts a command of the scenario again, once no process of the program is left. */
  | { readonly start: string; readonly command: number; readonly after: string };

interface OperatorWorld {
  readonly orders: Order[];
}

/** Between two commands: an operator, or a script, waits for the prompt. */
const BETWEEN_NS: Span = 200 * MILLISECOND;
/** How often it is looked whether the old processes have gone. */
const LOOK_NS: Span = 100 * MILLISECOND;

export interface Operator {
  /** Does these one after the other, beginning now. */
  order(orders: readonly Order[]): void;
}

/** Installs the operator. Call once, before the run begins. */
export function installOperator(run: Run): Operator {
  const { sim, host, programs } = run;
  sim.world.operator = { orders: [] } satisfies OperatorWorld;
  const world = (): OperatorWorld => sim.world.operator as OperatorWorld;

  const actEvent = sim.event("operator: next command", (index) => {
    const order = world().orders[index];
    if ("shell" in order) runShell(host, programs.shell, order.shell);
    else if (host.processes.living().some(({ program }) => program === order.after))
      sim.after(LOOK_NS, actEvent, index);
    else programs.start(order.start, order.command);
  });

  return {
    order(orders) {
      for (const [i, order] of orders.entries())
        sim.after(i * BETWEEN_NS, actEvent, world().orders.push(Object.freeze(order)) - 1);
    },
  };
}
