import { StatisticsError } from '../statistics-error.js';

/**
 * Whole numbers from 0 below `limit`, the same ones for the same seed on every machine: a Weyl sequence through the finalizer of
 * MurmurHash3 (A. Appleby; as in G. L. Steele, D. Lea, C. H. Flood, Fast Splittable Pseudorandom Number Generators, 2014).
 *
 * @throws StatisticsError `BAD_OPTION` unless the seed is a whole number
 */
export function seededBelow(seed: number): (limit: number) => number {
  if (!Number.isSafeInteger(seed)) throw new StatisticsError('BAD_OPTION', 'a seed is a whole number');
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Puts the entries in a random order, in place (R. Durstenfeld, Communications of the ACM 7, 1964, Algorithm 235). */
export function shuffle(values: Float64Array, below: (limit: number) => number): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    const kept = values[last];
    values[last] = values[other];
    values[other] = kept;
  }
}
