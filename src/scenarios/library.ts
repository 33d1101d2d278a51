// The scenarios that come with the program, each with one thing to learn, in the groups of the picker.
import type { Lesson, Scenario } from "../simulation/scenario.ts";
import { djangoEntries } from "./django.ts";
import { type Entry, type Group, taughtScenario } from "./entry.ts";
import { gunicornEntries } from "./gunicorn.ts";
import { http2Entries } from "./http2-lessons.ts";
import { answerEntries } from "./nginx-answers.ts";
import { locationEntries } from "./nginx-locations.ts";
import { pathEntries } from "./path.ts";
import { supervisionEntries } from "./supervision.ts";
import { trafficEntries } from "./traffic-lessons.ts";

export interface LibraryScenario {
  readonly id: string;
  readonly group: Group;
  readonly lesson: Lesson;
  readonly scenario: Scenario;
}

const chapters: readonly (readonly [Group, readonly Entry[]])[] = [
  ["The path", [...pathEntries, ...http2Entries]],
  ["Nginx", [...locationEntries, ...answerEntries]],
  [
    "Gunicorn, Django and the database",
    [...gunicornEntries, ...supervisionEntries, ...djangoEntries],
  ],
  ["Traffic", trafficEntries],
];

/** All scenarios, in the order of the picker. */
export const library: readonly LibraryScenario[] = chapters.flatMap(([group, entries]) =>
  entries.map((entry) => {
    const { id, title, sentence, notice } = entry;
    return { id, group, lesson: { title, sentence, notice }, scenario: taughtScenario(entry) };
  }),
);
