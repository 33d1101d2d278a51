// Every step of nginx in the scenarios says why: the line that decided, or, where no file did, the rule built into the
// program (its machine's source, which the Why tab shows). Where something was chosen, what lost is there, too.
import { describe, expect, it } from "vitest";
import { nginx } from "../../src/layers/nginx/layer.ts";
import { library } from "../../src/scenarios/library.ts";
import type { Step } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";

/** Steps that a line of the configuration decides: none of these may be without it. */
const DECIDED_BY_A_LINE = new Set([
  "accept",
  "askSubrequest",
  "beginAccess",
  "beginContent",
  "beginPreaccess",
  "beginPrecontent",
  "beginServerRewrite",
  "chooseLocation",
  "choosePeer",
  "chooseServer",
  "delay",
  "disable",
  "enterNamed",
  "fetch",
  "findNoPeer",
  "hearAddress",
  "hit",
  "internalRedirect",
  "lookInCache",
  "miss",
  "openFile",
  "pass",
  "reject",
  "resolve",
  "rewriteInLocation",
  "rewriteInServer",
  "sendHeader",
  "serveUpdating",
  "store",
  "timeOut",
  "tryFiles",
]);

/** Steps that choose among several: what lost must be told. */
const CHOICES = new Set([
  "chooseServer",
  "choosePeer",
  "fetch",
  "findNoPeer",
  "internalRedirect",
  "miss",
  "openFile",
  "rewriteInLocation",
  "sendHeader",
  "store",
  "tryFiles",
]);

const stepsOf = (id: string): readonly Step[] => {
  const scenario = library.find((entry) => entry.id === id)?.scenario;
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  return runJourney(scenario).steps.filter((step) => step.layer === "nginx");
};

const named = (step: Step): string => `${step.machine}: ${step.transition}: ${step.title}`;

/** Scenarios of one request or a few in which nginx has something to decide. */
const scenarios = library
  .filter(({ scenario }) => scenario.traffic === undefined)
  .filter(({ scenario }) => Object.keys(scenario.files).some((path) => path.includes("nginx")))
  .map(({ id }) => id);

describe.each(scenarios)("%s", (id) => {
  const steps = stepsOf(id);

  it("names the line of every step that a line decided", () => {
    const silent = steps.filter(
      ({ transition, cause }) => DECIDED_BY_A_LINE.has(transition) && cause === undefined,
    );
    expect(silent.map(named)).toEqual([]);
  });

  it("tells what lost where something was chosen", () => {
    const silent = steps.filter(
      ({ transition, alternatives }) => CHOICES.has(transition) && alternatives.length === 0,
    );
    expect(silent.map(named)).toEqual([]);
  });

  it("leaves no other step without a rule of nginx's own", () => {
    const sources = new Map(
      nginx.views.map(({ machine }) => [machine.spec.name, machine.spec.source]),
    );
    const silent = steps.filter(
      ({ machine, cause }) => cause === undefined && (sources.get(machine) ?? "") === "",
    );
    expect(silent.map(named)).toEqual([]);
  });
});
