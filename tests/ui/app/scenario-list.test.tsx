// @vitest-environment happy-dom
// The list of scenarios: groups, search and keys.
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { groupsOf, ScenarioList } from "../../../src/ui/app/ScenarioList.tsx";
import type { ScenarioEntry } from "../../../src/worker/protocol.ts";

afterEach(cleanup);

const entry = (id: string, group: string, sentence: string): ScenarioEntry => ({
  ...{ id, group, sentence },
  title: `Title of ${id}`,
});
const some = [
  entry("first", "The path", "One request."),
  entry("slash", "Nginx", "The slash of proxy_pass."),
  entry("second", "The path", "A cached page."),
];
const many = Array.from({ length: 12 }, (_, i) => entry(`number-${i}`, "Nginx", "A lesson."));

function shown(scenarios: readonly ScenarioEntry[]): string[] {
  const chosen: string[] = [];
  render(
    <ScenarioList
      scenarios={scenarios}
      current="slash"
      onChoose={(id) => {
        chosen.push(id);
      }}
    />,
  );
  return chosen;
}

describe("the list of scenarios", () => {
  it("stands under the groups' headings, in the library's order", () => {
    expect(groupsOf(some, "").map(([group, entries]) => [group, entries.length])).toEqual([
      ["The path", 2],
      ["Nginx", 1],
    ]);
    shown(some);
    const path = screen.getByRole("region", { name: "The path" });
    expect(within(path).getAllByRole("button")).toHaveLength(2);
    expect(screen.getByRole("button", { current: true }).textContent).toContain("slash");
  });

  it("has no search field while it is short", () => {
    shown(some);
    expect(screen.queryByRole("searchbox")).toBeNull();
  });

  it("leaves the scenarios in which every typed word occurs", () => {
    const chosen = shown(many);
    const field = screen.getByRole("searchbox");
    fireEvent.change(field, { target: { value: "NUMBER-7 lesson" } });
    expect(screen.getByRole("status").textContent).toBe("1 of 12 scenarios");
    fireEvent.submit(field);
    expect(chosen).toEqual(["number-7"]);
    fireEvent.change(field, { target: { value: "no such word" } });
    fireEvent.submit(field);
    expect(chosen).toHaveLength(1);
  });

  it("is walked with the arrow keys, Home and End", () => {
    shown(many);
    const press = (key: string): void => {
      fireEvent.keyDown(document.activeElement ?? document.body, { key });
    };
    screen.getByRole("searchbox").focus();
    press("ArrowDown");
    press("ArrowDown");
    expect(document.activeElement?.textContent).toContain("number-1");
    press("End");
    expect(document.activeElement?.textContent).toContain("number-11");
    press("Home");
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
  });
});
