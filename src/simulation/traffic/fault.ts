// Faults as verbs, on links and on processes: what breaks in the world, and what mends it.
import type { Scenario } from "../scenario.ts";
import { settingOf } from "../settings/settings.ts";
import type { Order } from "./operator.ts";
import { restartOrders } from "./restarts.ts";

/**
 * "dns" is the link between the clients and their resolver, "name servers" those from there to the servers
 * of the root and of the domains, "clients" the one between browsers and server,
 * "server" what programs on the server say to each other, "database" the link to PostgreSQL.
 */
export type FaultLink = "dns" | "name servers" | "clients" | "server" | "database";
/** The links that can lose packets and be held: what is said within a machine is not lost. */
type Wire = Exclude<FaultLink, "server">;
/** A worker is the one with the lowest pid; the resolver runs on a machine of its own. */
export type FaultProcess =
  | "dns resolver"
  | "nginx"
  | "nginx worker"
  | "gunicorn"
  | "gunicorn worker"
  | "postgresql";
/** What can be told to stop and to go on. */
type Holdable = Extract<FaultProcess, "dns resolver" | "gunicorn" | "gunicorn worker">;
type Restartable = Extract<FaultProcess, "dns resolver" | "nginx" | "gunicorn" | "postgresql">;

export type FaultVerb =
  /** Everything sent takes `byMs` longer each way. */
  | { readonly verb: "slow"; readonly link: FaultLink; readonly byMs: number }
  /** Packets are lost with this probability, 0 to 1. */
  | { readonly verb: "drop"; readonly link: Wire; readonly rate: number }
  /** Nothing comes through, and nobody is told. */
  | { readonly verb: "hold"; readonly link: Wire }
  | { readonly verb: "release"; readonly link: Wire }
  /** The link is as it was at the beginning. */
  | { readonly verb: "mend"; readonly link: FaultLink }
  /** SIGSTOP: it is there and does nothing. */
  | { readonly verb: "hold"; readonly process: Holdable }
  /** SIGCONT. */
  | { readonly verb: "release"; readonly process: Holdable }
  /** SIGKILL. */
  | { readonly verb: "kill"; readonly process: FaultProcess }
  | { readonly verb: "restart"; readonly process: Restartable };

/** What can be broken, from the clients inwards and then on the way to a name, with sensible amounts. */
const FAULTS: readonly FaultVerb[] = [
  { verb: "slow", link: "clients", byMs: 200 },
  { verb: "drop", link: "clients", rate: 0.05 },
  { verb: "hold", link: "clients" },
  { verb: "release", link: "clients" },
  { verb: "mend", link: "clients" },
  { verb: "kill", process: "nginx" },
  { verb: "restart", process: "nginx" },
  { verb: "kill", process: "nginx worker" },
  { verb: "slow", link: "server", byMs: 20 },
  { verb: "mend", link: "server" },
  { verb: "hold", process: "gunicorn" },
  { verb: "release", process: "gunicorn" },
  { verb: "kill", process: "gunicorn" },
  { verb: "restart", process: "gunicorn" },
  { verb: "hold", process: "gunicorn worker" },
  { verb: "release", process: "gunicorn worker" },
  { verb: "kill", process: "gunicorn worker" },
  { verb: "slow", link: "database", byMs: 20 },
  { verb: "drop", link: "database", rate: 0.05 },
  { verb: "hold", link: "database" },
  { verb: "release", link: "database" },
  { verb: "mend", link: "database" },
  { verb: "kill", process: "postgresql" },
  { verb: "restart", process: "postgresql" },
  { verb: "slow", link: "dns", byMs: 200 },
  { verb: "drop", link: "dns", rate: 0.2 },
  { verb: "hold", link: "dns" },
  { verb: "release", link: "dns" },
  { verb: "mend", link: "dns" },
  { verb: "slow", link: "name servers", byMs: 200 },
  { verb: "drop", link: "name servers", rate: 0.2 },
  { verb: "hold", link: "name servers" },
  { verb: "release", link: "name servers" },
  { verb: "mend", link: "name servers" },
  { verb: "hold", process: "dns resolver" },
  { verb: "release", process: "dns resolver" },
  { verb: "kill", process: "dns resolver" },
  { verb: "restart", process: "dns resolver" },
];

/** The faults that a scenario has a place for. */
export function faultsOf(scenario: Scenario): readonly FaultVerb[] {
  const has = (id: string): boolean => settingOf(scenario, id) !== null;
  const hasZones = Object.keys(scenario.zones ?? {}).length > 0;
  const there: Readonly<Record<string, boolean>> = {
    ...{ dns: hasZones, "name servers": hasZones, database: has("maxConnections") },
    ...{ nginx: has("workerProcesses"), gunicorn: has("workers") },
  };
  const needs = (fault: FaultVerb): string => {
    const what = "link" in fault ? fault.link : fault.process.split(" ")[0];
    return what === "postgresql" ? "database" : what;
  };
  return FAULTS.filter((fault) => there[needs(fault)] ?? true);
}

const LINK_NAMES: Readonly<Record<FaultLink, string>> = {
  dns: "the link to the DNS resolver",
  "name servers": "the links from the resolver to the name servers",
  clients: "the link to the clients",
  server: "the sockets on the server",
  database: "the link to PostgreSQL",
};

/** What a fault strikes, as the heading of its verbs. */
export function faultTarget(fault: FaultVerb): string {
  const name =
    "link" in fault ? LINK_NAMES[fault.link] : (PROCESS_NAMES[fault.process] ?? fault.process);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const PROCESS_NAMES: Partial<Readonly<Record<FaultProcess, string>>> = {
  "dns resolver": "DNS resolver",
  nginx: "Nginx's master",
  "nginx worker": "a worker of Nginx",
  gunicorn: "Gunicorn's arbiter",
  "gunicorn worker": "a worker of Gunicorn",
  postgresql: "PostgreSQL",
};

/** The verb alone, with its amount. */
export function faultVerb(fault: FaultVerb): string {
  if (fault.verb === "slow") return `slow by ${fault.byMs} ms`;
  return fault.verb === "drop" ? `drop ${Math.round(fault.rate * 1000) / 10} %` : fault.verb;
}

/** A fault in words: what happens, and to what. */
export function faultWords(fault: FaultVerb): string {
  switch (fault.verb) {
    case "slow":
      return `${LINK_NAMES[fault.link]}: ${fault.byMs} ms slower each way`;
    case "drop":
      return `${LINK_NAMES[fault.link]}: ${Math.round(fault.rate * 1000) / 10} % of packets lost`;
    case "mend":
      return `${LINK_NAMES[fault.link]}: as at the beginning`;
    case "hold":
      return "link" in fault
        ? `${LINK_NAMES[fault.link]}: held, nothing comes through`
        : `${fault.process}: stopped by SIGSTOP, alive and silent`;
    case "release":
      return "link" in fault
        ? `${LINK_NAMES[fault.link]}: open again`
        : `${fault.process}: goes on after SIGCONT`;
    case "kill":
      return `${fault.process}: killed by SIGKILL`;
    case "restart":
      return `${fault.process}: restarted`;
  }
}

/** What the operator types for a fault of a process on the server; nothing for one of a link. */
export function faultOrders(fault: FaultVerb, scenario: Scenario): Order[] {
  if ("link" in fault || fault.process === "dns resolver") return [];
  switch (fault.verb) {
    case "hold":
      return [{ shell: `kill -STOP ${targetOf(fault.process)}` }];
    case "release":
      return [{ shell: `kill -CONT ${targetOf(fault.process)}` }];
    case "kill":
      return [{ shell: `kill -KILL ${targetOf(fault.process)}` }];
    case "restart":
      return restartOrders(fault.process, scenario);
  }
}

function targetOf(process: FaultProcess): string {
  if (process === "gunicorn worker" || process === "nginx worker") return `${process} 1`;
  return process === "postgresql" ? "postgres" : process;
}
