// What a click on "Try it" does: there is one for each sentence that says so, and it is a setting of that
// lesson's own programs with another value than it has.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import type { SettingId } from "../../../src/simulation/settings/setting.ts";
import { settingOf, withSetting } from "../../../src/simulation/settings/settings.ts";
import {
  firstChartsOf,
  lessonsOnScreen,
  noticeLines,
} from "../../../src/ui/traffic/panel/lesson-trials.ts";

const lessons = library.filter(({ group }) => group === "Traffic");

describe("what a lesson tells to try", () => {
  it.each(lessons.map((entry) => [entry.id, entry] as const))("%s", (id, { scenario, lesson }) => {
    const lines = noticeLines(id, lesson.notice);
    const told = lines.filter(({ text }) => text.startsWith("Try "));
    expect(told.length).toBeGreaterThan(0);
    expect(told).toHaveLength(lessonsOnScreen[id].trials.length);
    for (const { trial } of told)
      for (const [setting, value] of Object.entries(trial ?? {})) {
        expect(settingOf(scenario, setting as SettingId)?.value).not.toBe(value);
        expect(withSetting(scenario, setting as SettingId, value ?? 0)).not.toHaveProperty(
          "problem",
        );
      }
  });

  it("is nothing for a scenario that is no lesson", () => {
    expect(noticeLines("first-visit", ["Try to look."])).toEqual([
      { text: "Try to look.", trial: null },
    ]);
    expect(firstChartsOf("first-visit")).toEqual(["response", "waiting"]);
  });
});
