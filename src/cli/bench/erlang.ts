// The closed formulas that the queueing model M/M/c is checked against.
// Source: Erlang 1917; Kleinrock, Queueing Systems I.

/** Erlang B: the chance that all `servers` are busy when nobody may wait. */
function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (load * blocked) / (k + load * blocked);
  return blocked;
}

/** Erlang C: the chance that an arrival has to wait. */
export function erlangC(servers: number, load: number): number {
  const blocked = erlangB(servers, load);
  const utilisation = load / servers;
  return blocked / (1 - utilisation * (1 - blocked));
}

/** The mean wait before service in M/M/c, in the unit of `meanService`. */
export function meanWait(servers: number, load: number, meanService: number): number {
  return (erlangC(servers, load) * meanService) / (servers * (1 - load / servers));
}
