// Faults as verbs, on links and on processes: what breaks in the world, and what mends it.
import type { Order } from "./operator.ts";

/**
 * "clients" is the link between browsers and server, "server" what programs on the server say to each
 * other, "database" the link between the application and PostgreSQL.
 */
export type FaultLink = "clients" | "server" | "database";
/** The links that can lose packets and be held: what is said within a machine is not lost. */
type Wire = Exclude<FaultLink, "server">;
/** A worker is the one with the lowest pid. */
export type FaultProcess = "nginx" | "gunicorn" | "gunicorn worker" | "postgresql";

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
  | { readonly verb: "hold"; readonly process: Exclude<FaultProcess, "postgresql"> }
  /** SIGCONT. */
  | { readonly verb: "release"; readonly process: Exclude<FaultProcess, "postgresql"> }
  /** SIGKILL. */
  | { readonly verb: "kill"; readonly process: FaultProcess }
  | { readonly verb: "restart"; readonly process: "nginx" | "gunicorn" | "postgresql" };

/** What can be broken, as a menu offers it, with sensible amounts. */
export const FAULTS: readonly FaultVerb[] = [
  { verb: "slow", link: "clients", byMs: 200 },
  { verb: "drop", link: "clients", rate: 0.05 },
  { verb: "hold", link: "clients" },
  { verb: "release", link: "clients" },
  { verb: "mend", link: "clients" },
  { verb: "slow", link: "server", byMs: 20 },
  { verb: "mend", link: "server" },
  { verb: "slow", link: "database", byMs: 20 },
  { verb: "drop", link: "database", rate: 0.05 },
  { verb: "hold", link: "database" },
  { verb: "release", link: "database" },
  { verb: "mend", link: "database" },
  { verb: "hold", process: "gunicorn worker" },
  { verb: "release", process: "gunicorn worker" },
  { verb: "kill", process: "gunicorn worker" },
  { verb: "hold", process: "gunicorn" },
  { verb: "release", process: "gunicorn" },
  { verb: "restart", process: "gunicorn" },
  { verb: "kill", process: "gunicorn" },
  { verb: "kill", process: "nginx" },
  { verb: "restart", process: "nginx" },
  { verb: "kill", process: "postgresql" },
  { verb: "restart", process: "postgresql" },
];

const LINK_NAMES: Readonly<Record<FaultLink, string>> = {
  clients: "the link to the clients",
  server: "the sockets on the server",
  database: "the link to PostgreSQL",
};

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

/** What the operator types for a fault of a process; nothing for one of a link. */
export function faultOrders(fault: FaultVerb): Order[] {
  if ("link" in fault) return [];
  switch (fault.verb) {
    case "hold":
      return [{ shell: `kill -STOP ${targetOf(fault.process)}` }];
    case "release":
      return [{ shell: `kill -CONT ${targetOf(fault.process)}` }];
    case "kill":
      return [{ shell: `kill -KILL ${targetOf(fault.process)}` }];
    case "restart":
      return [{ shell: `systemctl restart ${fault.process}` }];
  }
}

function targetOf(process: FaultProcess): string {
  if (process === "gunicorn worker") return "gunicorn worker 1";
  return process === "postgresql" ? "postgres" : process;
}
