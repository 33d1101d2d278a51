// How a changed text is made to hold: by signals where the number of workers alone is another, by whoever
// started the program otherwise; and how it is taken back.
import { describe, expect, it } from "vitest";
import "../../../src/simulation/all-parts.ts";
import { library } from "../../../src/scenarios/library.ts";
import { textAt } from "../../../src/simulation/settings/texts.ts";
import { planChange } from "../../../src/simulation/traffic/changes.ts";
import { restartOrders, workerSignals } from "../../../src/simulation/traffic/restarts.ts";

const scenarioOf = (id: string) => library.find((entry) => entry.id === id)!.scenario;
const site = scenarioOf("too-few-workers");
const supervised = scenarioOf("clean-exit-stays-down");
const twice = (shell: string) => [{ shell }, { shell }];

describe("the number of workers", () => {
  it("is changed by signals, also where it was not written", () => {
    expect(workerSignals("gunicorn a:b --workers 4", "gunicorn a:b --workers 6")).toEqual(
      twice("kill -TTIN gunicorn"),
    );
    expect(workerSignals("gunicorn -w3 a:b", "gunicorn a:b")).toEqual(twice("kill -TTOU gunicorn"));
  });

  it("needs more than signals when anything else has changed", () => {
    expect(workerSignals("gunicorn a:b --workers 4", "gunicorn a:b --workers 6 -t 5")).toEqual([]);
    expect(workerSignals("nginx -w 4", "nginx -w 5")).toEqual([]);
  });

  it("comes back as it was written", () => {
    const bare = { ...site, files: {}, processes: ["gunicorn a:b"] };
    const planned = planChange(bare, { kind: "setting", id: "workers", value: 3 });
    if ("problem" in planned || planned.opposite === null) throw new Error("cannot be changed");
    const back = planChange(planned.scenario, planned.opposite);
    expect(back).toMatchObject({ orders: twice("kill -TTOU gunicorn") });
    expect(textAt((back as typeof planned).scenario, "command:1")).toBe("gunicorn a:b");
  });
});

describe("a restart", () => {
  it("is done by whoever started the program", () => {
    expect(restartOrders("gunicorn", site)).toEqual([{ shell: "systemctl restart gunicorn" }]);
    expect(restartOrders("gunicorn", supervised)[0]).toHaveProperty(
      "shell",
      expect.stringMatching(/^supervisorctl restart /),
    );
    const bare = { ...site, files: {}, processes: ["gunicorn a:b", "nginx"] };
    expect(restartOrders("nginx", bare)).toEqual([
      { shell: "kill -TERM nginx" },
      { start: "nginx", command: 1, after: "nginx" },
    ]);
  });

  it("of what supervisor runs is an update of its file", () => {
    const planned = planChange(supervised, { kind: "setting", id: "threads", value: 4 });
    expect(planned).toHaveProperty("orders", [{ shell: "supervisorctl update" }]);
  });
});

describe("the text of a part", () => {
  it("keeps the order in which it was written", () => {
    const planned = planChange(site, { kind: "setting", id: "rate", value: 7 });
    if ("problem" in planned) throw new Error(planned.problem);
    const text = textAt(planned.scenario, "traffic");
    expect(text).toBe(textAt(site, "traffic")?.replace('"poisson": 120', '"poisson": 7'));
  });
});
