import { chiSquareUpper, normalQuantile, normalTwoSided } from '../numerics/distributions.js';
import { sumOf } from '../numerics/summation.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { assertColumns } from './study-layout.js';
import type { Name } from './study-layout.js';
import { levelOf } from './variation.js';

/** Agreement beyond chance: 1 is perfect, 0 what chance gives. */
export interface CohenKappa {
  readonly n: number;
  readonly estimate: number;
  readonly observedAgreement: number;
  readonly expectedAgreement: number;
  /** Of the estimate; what the interval rests on. */
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  /** Standard error if there were no agreement beyond chance; what z and the p-value rest on. Null where it is 0. */
  readonly nullStandardError: number;
  readonly z: number | null;
  readonly pValue: number | null;
  readonly categories: readonly string[];
  /** Rows: the first rater; columns: the second. */
  readonly counts: readonly (readonly number[])[];
}

export interface CohenOptions {
  /** Credit for near agreement of ordered categories: `none` (default), `linear` or `quadratic` in the distance of their ranks. */
  readonly weights?: 'none' | 'linear' | 'quadratic';
  /** The categories in their order. Default: as numbers where all are, otherwise alphabetical by code point. */
  readonly categories?: readonly Name[];
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * Cohen's kappa of two raters who judged the same items, plain or weighted.
 * Source: J. Cohen, A Coefficient of Agreement for Nominal Scales (1960) and Weighted Kappa (1968); J. L. Fleiss, J. Cohen,
 * B. S. Everitt, Large Sample Standard Errors of Kappa and Weighted Kappa, Psychological Bulletin 72 (1969), equations 8 and 9.
 *
 * @throws StatisticsError `BAD_DATA` when both raters used one and the same category only, or for a category not listed; `TOO_FEW_POINTS`, `BAD_OPTION`
 */
export function cohenKappa(first: readonly Name[], second: readonly Name[], options: CohenOptions = {}): CohenKappa {
  assertColumns({ first, second });
  const categories = orderedCategories([...first, ...second], options.categories);
  const counts = categories.map(() => categories.map(() => 0));
  const index = new Map(categories.map((category, at) => [category, at]));
  for (const [row, category] of first.entries()) {
    counts[index.get(String(category)) ?? 0][index.get(String(second[row])) ?? 0] += 1;
  }
  return cohenKappaOfTable(counts, { ...options, categories });
}

/** The same from a table of counts: rows the first rater, columns the second. @throws StatisticsError as `cohenKappa` */
export function cohenKappaOfTable(counts: readonly (readonly number[])[], options: CohenOptions = {}): CohenKappa {
  const size = counts.length;
  if (size < 1 || !counts.every((row) => row.length === size && row.every((count) => Number.isInteger(count) && count >= 0))) {
    throw new StatisticsError('BAD_DATA', 'a table of agreement is square and holds counts');
  }
  const n = sumOf(counts.flat());
  if (n === 0) throw new StatisticsError('TOO_FEW_POINTS', 'agreement needs at least one item');
  const weights = weightsOf(size, options.weights ?? 'none');
  const p = counts.map((row) => row.map((count) => count / n));
  const rows = p.map((row) => sumOf(row));
  const columns = p.map((_, column) => sumOf(p.map((row) => row[column])));
  const over = (of: (i: number, j: number) => number): number => sumOf(rows.flatMap((_, i) => columns.map((_column, j) => of(i, j))));
  const observed = over((i, j) => weights[i][j] * p[i][j]);
  const expected = over((i, j) => weights[i][j] * rows[i] * columns[j]);
  if (rows.some((share, i) => share === 1 && columns[i] === 1)) {
    throw new StatisticsError(
      'BAD_DATA',
      'both raters put every item into one category: chance alone explains that, and kappa has no value',
    );
  }
  const estimate = (observed - expected) / (1 - expected);
  const ofRow = weights.map((row) => sumOf(row.map((weight, j) => weight * columns[j])));
  const ofColumn = weights.map((_, j) => sumOf(weights.map((row, i) => row[j] * rows[i])));
  const spread = over((i, j) => p[i][j] * (weights[i][j] - (ofRow[i] + ofColumn[j]) * (1 - estimate)) ** 2);
  const spreadByChance = over((i, j) => rows[i] * columns[j] * (weights[i][j] - ofRow[i] - ofColumn[j]) ** 2);
  const scale = (1 - expected) * Math.sqrt(n);
  const standardError = Math.sqrt(Math.max(0, spread - (estimate - expected * (1 - estimate)) ** 2)) / scale;
  const nullStandardError = Math.sqrt(Math.max(0, spreadByChance - expected ** 2)) / scale;
  const z = nullStandardError > 0 ? estimate / nullStandardError : null;
  const level = levelOf(options.level);
  const reach = normalQuantile((1 + level) / 2) * standardError;
  return {
    n,
    estimate,
    observedAgreement: observed,
    expectedAgreement: expected,
    standardError,
    lower: Math.max(-1, estimate - reach),
    upper: Math.min(1, estimate + reach),
    level,
    nullStandardError,
    z,
    pValue: z === null ? null : normalTwoSided(z),
    categories: (options.categories ?? counts.map((_, at) => at + 1)).map(String),
    counts,
  };
}

/** A kappa with the test of no agreement beyond chance. */
export interface TestedKappa {
  readonly estimate: number;
  /** If there were no agreement beyond chance. */
  readonly standardError: number;
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
}

export interface FleissKappa extends TestedKappa {
  readonly items: number;
  readonly raters: number;
  readonly observedAgreement: number;
  readonly expectedAgreement: number;
  /** Null for a category that nobody or everybody used throughout. */
  readonly byCategory: readonly { readonly category: string; readonly share: number; readonly kappa: TestedKappa | null }[];
}

/**
 * Fleiss' kappa of any number of ratings for each item; the raters need not be the same persons.
 * Source: J. L. Fleiss, Measuring Nominal Scale Agreement Among Many Raters, Psychological Bulletin 76 (1971); standard errors
 * by J. L. Fleiss, J. C. M. Nee, J. R. Landis, Large Sample Variance of Kappa in the Case of Different Sets of Raters (1979).
 *
 * @param ratings one row an item, all with the same number of ratings, at least two
 * @throws StatisticsError `BAD_DATA` naming the uneven item, or when one category was used throughout; `TOO_FEW_POINTS`
 */
export function fleissKappa(ratings: readonly (readonly Name[])[], options: { readonly categories?: readonly Name[] } = {}): FleissKappa {
  const categories = orderedCategories(ratings.flat(), options.categories);
  const index = new Map(categories.map((category, at) => [category, at]));
  const counts = ratings.map((row) => {
    const tally = categories.map(() => 0);
    for (const rating of row) tally[index.get(String(rating)) ?? 0] += 1;
    return tally;
  });
  return fleissKappaOfCounts(counts, categories);
}

/** The same from counts: one row an item, one column a category. @throws StatisticsError as `fleissKappa` */
export function fleissKappaOfCounts(counts: readonly (readonly number[])[], categories?: readonly Name[]): FleissKappa {
  const items = counts.length;
  if (items === 0) throw new StatisticsError('TOO_FEW_POINTS', 'agreement needs at least one item');
  const raters = sumOf(counts[0]);
  for (const [item, row] of counts.entries()) {
    if (row.length !== counts[0].length || !row.every((count) => Number.isInteger(count) && count >= 0))
      throw new StatisticsError('BAD_DATA', `item ${item + 1} is not a row of counts like the others`);
    if (sumOf(row) !== raters) throw new StatisticsError('BAD_DATA', `item ${item + 1} has ${sumOf(row)} ratings, the first has ${raters}`);
  }
  if (raters < 2) throw new StatisticsError('TOO_FEW_POINTS', 'agreement needs at least two ratings of each item');
  const shares = counts[0].map((_, category) => sumOf(counts.map((row) => row[category])) / (items * raters));
  const expected = sumOf(shares.map((share) => share * share));
  const spread = sumOf(shares.map((share) => share * (1 - share)));
  if (spread === 0)
    throw new StatisticsError('BAD_DATA', 'every rating is the same category: chance alone explains that, and kappa has no value');
  const pairs = raters * (raters - 1);
  const observed = sumOf(counts.flat().map((count) => count * (count - 1))) / (items * pairs);
  const skew = sumOf(shares.map((share) => share * (1 - share) * (1 - 2 * share)));
  const ofOne = Math.sqrt(2 / (items * pairs));
  return {
    items,
    raters,
    observedAgreement: observed,
    expectedAgreement: expected,
    ...tested((observed - expected) / (1 - expected), (ofOne * Math.sqrt(spread * spread - skew)) / spread),
    byCategory: shares.map((share, at) => {
      const disagreement = sumOf(counts.map((row) => row[at] * (raters - row[at])));
      const constant = share === 0 || share === 1;
      const kappa = constant ? null : tested(1 - disagreement / (items * pairs * share * (1 - share)), ofOne);
      return { category: String(categories?.[at] ?? at + 1), share, kappa };
    }),
  };
}

function tested(estimate: number, standardError: number): TestedKappa {
  const z = estimate / standardError;
  return { estimate, standardError, z, pValue: normalTwoSided(z) };
}

/** Kendall's coefficient of concordance: 1 when all raters rank the items alike. */
export interface Concordance {
  readonly items: number;
  readonly raters: number;
  readonly w: number;
  readonly chiSquare: number;
  readonly df: number;
  readonly pValue: number;
}

/**
 * Kendall's W, corrected for ties. Source: M. G. Kendall, Rank Correlation Methods, 4th ed., chapter 6.
 * @param ratings one row an item, one column a rater; ordered scores
 * @throws StatisticsError `TOO_FEW_POINTS` below two items or raters, `BAD_DATA` when no rater tells the items apart, `NOT_FINITE`
 */
export function kendallConcordance(ratings: readonly (readonly number[])[]): Concordance {
  const items = ratings.length;
  const raters = ratings[0]?.length ?? 0;
  if (items < 2 || raters < 2) throw new StatisticsError('TOO_FEW_POINTS', 'concordance needs at least two items and two raters');
  if (!ratings.every((row) => row.length === raters)) throw new StatisticsError('BAD_DATA', 'every item needs a rating by every rater');
  const columns = ratings[0].map((_, rater) => ratings.map((row) => finite(row[rater])));
  const ranks = columns.map(ranksOf);
  const sums = ratings.map((_, item) => sumOf(ranks.map((column) => column[item])));
  const middle = (raters * (items + 1)) / 2;
  const ties = sumOf(columns.map(tieTerm));
  const most = raters * raters * (items * items * items - items) - raters * ties;
  if (most <= 0) throw new StatisticsError('BAD_DATA', 'no rater tells the items apart');
  const w = (12 * sumOf(sums.map((sum) => (sum - middle) ** 2))) / most;
  const chiSquare = raters * (items - 1) * w;
  return { items, raters, w, chiSquare, df: items - 1, pValue: chiSquareUpper(chiSquare, items - 1) };
}

/** Ranks from 1; ties share the mean of theirs. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

function tieTerm(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return sumOf([...counts.values()].map((count) => count * count * count - count));
}

function weightsOf(size: number, kind: 'none' | 'linear' | 'quadratic'): number[][] {
  const credit = (distance: number): number => {
    const share = distance / (size - 1);
    return kind === 'none' ? 0 : 1 - (kind === 'quadratic' ? share * share : share);
  };
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_unused, j) => (i === j ? 1 : credit(Math.abs(i - j)))));
}

/** @throws StatisticsError `BAD_DATA` for a category that is not listed, `BAD_OPTION` for one listed twice */
export function orderedCategories(used: readonly Name[], listed?: readonly Name[]): string[] {
  const found = [...new Set(used.map(String))];
  if (listed === undefined) {
    const numeric = found.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
    return found.sort(numeric ? (one, other) => Number(one) - Number(other) : (one, other) => (one < other ? -1 : 1));
  }
  const categories = listed.map(String);
  if (new Set(categories).size !== categories.length) throw new StatisticsError('BAD_OPTION', 'a category is listed twice');
  const unknown = found.find((category) => !categories.includes(category));
  if (unknown !== undefined) throw new StatisticsError('BAD_DATA', `${unknown} is not one of the categories ${categories.join(', ')}`);
  return categories;
}
