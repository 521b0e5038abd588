import { StatisticsError } from '@touchstone/statistics';
import { eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

/** Whole numbers from 0 below `bound`, the same for the same seed. */
export type Draw = (bound: number) => number;

/**
 * Generator of whole numbers from a seed: xorshift with 128 bits of state, period 2¹²⁸ − 1 (G. Marsaglia, J. Stat. Softw. 8 (2003)),
 * the state spread from the seed by multiplicative hashing; draws above the largest multiple of the bound are repeated, so none is favoured.
 * @throws StatisticsError `BAD_OPTION` for a seed that is no whole number from 0 below 2³²
 */
export function drawsFrom(seed: number): Draw {
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
    throw new StatisticsError('BAD_OPTION', `seed ${seed} is not a whole number from 0 below 2^32`);
  let [x, y, z, w] = [1, 2, 3, 4].map((part) => {
    const mixed = Math.imul(seed ^ Math.imul(part, 0x9e3779b9), 0x85ebca6b);
    return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) | part;
  });
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
  for (let warmUp = 0; warmUp < 16; warmUp += 1) next();
  return (bound) => {
    const fair = 2 ** 32 - (2 ** 32 % bound);
    let drawn = next();
    while (drawn >= fair) drawn = next();
    return drawn % bound;
  };
}

/**
 * A fold for each row, 0 to folds − 1: outcomes spread evenly, sizes that differ by one at most, rows drawn by the seed.
 * @throws StatisticsError `BAD_OPTION`, `BAD_DATA`, `TOO_FEW_POINTS` with fewer events or non-events than folds
 */
export function stratifiedFolds(outcomes: Outcomes, folds: number, seed: number): Int32Array {
  if (!(Number.isInteger(folds) && folds >= 2)) throw new StatisticsError('BAD_OPTION', `${folds} folds; give a whole number from 2`);
  const events = eventsOf(outcomes);
  if (Math.min(events, outcomes.length - events) < folds) {
    throw new StatisticsError('TOO_FEW_POINTS', `${events} events among ${outcomes.length} rows cannot be spread over ${folds} folds`);
  }
  return dealt(outcomes, [0, 1], folds, drawsFrom(seed));
}

/** Deals the rows of each class in drawn order; each class goes on where the last one ended, which keeps sizes equal. */
export function dealt<Class>(classes: ArrayLike<Class>, order: readonly Class[], folds: number, draw: Draw): Int32Array {
  const assignment = new Int32Array(classes.length);
  let turn = 0;
  for (const one of order) {
    const rows = Array.from({ length: classes.length }, (_, row) => row).filter((row) => classes[row] === one);
    for (let last = rows.length - 1; last > 0; last -= 1) {
      const other = draw(last + 1);
      [rows[last], rows[other]] = [rows[other], rows[last]];
    }
    for (const row of rows) assignment[row] = turn++ % folds;
  }
  return assignment;
}

/** Rows of a fold, and all others. */
export function splitAt(assignment: ArrayLike<number>, fold: number): { readonly fitting: number[]; readonly held: number[] } {
  const fitting: number[] = [];
  const held: number[] = [];
  for (let row = 0; row < assignment.length; row += 1) (assignment[row] === fold ? held : fitting).push(row);
  return { fitting, held };
}
