import { StatisticsError, finite } from '../statistics-error.js';
import { sumOf } from '../numerics/summation.js';

/** Entries of a tally in columns; the same category may occur in many entries. */
export interface ParetoEntries {
  readonly categories: readonly string[];
  /** How often, one entry a category entry. Default 1 each: a plain list of defects. */
  readonly counts?: ArrayLike<number>;
  /** What one occurrence costs or weighs. Default 1 each. */
  readonly weights?: ArrayLike<number>;
}

export interface ParetoOptions {
  /** Cumulated share up to which categories belong to class A, then to class B; the rest is C. Default 0.8 and 0.95. */
  readonly limits?: { readonly a: number; readonly b: number };
}

export interface ParetoItem {
  readonly rank: number;
  readonly category: string;
  readonly count: number;
  /** Count times weight; what the order goes by. */
  readonly weighted: number;
  readonly cumulated: number;
  /** Of the total, 0 to 1. */
  readonly share: number;
  readonly cumulatedShare: number;
  readonly class: 'A' | 'B' | 'C';
}

export interface ParetoAnalysis {
  readonly items: readonly ParetoItem[];
  /** Sum of the counts, and of counts times weights. */
  readonly count: number;
  readonly total: number;
  /** How many categories each class has, and their share of the total. */
  readonly classes: readonly { readonly class: 'A' | 'B' | 'C'; readonly categories: number; readonly share: number }[];
}

/** Shares closer than this to a limit lie on it: 0.8 as a sum of tenths is not 0.8 to the last bit. */
const ON_THE_LIMIT = 1e-12;

/**
 * Pareto (ABC) analysis: categories in falling order of weighted count with cumulated shares; equal ones keep the order in which they
 * first occur. A category belongs to A while those before it have not reached the limit of A, so that A always reaches it.
 * Source: J. M. Juran, Quality Control Handbook; arrangement as in the R package qcc, `pareto.chart`.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` without entries, `BAD_DATA` for columns of different lengths, negative numbers or a total of 0,
 * `NOT_FINITE`, `BAD_OPTION`
 */
export function pareto({ categories, counts, weights }: ParetoEntries, options: ParetoOptions = {}): ParetoAnalysis {
  const { a, b } = options.limits ?? { a: 0.8, b: 0.95 };
  if (!(a > 0 && a <= b && b <= 1)) throw new StatisticsError('BAD_OPTION', 'limits of classes are shares, 0 < a ≤ b ≤ 1');
  if (categories.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'a Pareto analysis needs at least one category');
  for (const column of [counts, weights]) {
    if (column !== undefined && column.length !== categories.length) {
      throw new StatisticsError('BAD_DATA', `${column.length} numbers for ${categories.length} categories; give one each`);
    }
  }
  const tally = new Map<string, { counts: number[]; weighted: number[] }>();
  for (const [index, category] of categories.entries()) {
    const count = notNegative(counts === undefined ? 1 : counts[index], category);
    const weight = notNegative(weights === undefined ? 1 : weights[index], category);
    const entry = tally.get(category) ?? { counts: [], weighted: [] };
    entry.counts.push(count);
    entry.weighted.push(count * weight);
    tally.set(category, entry);
  }
  const rows = [...tally].map(([category, entry]) => ({ category, count: sumOf(entry.counts), weighted: sumOf(entry.weighted) }));
  rows.sort((one, other) => other.weighted - one.weighted);
  const total = finite(sumOf(rows.map(({ weighted }) => weighted)));
  if (total <= 0) throw new StatisticsError('BAD_DATA', 'all categories together count nothing; shares need a total above 0');
  const items = itemsOf(rows, total, a, b);
  const classes = (['A', 'B', 'C'] as const).map((name) => {
    const members = items.filter((item) => item.class === name);
    return { class: name, categories: members.length, share: sumOf(members.map(({ weighted }) => weighted)) / total };
  });
  return { items, count: sumOf(rows.map(({ count }) => count)), total, classes };
}

function itemsOf(
  rows: readonly { category: string; count: number; weighted: number }[],
  total: number,
  a: number,
  b: number,
): ParetoItem[] {
  let before = 0;
  return rows.map((row, index) => {
    const cumulated = sumOf(rows.slice(0, index + 1).map(({ weighted }) => weighted));
    const share = before / total + ON_THE_LIMIT;
    before = cumulated;
    return {
      rank: index + 1,
      ...row,
      cumulated,
      share: row.weighted / total,
      cumulatedShare: cumulated / total,
      class: share < a ? 'A' : share < b ? 'B' : 'C',
    };
  });
}

function notNegative(value: number, category: string): number {
  if (finite(value) < 0) throw new StatisticsError('BAD_DATA', `${category}: ${value} is below 0`);
  return value;
}
