import { StatisticsError } from '@touchstone/statistics';

/** A stretch of equal fitted values: from its first to its last index. */
export interface IsotonicBlock {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly weight: number;
}

/**
 * Isotonic regression by pooling adjacent violators: the non-decreasing values nearest to those given in weighted squares
 * (R. E. Barlow, D. J. Bartholomew, J. M. Bremner, H. D. Brunk, Statistical Inference under Order Restrictions (1972), section 1.2).
 * @throws StatisticsError `NOT_FINITE`, `BAD_DATA` for lengths that differ or a weight that is not positive, `TOO_FEW_POINTS`
 */
export function isotonicBlocks(values: ArrayLike<number>, weights?: ArrayLike<number>): readonly IsotonicBlock[] {
  if (values.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no values were given');
  if (weights !== undefined && weights.length !== values.length) {
    throw new StatisticsError('BAD_DATA', `${values.length} values but ${weights.length} weights`);
  }
  const blocks: IsotonicBlock[] = [];
  for (let index = 0; index < values.length; index += 1) {
    const weight = weights?.[index] ?? 1;
    if (!Number.isFinite(values[index])) throw new StatisticsError('NOT_FINITE', `value ${index + 1} is not a finite number`);
    if (!(weight > 0 && weight < Infinity))
      throw new StatisticsError('BAD_DATA', `weight ${index + 1} is ${weight}, not a positive number`);
    let block: IsotonicBlock = { from: index, to: index, value: values[index], weight };
    for (let before = blocks.at(-1); before !== undefined && before.value >= block.value; before = blocks.at(-1)) {
      blocks.pop();
      const together = before.weight + block.weight;
      const value = before.value === block.value ? block.value : (before.value * before.weight + block.value * block.weight) / together;
      block = { from: before.from, to: index, value, weight: together };
    }
    blocks.push(block);
  }
  return blocks;
}

/** The fitted value for each one given. `decreasing` fits the other way round. @throws as `isotonicBlocks` */
export function isotonicRegression(
  values: ArrayLike<number>,
  weights?: ArrayLike<number>,
  direction: 'increasing' | 'decreasing' = 'increasing',
): number[] {
  const sign = direction === 'increasing' ? 1 : -1;
  const blocks = isotonicBlocks(sign === 1 ? values : Array.from(values, (value) => -value), weights);
  return blocks.flatMap(({ from, to, value }) => Array<number>(to - from + 1).fill(sign * value));
}
