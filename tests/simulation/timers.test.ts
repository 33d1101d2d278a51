// The timer race, read from runs: which clocks ran, which was over first, and who believed what then.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import type { TimerRace } from "../../src/simulation/journey.ts";
import { createRun, playRun } from "../../src/simulation/run.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

function scenarioOf(id: string): Scenario {
  const scenario = library.find((entry) => entry.id === id)?.scenario;
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  return scenario;
}

function racesOf(id: string, shell?: string): readonly TimerRace[] {
  const scenario = scenarioOf(id);
  const actions = shell === undefined ? [] : [{ at: 1000, shell, overlap: true as const }];
  return runJourney(scenario, { actions }).races;
}

const clockOf = ({ clocks }: TimerRace, name: string) =>
  clocks.find((clock) => clock.name === name)?.spans;
const seconds = (ns: number): number => Math.round(ns / 1e8) / 10;

describe("a view of 8 s behind proxy_read_timeout 5s and timeout 30", () => {
  const [race] = racesOf("slow-view");

  it("lets Nginx's clock be over first, 5 s after the request was passed on", () => {
    const [read] = clockOf(race, "proxy_read_timeout") ?? [];
    expect(read.end).toBe("fired");
    expect(read.toNs - read.fromNs).toBe(5e9);
    expect(race.fired.map(({ name }) => name)).toEqual(["proxy_read_timeout"]);
  });

  it("tells that the worker goes on for nobody, and finds out at the end", () => {
    const said = Object.fromEntries(race.fired[0].beliefs.map(({ name, text }) => [name, text]));
    expect(said.Client).toBe("still waits for the answer");
    expect(said.Nginx).toBe("has answered 504 and logged it");
    expect(said.Worker).toBe("still works on it and knows of nothing else");
    expect(said.Django).toBe("is still in the view");
    const end = Object.fromEntries(race.atEnd.map(({ name, text }) => [name, text]));
    expect(end.Client).toBe("has the answer: 504");
    expect(end.Worker).toBe("finds that nobody waits any more");
  });

  it("stops Gunicorn's clock when the worker is idle again, long before its 30 s", () => {
    const [silence] = clockOf(race, "timeout") ?? [];
    expect(silence.end).toBe("stopped");
    expect(seconds(silence.deadlineNs - silence.fromNs)).toBe(30);
    expect(seconds(silence.toNs - silence.fromNs)).toBe(8);
  });
});

it("lets the arbiter's clock win where timeout is 3 s and Nginx would wait 60 s", () => {
  const [race] = racesOf("worker-timeout");
  const [silence] = clockOf(race, "timeout") ?? [];
  expect(silence.end).toBe("fired");
  // The arbiter looks once a second: the deadline is at 3 s, the abort at most a second later.
  expect(silence.toNs).toBeGreaterThan(silence.deadlineNs);
  expect(silence.toNs - silence.deadlineNs).toBeLessThan(1e9);
  expect(clockOf(race, "proxy_read_timeout")?.[0].end).toBe("stopped");
  expect(race.fired[0].otherwise).toBe("at its next look the arbiter aborts the worker");
});

it("leaves proxy_read_timeout alone when a read would put it off by less than 300 ms, as Nginx does", () => {
  const [race] = racesOf("first-visit");
  const spans = clockOf(race, "proxy_read_timeout") ?? [];
  expect(spans.map(({ end }) => end)).toEqual(["stopped"]);
});

it("puts proxy_read_timeout off with a read that comes later", () => {
  const scenario = scenarioOf("slow-view");
  const site = "/etc/nginx/sites-enabled/example";
  const patient = String(scenario.files[site]).replace(
    "proxy_read_timeout 5s",
    "proxy_read_timeout 20s",
  );
  const [race] = runJourney({ ...scenario, files: { ...scenario.files, [site]: patient } }).races;
  const spans = clockOf(race, "proxy_read_timeout") ?? [];
  expect(spans.map(({ end }) => end)).toEqual(["reset", "stopped"]);
  expect(spans[1].fromNs).toBe(spans[0].toNs);
  expect(seconds(spans[1].fromNs - spans[0].fromNs)).toBe(8);
});

it("counts graceful_timeout from the moment at which Gunicorn is told to end", () => {
  const [race] = racesOf("slow-view", "kill -TERM gunicorn");
  const [grace] = clockOf(race, "graceful_timeout") ?? [];
  expect(seconds(grace.fromNs)).toBe(1);
  expect(grace.deadlineNs - grace.fromNs).toBe(30e9);
});

it("changes nothing by being told: a run that nobody watches has the same journal", () => {
  const scenario = scenarioOf("slow-view");
  const unwatched = createRun(scenario, { wants: () => false });
  playRun(unwatched);
  expect(unwatched.recording.clocks).toEqual([]);
  const hash = (unwatched.sim.journal.hash >>> 0).toString(16).padStart(8, "0");
  expect(runJourney(scenario).hash).toBe(hash);
});

it("names the line that sets a clock, and leaves a default without one", () => {
  const [race] = racesOf("timer-race");
  const placeOf = (name: string): string | undefined => {
    const cause = race.clocks.find((clock) => clock.name === name)?.cause;
    return cause === undefined ? undefined : `${cause.file}:${cause.line}`;
  };
  expect(placeOf("proxy_read_timeout")).toMatch(/^\/etc\/nginx\/sites-enabled\/example:\d+$/);
  expect(placeOf("timeout")).toMatch(/^\/etc\/systemd\/system\/gunicorn\.service:\d+$/);
  expect(race.clocks.some(({ name }) => name === "client_header_timeout")).toBe(true);
  expect(placeOf("client_header_timeout")).toBeUndefined();
});
