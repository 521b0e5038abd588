import type { Measurements } from './chart-shape.js';
import { StatisticsError } from '../statistics-error.js';

/**
 * A column of values as subgroups: of `by` values each in the order they come, or of neighbouring rows with the same label.
 * A label that comes back later starts a subgroup of its own, because the values between were measured in between.
 * @throws StatisticsError `BAD_OPTION` for a size below 1 or with a rest, `BAD_DATA` for columns of different lengths
 */
export function rationalSubgroups(values: ArrayLike<number | null>, by: number | ArrayLike<string | number>): Measurements[] {
  const subgroups: (number | null)[][] = [];
  if (typeof by === 'number') {
    if (!Number.isInteger(by) || by < 1) throw new StatisticsError('BAD_OPTION', `a subgroup has a whole number of values, not ${by}`);
    if (values.length % by !== 0)
      throw new StatisticsError('BAD_OPTION', `${values.length} values are no subgroups of ${by}; write what is missing as missing`);
  } else if (by.length !== values.length) {
    throw new StatisticsError('BAD_DATA', `${values.length} values and ${by.length} labels; each value has one`);
  }
  for (let index = 0; index < values.length; index += 1) {
    const starts = typeof by === 'number' ? index % by === 0 : index === 0 || by[index] !== by[index - 1];
    if (starts) subgroups.push([]);
    subgroups[subgroups.length - 1].push(values[index]);
  }
  return subgroups;
}
