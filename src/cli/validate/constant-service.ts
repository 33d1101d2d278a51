// The exact mean wait in M/D/c, which has no closed form: of those who are in the system now, all but the c
// that are served remain one service time later, and a Poisson number has come. Source: C. D. Crommelin,
// Delay probability formulae (1932); the generating function's mean by its roots in the unit circle.

interface Complex {
  readonly re: number;
  readonly im: number;
}

const ROUNDS_MAX = 100_000;
const NEAR = 1e-15;

/** Mean wait in service times; `erlangs` is less than `servers`. */
export function meanWaitConstantExact(servers: number, erlangs: number): number {
  let inSystem =
    erlangs - (servers * (servers - 1) - erlangs * erlangs) / (2 * (servers - erlangs));
  // The sum of 1 / (1 - z) over the roots of z^c = exp(a (z - 1)) but z = 1; they come in conjugate pairs.
  for (let k = 1; k < servers; k++) {
    const { re, im } = rootNumbered(k, servers, erlangs);
    inSystem += (1 - re) / ((1 - re) ** 2 + im ** 2);
  }
  return (inSystem - erlangs) / erlangs;
}

/** The fixed point of z = w exp(a (z - 1) / c), w being the k-th root of one: a contraction. */
function rootNumbered(k: number, servers: number, erlangs: number): Complex {
  let [re, im] = [0, 0];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const size = Math.exp((erlangs / servers) * (re - 1));
    const angle = (2 * Math.PI * k) / servers + (erlangs / servers) * im;
    const next = { re: size * Math.cos(angle), im: size * Math.sin(angle) };
    const moved = Math.abs(next.re - re) + Math.abs(next.im - im);
    ({ re, im } = next);
    if (moved < NEAR) break;
  }
  return { re, im };
}
