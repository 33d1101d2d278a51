// One scenario of the library, as its own file writes it.
import type { Scenario } from "../simulation/scenario.ts";

/** The headings of the picker, in its order. */
export const groups = [
  "The path",
  "Nginx",
  "Gunicorn, Django and the database",
  "Traffic",
] as const;
export type Group = (typeof groups)[number];

export interface Entry {
  /** Names it in links: lower case and hyphens, never changed. */
  readonly id: string;
  readonly title: string;
  /** What there is to see, in one sentence. */
  readonly sentence: string;
  /** What to look at, each a sentence. */
  readonly notice: readonly string[];
  readonly scenario: Scenario;
}

/** The scenario of an entry, which carries what it teaches. */
export function taughtScenario({ title, sentence, notice, scenario }: Entry): Scenario {
  return { ...scenario, lesson: { title, sentence, notice } };
}
