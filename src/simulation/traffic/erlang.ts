// Formulas of queueing theory. Source: A. K. Erlang (1917); L. Kleinrock, Queueing Systems I (1975);
// for constant service G. P. Cosmetatos (1976). Times are in the unit of the service time.

/** Erlang B: the probability that all c servers are busy when nobody can wait; `erlangs` = rate x time. */
export function erlangB(servers: number, erlangs: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (erlangs * blocked) / (k + erlangs * blocked);
  return blocked;
}

/** Erlang C: the probability that a request has to wait. 1 when the load is more than the servers bear. */
export function erlangC(servers: number, erlangs: number): number {
  const utilisation = erlangs / servers;
  if (utilisation >= 1) return 1;
  const blocked = erlangB(servers, erlangs);
  return blocked / (1 - utilisation * (1 - blocked));
}

/** Mean wait in M/M/c. Infinity when the load is more than the servers bear. */
export function meanWaitExponential(servers: number, erlangs: number, serviceTime: number): number {
  const utilisation = erlangs / servers;
  if (utilisation >= 1) return Infinity;
  return (erlangC(servers, erlangs) * serviceTime) / (servers * (1 - utilisation));
}

/** Mean wait in M/D/c by Cosmetatos: within 1 % of the exact one from a utilisation of 0.5 on. */
export function meanWaitConstant(servers: number, erlangs: number, serviceTime: number): number {
  const utilisation = erlangs / servers;
  if (utilisation >= 1) return Infinity;
  const correction =
    ((1 - utilisation) * (servers - 1) * (Math.sqrt(4 + 5 * servers) - 2)) /
    (16 * utilisation * servers);
  return 0.5 * (1 + correction) * meanWaitExponential(servers, erlangs, serviceTime);
}

/** Mean wait in M/G/c by Lee and Longton; `variation` is the coefficient of variation of the service time. */
export function meanWaitGeneral(
  servers: number,
  erlangs: number,
  serviceTime: number,
  variation: number,
): number {
  return ((1 + variation * variation) / 2) * meanWaitExponential(servers, erlangs, serviceTime);
}

/**
 * The share that is turned away in M/M/c/K: `places` counts the servers and those who may wait. Any load is
 * borne, since the queue cannot grow beyond its places.
 */
export function lossProbability(servers: number, erlangs: number, places: number): number {
  let lost = erlangB(servers, erlangs);
  // Each place more is a birth-and-death step like another server's, but served by all of them.
  for (let k = servers + 1; k <= places; k++) {
    const ratio = (erlangs / servers) * lost;
    lost = ratio / (1 + ratio);
  }
  return lost;
}

/**
 * By how much the mean wait of `count` customers differs from run to run, as a share of itself. Source: D. J.
 * Daley (1968) for M/M/1, whose waits are those of M/M/c for the share that has to wait.
 */
export function relativeErrorOfWait(
  utilisation: number,
  waitProbability: number,
  count: number,
): number {
  const rho = utilisation;
  const spread = (2 + 5 * rho - 4 * rho ** 2 + rho ** 3) / (rho * waitProbability * count);
  return Math.sqrt(spread) / (1 - rho);
}
