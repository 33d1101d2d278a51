// Faults as verbs, on links and on processes: what breaks in the world, and what mends it.

/** Which link: between clients and the server, or between Nginx and the application server. */
export type FaultLink = "clients" | "upstream" | "database";
/** Which process. A worker is the one with the lowest pid. */
export type FaultProcess = "nginx" | "gunicorn" | "gunicorn worker" | "postgresql";

export type FaultVerb =
  /** Every packet takes `byMs` longer each way. */
  | { readonly verb: "slow"; readonly link: FaultLink; readonly byMs: number }
  /** Packets are lost with this probability, 0 to 1. */
  | { readonly verb: "drop"; readonly link: FaultLink; readonly rate: number }
  /** Nothing arrives until it is let go. */
  | { readonly verb: "hold"; readonly link: FaultLink }
  | { readonly verb: "mend"; readonly link: FaultLink }
  /** SIGSTOP, SIGCONT. */
  | { readonly verb: "freeze"; readonly process: FaultProcess }
  | { readonly verb: "thaw"; readonly process: FaultProcess }
  /** SIGKILL. */
  | { readonly verb: "kill"; readonly process: FaultProcess }
  | { readonly verb: "restart"; readonly process: FaultProcess };
