import { describe, expect, it } from "vitest";
import { verbsAt } from "../../../src/ui/actions/verbs.ts";
import { fixtureJourney } from "../fixtures/journey.ts";

const journey = fixtureJourney();
const step = journey.steps[journey.steps.length - 1];

describe("the commands offered at a step", () => {
  const commands = verbsAt(journey, step).flatMap(({ verbs }) =>
    verbs.map(({ command }) => command),
  );

  it("are Gunicorn's signals, Nginx's, systemd's and PostgreSQL's", () => {
    for (const signal of "HUP TERM INT QUIT TTIN TTOU USR1 USR2 WINCH KILL".split(" "))
      expect(commands).toContain(`kill -${signal} gunicorn`);
    expect(commands).toContain("kill -HUP nginx");
    expect(commands).toContain("systemctl restart postgresql");
  });

  it("name each worker that lives, and no other", () => {
    const workers = step.scene.gunicorn.workers.length;
    expect(commands).toContain(`kill -KILL gunicorn worker ${workers}`);
    expect(commands).not.toContain(`kill -KILL gunicorn worker ${workers + 1}`);
  });

  it("leave out what does not run: no Nginx, no PostgreSQL, an arbiter that is gone", () => {
    const stage = { ...journey.stage, nginx: false, databaseName: "SQLite" };
    const scene = {
      ...step.scene,
      gunicorn: { ...step.scene.gunicorn, arbiter: null, workers: [] },
    };
    const left = verbsAt({ stage }, { ...step, scene }).flatMap(({ verbs }) => verbs);
    expect(left.every(({ command }) => /^systemctl|sqlite3/.test(command))).toBe(true);
  });

  it("hold a lock of the database for a while, by a program that could", () => {
    expect(commands).toContain(
      'psql shop -c "BEGIN; LOCK TABLE shop_product; SELECT pg_sleep(2)" &',
    );
    const stage = { ...journey.stage, databaseName: "SQLite", databasePlace: "/srv/shop.sqlite3" };
    const [sqlite] = verbsAt({ stage }, step).filter(({ target }) => target === "database");
    expect(sqlite.verbs.map(({ command }) => command)).toContain(
      "((echo 'BEGIN IMMEDIATE;'; sleep 10) | sqlite3 /srv/shop.sqlite3) &",
    );
  });

  it("are supervisorctl's where supervisord can be reached, and its signals where not", () => {
    const scene = { ...step.scene, supervisor: [{ name: "shop", state: "RUNNING" }] };
    const told = (hasSupervisorctl: boolean): readonly string[] =>
      verbsAt(
        { stage: { ...journey.stage, supervisorName: "supervisord", hasSupervisorctl } },
        { ...step, scene },
      )
        .filter(({ target }) => target === "supervisor")
        .flatMap(({ verbs }) => verbs.map(({ command }) => command));
    const signals = ["kill -HUP supervisord", "kill -TERM supervisord", "kill -KILL supervisord"];
    expect(told(false)).toEqual(signals);
    expect(told(true)).toEqual([
      "supervisorctl restart shop",
      "supervisorctl stop shop",
      "supervisorctl start shop",
      "supervisorctl signal HUP shop",
      "supervisorctl reread",
      "supervisorctl update",
      ...signals,
    ]);
  });

  it("each say in one sentence what they do", () => {
    for (const { verbs } of verbsAt(journey, step))
      for (const { does } of verbs) expect(does).toMatch(/^[A-Z].{20,110}\.$/);
  });
});
