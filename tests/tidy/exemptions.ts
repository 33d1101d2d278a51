// What the size limits do not hold for, by name. Only tables and prose belong here: code is split.

/** Files that may be longer than the limit. */
export const exemptFiles: ReadonlySet<string> = new Set<string>([]);

/** Functions (`path#name`) that may be longer or take more parameters. */
export const exemptFunctions: ReadonlySet<string> = new Set<string>([
  // A job carries the two numbers of the event that it ends with, as sim.after does.
  "src/host/cores.ts#run",
  // A table of fields: put together from parts it costs every request microseconds more.
  "src/layers/nginx/new-request.ts#newRequest",
]);
