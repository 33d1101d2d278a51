// Changes of a running scenario: which text changes, and what an operator does so that it holds. They are
// actions of the run at a simulated time, so that (version, scenario, seed, actions) decides it still.
import type { Disk } from "../../host/disk.ts";
import { deepFreeze } from "../../kernel/freeze.ts";
import { editScenario } from "../edited-scenario.ts";
import { clientLink } from "../links.ts";
import { DEFAULT_CORES, type Scenario } from "../scenario.ts";
import { gunicornCommand } from "../settings/gunicorn-settings.ts";
import type { SettingEdit, SettingId, SettingValue } from "../settings/setting.ts";
import { settingOf, withSetting } from "../settings/settings.ts";
import { lineText, textAt } from "../settings/texts.ts";
import { breakWorld, changeClientLink } from "./broken-links.ts";
import { type FaultVerb, faultOrders, faultWords } from "./fault.ts";
import type { Operator, Order } from "./operator.ts";
import { restartOf, workerSignals } from "./restarts.ts";
import { isLiveText } from "./run-texts.ts";
import type { Traffic } from "./traffic.ts";
import { trafficOf } from "./traffic-spec.ts";

/** What the operator does at one instant. */
export type TrafficChange =
  | { readonly kind: "setting"; readonly id: SettingId; readonly value: SettingValue }
  /** New text of a file, a command or a part, made to hold as after a reload; null removes the file. */
  | { readonly kind: "file"; readonly path: string; readonly text: string | null }
  | { readonly kind: "fault"; readonly fault: FaultVerb }
  | { readonly kind: "shell"; readonly command: string };

/** A text that is rewritten. */
export interface PlannedEdit {
  readonly path: string;
  /** Null where there was no such file. */
  readonly before: string | null;
  /** Null where the file is removed. */
  readonly after: string | null;
  readonly line: number;
}

/** A change worked out: the scenario after it, what is to be done, and how it is told. */
export interface PlannedChange {
  readonly scenario: Scenario;
  readonly edit: PlannedEdit | null;
  readonly orders: readonly Order[];
  readonly fault: FaultVerb | null;
  readonly words: string;
  /** What takes it back, or null when nothing does. */
  readonly opposite: TrafficChange | null;
}

/** The fault that mends another; null when time alone does. */
function mendingOf(fault: FaultVerb): TrafficChange | null {
  if (fault.verb === "slow" || fault.verb === "drop")
    return { kind: "fault", fault: { verb: "mend", link: fault.link } };
  if (fault.verb === "hold") return { kind: "fault", fault: { ...fault, verb: "release" } };
  return null;
}

/** Works a change out for a scenario as it stands now; a problem says why it cannot be. */
export function planChange(
  scenario: Scenario,
  change: TrafficChange,
): PlannedChange | { readonly problem: string } {
  switch (change.kind) {
    case "setting":
      return planSetting(scenario, change.id, change.value);
    case "file":
      return planFile(scenario, change.path, change.text);
    case "fault":
      return {
        scenario,
        edit: null,
        orders: faultOrders(change.fault, scenario),
        fault: change.fault,
        words: faultWords(change.fault),
        opposite: mendingOf(change.fault),
      };
    case "shell":
      return {
        scenario,
        edit: null,
        orders: [{ shell: change.command }],
        fault: null,
        words: change.command,
        opposite: null,
      };
  }
}

function planSetting(
  scenario: Scenario,
  id: SettingId,
  value: SettingValue,
): PlannedChange | { readonly problem: string } {
  const before = settingOf(scenario, id);
  const edit = withSetting(scenario, id, value);
  if ("problem" in edit) return edit;
  const planned = planEdit(scenario, edit);
  if ("problem" in planned || before === null) return planned;
  const words = `${before.title}: ${before.value} → ${value}`;
  return { ...planned, words: `${words}${by(planned.orders)}` };
}

/** How it is made to hold: " (nginx -s reload)", " (kill -TTIN gunicorn, 4 times)". */
function by(orders: readonly Order[]): string {
  const texts = orders.map((order) => ("shell" in order ? order.shell : "start it again"));
  const told = [...new Set(texts)];
  const times = told.length === 1 && texts.length > 1 ? `, ${texts.length} times` : "";
  return texts.length === 0 ? "" : ` (${told.join(", ")}${times})`;
}

function planFile(
  scenario: Scenario,
  path: string,
  text: string | null,
): PlannedChange | { readonly problem: string } {
  const before = textAt(scenario, path) ?? "";
  const line = (text ?? "").split("\n").findIndex((each, i) => each !== before.split("\n")[i]) + 1;
  return planEdit(scenario, { path, text, line: Math.max(1, line) });
}

function planEdit(
  scenario: Scenario,
  { path, text, line }: Omit<SettingEdit, "text"> & { readonly text: string | null },
): PlannedChange | { readonly problem: string } {
  const before = textAt(scenario, path);
  if (!isLiveText(path))
    return { problem: `${path} is read when the run begins; restart the run with the new text` };
  const { scenario: after, diagnostics } = editScenario(scenario, { [path]: text });
  if (diagnostics.length > 0) {
    const [{ message }] = diagnostics;
    return { problem: message.startsWith(path) ? message : `${path}: ${message}` };
  }
  if (path === "host" && isOtherMachine(scenario, after))
    return { problem: "of a machine that runs only the cores can change; restart the run" };
  if (path === "traffic" && trafficOf(scenario).durationS !== trafficOf(after).durationS)
    return { problem: "how long requests arrive is settled when the run begins; restart the run" };
  const texts = { path, before: before ?? "", text: text ?? "" };
  const orders = before === text ? [] : ordersFor(scenario, texts);
  const told = text === null ? "removed" : lineText(text, line);
  return {
    scenario: after,
    edit: { path, before, after: text, line },
    orders,
    fault: null,
    words: `${path}: ${told}${by(orders)}`,
    opposite: { kind: "file", path, text: before },
  };
}

/** Whether more than the number of cores differs. */
function isOtherMachine(before: Scenario, after: Scenario): boolean {
  const bare = ({ host }: Scenario): string => JSON.stringify({ ...host, cores: null });
  return bare(before) !== bare(after);
}

/** What makes the running programs obey a text. */
function ordersFor(
  scenario: Scenario,
  { path, before, text }: { readonly path: string; readonly before: string; readonly text: string },
): Order[] {
  const signals = workerSignals(before, text);
  if (signals.length > 0) return signals;
  const command = /^command:(\d+)$/.exec(path);
  if (command !== null) return restartOf(text, Number(command[1]) - 1);
  if (path.startsWith("/etc/nginx/")) return [{ shell: "nginx -s reload" }];
  if (path.endsWith(".service")) {
    const unit = path.slice(path.lastIndexOf("/") + 1).replace(/\.service$/, "");
    return [{ shell: "systemctl daemon-reload" }, { shell: `systemctl restart ${unit}` }];
  }
  if (path.includes("/supervisor/")) return [{ shell: "supervisorctl update" }];
  if (path.includes("/postgresql/")) return [{ shell: "systemctl restart postgresql" }];
  if (path.endsWith(".py") && gunicornCommand(scenario) !== null)
    return [{ shell: "kill -HUP gunicorn" }];
  return [];
}

function rewrite(disk: Disk, { path, after }: Pick<PlannedEdit, "path" | "after">): void {
  if (after === null) disk.remove(path);
  else disk.write(path, after);
}

/** Does a planned change to the running world, now. */
export function takeChange(traffic: Traffic, operator: Operator, planned: PlannedChange): void {
  const { sim, host } = traffic.run;
  const { edit, scenario, orders, fault } = planned;
  if (edit !== null) {
    if (edit.path === "traffic") traffic.respecify(trafficOf(scenario));
    else if (edit.path === "views") sim.world.views = deepFreeze(scenario.views ?? {});
    else if (edit.path === "host") host.cpu.resize(scenario.host?.cores ?? DEFAULT_CORES);
    else if (edit.path === "links") changeClientLink(sim, clientLink(scenario));
    else if (edit.path.startsWith("/")) rewrite(host.disk, edit);
  }
  operator.order(orders);
  if (fault !== null) breakWorld(sim, fault, clientLink(scenario));
}
