import { StatisticsError } from '@touchstone/statistics';
import { ascending } from './outcomes.js';

/**
 * Rows in groups of ascending forecasts: one a distinct value, or `count` groups of equal size. Equal forecasts are never
 * parted: a boundary that falls among them moves up to their end, so there may be fewer groups than asked for.
 * @throws StatisticsError `BAD_OPTION`
 */
export function groupsOf(forecasts: ArrayLike<number>, count: number | 'distinct'): number[][] {
  if (count !== 'distinct' && !(Number.isInteger(count) && count >= 1))
    throw new StatisticsError('BAD_OPTION', `${count} groups; give a whole number from 1`);
  const order = ascending(forecasts);
  const groups: number[][] = [];
  let group: number[] = [];
  for (let at = 0; at < order.length; at += 1) {
    group.push(order[at]);
    const last = at === order.length - 1 || forecasts[order[at + 1]] !== forecasts[order[at]];
    const due = count === 'distinct' || at + 1 >= Math.floor((order.length * (groups.length + 1)) / count);
    if (last && (due || at === order.length - 1)) {
      groups.push(group);
      group = [];
    }
  }
  return groups;
}

/** Rows in `count` ranges of equal width between 0 and 1, empty ones left out. @throws StatisticsError `BAD_OPTION` */
export function rangesOf(probabilities: ArrayLike<number>, count: number): number[][] {
  if (!(Number.isInteger(count) && count >= 1)) throw new StatisticsError('BAD_OPTION', `${count} groups; give a whole number from 1`);
  const ranges = Array.from({ length: count }, (): number[] => []);
  for (let row = 0; row < probabilities.length; row += 1) ranges[Math.min(count - 1, Math.floor(probabilities[row] * count))].push(row);
  return ranges.filter((range) => range.length > 0);
}
