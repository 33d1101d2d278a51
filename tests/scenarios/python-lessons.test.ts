// What each lesson of Gunicorn, Django and the database claims, as an assertion on its run.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import { playJourney } from "../../src/simulation/play-journey.ts";
import { tellJourney } from "../../src/simulation/story.ts";

interface Played {
  readonly statuses: readonly (number | null)[];
  /** How long each request took, ms. */
  readonly ms: readonly number[];
  readonly logs: readonly string[];
  /** Titles of the steps, in order. */
  readonly titles: readonly string[];
  seen(request: number): Readonly<Record<string, unknown>>;
  headers(request: number): ReadonlyMap<string, string>;
  /** `file:line` of the causes of the steps with this transition. */
  causes(transition: string): readonly string[];
}

function play(id: string): Played {
  const scenario = library.find((entry) => entry.id === id)?.scenario;
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  const run = playJourney(scenario);
  const journey = tellJourney(run);
  const seen = (request: number): Readonly<Record<string, unknown>> =>
    run.recording.observations.get(request) ?? {};
  return {
    statuses: journey.requests.map((request) => request.status),
    ms: journey.requests.map((request) => (request.endNs - request.startNs) / 1e6),
    logs: journey.logs.map((line) => line.text),
    titles: journey.steps.map((step) => step.title),
    seen,
    headers: (request) => new Map(seen(request).headers as [string, string][]),
    causes: (transition) =>
      journey.steps
        .filter((step) => step.transition === transition)
        .map(({ cause }) => (cause === undefined ? "" : `${cause.file}:${cause.line}`)),
  };
}

const SETTINGS = "/srv/myproject/myproject/settings.py";
const queriesOf = (seen: Readonly<Record<string, unknown>>): unknown =>
  (seen.django as { queries: number }).queries;

describe("Gunicorn's lessons", () => {
  it("a fast page waits for the slow one before it: one sync worker does one thing at a time", () => {
    const { statuses, ms, seen } = play("fast-behind-slow");
    expect(statuses).toEqual([200, 200]);
    // Asked 0.2 s after a page of 3 s, with the handshakes of its own.
    expect(ms[1]).toBeGreaterThan(2900);
    expect(queriesOf(seen(1))).toBe(1);
  });

  it("Nginx keeps a slow upload away from the worker; reached directly, it blocks the others", () => {
    const { statuses, ms } = play("slow-client");
    expect(statuses).toEqual([302, 200, 302, 200]);
    expect(ms[1]).toBeLessThan(300);
    expect(ms[3]).toBeGreaterThan(3000);
  });

  it("the clock that runs out first decides: Nginx's gives 504, the arbiter's 502", () => {
    const { statuses, logs, causes } = play("timer-race");
    expect(statuses).toEqual([504, 502]);
    const nginx = logs.filter((line) => line.includes("[error]"));
    expect(nginx[0]).toContain("upstream timed out (110: Connection timed out)");
    expect(nginx[1]).toContain("upstream prematurely closed connection");
    // The view that nobody waits for any more is killed as well.
    expect(logs.filter((line) => line.includes("WORKER TIMEOUT"))).toHaveLength(2);
    expect(causes("timeOut")).toEqual(["/etc/nginx/sites-enabled/example:11"]);
  });

  it("a reload loses no request: the old worker finishes, a new one takes what waits", () => {
    const { statuses, ms, logs } = play("graceful-reload");
    expect(statuses).toEqual([200, 200, 200]);
    expect(ms[0]).toBeGreaterThan(3000);
    const signal = logs.findIndex((line) => line.endsWith("Handling signal: hup"));
    const after = logs.slice(signal);
    expect(after.filter((line) => line.includes("Booting worker"))).toHaveLength(2);
    expect(after.filter((line) => line.includes("Worker exiting"))).toHaveLength(2);
  });

  it("a worker beyond the memory limit is killed without a word of its own, and replaced", () => {
    const { statuses, logs } = play("out-of-memory");
    expect(statuses).toEqual([502, 200, 200]);
    const of = (text: string): number => logs.filter((line) => line.includes(text)).length;
    // 48.3 MB of Django and 150 MiB beside a master of 30.5 MB and another worker: more than 200 MiB.
    expect(of("kernel: Memory cgroup out of memory: Killed process")).toBe(1);
    expect(of("anon-rss:200768kB")).toBe(1);
    expect(of("A process of this unit has been killed by the OOM killer.")).toBe(1);
    expect(of("was terminated due to signal 9")).toBe(1);
    expect(of("Traceback")).toBe(0);
  });

  it("broken code and a reload take the server down, and systemd gives up after five starts", () => {
    const { statuses, logs, causes } = play("broken-deploy");
    expect(statuses).toEqual([200, 502]);
    expect(causes("failImport")[0]).toBe(`${SETTINGS}:7`);
    const of = (text: string): number => logs.filter((line) => line.includes(text)).length;
    expect(of("Reason: Worker failed to boot.")).toBe(5);
    expect(of("status=3/NOTIMPLEMENTED")).toBe(5);
    expect(of("Start request repeated too quickly.")).toBe(1);
    expect(of("Failed with result 'exit-code'.")).toBe(6);
  });
});

describe("Django's lessons", () => {
  it("without X-Forwarded-Proto the redirect to https leads to itself; with it the page comes", () => {
    const { statuses, headers, causes } = play("redirect-loop");
    expect(statuses).toEqual([301, 301, 200]);
    expect(headers(0).get("location")).toBe("https://www.example.com/");
    expect(headers(1).get("location")).toBe("https://www.example.com/");
    // SECURE_SSL_REDIRECT is the last line of settings.py.
    expect(causes("answerEarly")).toEqual([`${SETTINGS}:55`, `${SETTINGS}:55`]);
  });

  it("a proxy that hides the host makes the CSRF check fail over https", () => {
    const { statuses, logs } = play("csrf-behind-tls");
    expect(statuses).toEqual([200, 403, 302]);
    expect(logs).toContain(
      "Forbidden (Referer checking failed - https://www.example.com/cart/ does not match any trusted origins.): /cart/add/",
    );
  });

  it("a host outside ALLOWED_HOSTS is 400, without a view and without X-Frame-Options", () => {
    const { statuses, logs, seen, headers, causes } = play("disallowed-host");
    expect(statuses).toEqual([400]);
    expect(logs).toContain(
      "Invalid HTTP_HOST header: 'shop.example.com'. You may need to add 'shop.example.com' to ALLOWED_HOSTS.",
    );
    expect((seen(0).django as { view?: string }).view).toBeUndefined();
    expect(headers(0).has("x-frame-options")).toBe(false);
    expect(causes("convertException")).toEqual([`${SETTINGS}:7`]);
  });

  it("a middleware that answers keeps the request from everything inside it", () => {
    const { statuses, seen, headers } = play("short-circuit");
    expect(statuses).toEqual([503]);
    expect((seen(0).django as { middleware: string[] }).middleware).toEqual([
      "SecurityMiddleware request",
      "SessionMiddleware request",
      "CommonMiddleware request",
      "MaintenanceMiddleware request",
      "MaintenanceMiddleware response",
      "CommonMiddleware response",
      "SessionMiddleware response",
      "SecurityMiddleware response",
    ]);
    expect(headers(0).has("x-frame-options")).toBe(false);
    expect(headers(0).get("x-content-type-options")).toBe("nosniff");
  });

  it("a list of 20 asks 21 times, and once when it is joined", () => {
    const { statuses, seen } = play("n-plus-one");
    expect(statuses).toEqual([200, 200]);
    expect(queriesOf(seen(0))).toBe(21);
    expect(queriesOf(seen(1))).toBe(1);
  });

  it("PostgreSQL refuses the connection beyond its places at once; there is no queue", () => {
    const { statuses, ms, logs } = play("connections-exhausted");
    expect(statuses).toEqual([200, 200, 500, 200]);
    expect(ms[2]).toBeLessThan(300);
    expect(logs.join("\n")).toContain(
      "FATAL:  remaining connection slots are reserved for non-replication superuser connections",
    );
  });
});
