import { StatisticsError } from '@touchstone/statistics';
import { randomFrom } from '../attribution/random.js';
import { eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

/** Whole numbers from 0 below `bound`, the same for the same seed. */
export type Draw = (bound: number) => number;

/** Draws that follow from a seed alone. @throws StatisticsError `BAD_OPTION` for a seed that is no whole number from 0 */
export const drawsFrom = (seed: number): Draw => randomFrom(seed).below;

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
