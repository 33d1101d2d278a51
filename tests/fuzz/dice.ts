// Repeatable choices for random scenarios and texts: the same seed, the same choices.
import { uniformInteger } from "../../src/kernel/random.ts";

export interface Dice {
  /** 0 to n - 1. */
  below(n: number): number;
  chance(of: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Each with a chance of one in two, in random order. */
  some<T>(list: readonly T[]): T[];
  times<T>(n: number, make: (i: number) => T): T[];
}

const PURPOSE = 0x0f220000;

export function diceFrom(seed: number): Dice {
  let throws = 0;
  const below = (n: number): number => uniformInteger(seed, throws++, PURPOSE, Math.max(1, n));
  const dice: Dice = {
    below,
    chance: (of) => below(1000) < of * 1000,
    pick: (list) => list[below(list.length)],
    some: (list) => shuffled(list.filter(() => below(2) === 0)),
    times: (n, make) => Array.from({ length: n }, (_, i) => make(i)),
  };
  function shuffled<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  }
  return dice;
}

/** Seeds `from` to `from + count - 1`, or the one that ROUNDTRIP_FUZZ_SEED names, or ROUNDTRIP_FUZZ of them. */
export function seeds(from: number, count: number): number[] {
  const one = process.env.ROUNDTRIP_FUZZ_SEED;
  if (one !== undefined) return [Number(one)];
  const wanted = Number(process.env.ROUNDTRIP_FUZZ ?? count);
  return Array.from({ length: wanted }, (_, i) => from + i);
}
