import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { StatisticsError, sumOf } from '@touchstone/statistics';
import { checkAdjustment } from './covariates.js';
import type { Covariate } from './covariates.js';
import { logistic } from '../log-odds.js';
import { logisticFit } from './logistic.js';
import { minimumsOf, requireAtLeast } from './minimums.js';
import type { Minimums } from './minimums.js';
import { shapleyShares } from './shapley.js';
import type { ShapleyOptions, ShapleyShares } from './shapley.js';
import { assertLength, binary } from './strata.js';

/** A failure whose share is asked for: one number an account, such as how many bad lots reached it. */
export interface Factor {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface SharesOptions extends ShapleyOptions {
  /** Adjusted for in every set of factors; numbers only. They receive no share. */
  readonly covariates?: readonly Covariate[];
  readonly minimums?: Partial<Minimums>;
}

/**
 * Shares of R² of a linear model (U. Grömping, Relative Importance for Linear Regression in R, Journal of Statistical Software 17,
 * 2006, measure lmg). With covariates: of what R² grows by beyond theirs.
 *
 * @throws StatisticsError `TOO_FEW_POINTS`, `BAD_DATA` for collinear or constant columns, `NOT_FINITE`, `BAD_OPTION`
 */
export function rSquaredShares(outcome: ArrayLike<number>, factors: readonly Factor[], options: SharesOptions = {}): ShapleyShares {
  const { columns, controls } = columnsOf(outcome.length, factors, options);
  if (outcome.length <= columns.length + 1)
    throw new StatisticsError('TOO_FEW_POINTS', `${columns.length} columns need more than ${columns.length + 1} accounts`);
  const correlations = correlationsOf([finiteColumn('outcome', outcome), ...columns]);
  return shapleyShares(
    factors.map(({ name }) => name),
    (set) => rSquared(correlations, [...controls, ...set.map((factor) => factor + controls.length)]),
    options,
  );
}

/**
 * Shares of explained deviance of a logistic model: what −2 · log-likelihood falls by.
 * @throws StatisticsError `TOO_FEW_POINTS` with fewer than ten events a coefficient, `NO_CONVERGENCE`, `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`
 */
export function devianceShares(
  outcome: ArrayLike<number | boolean>,
  factors: readonly Factor[],
  options: SharesOptions = {},
): ShapleyShares {
  const { columns, controls } = columnsOf(outcome.length, factors, options);
  const events = eventsOf(outcome, columns.length, options);
  return shapleyShares(
    factors.map(({ name }) => name),
    (set) =>
      -logisticFit(
        events,
        [...controls, ...set.map((factor) => factor + controls.length)].map((at) => columns[at]),
      ).deviance,
    options,
  );
}

export interface ChurnDifferenceShares extends ShapleyShares {
  /** Share of accounts that churned, which the model meets exactly. */
  readonly observed: number;
  /** Share that would have, by the model, had none of the factors occurred. */
  readonly without: number;
}

/**
 * Shares of the churn the failures explain: observed churn less the churn a logistic model expects with every factor at 0, each
 * factor getting its Shapley share. Factors are failures that are 0 where nothing happened.
 *
 * @throws StatisticsError as `devianceShares`
 */
export function churnDifferenceShares(
  outcome: ArrayLike<number | boolean>,
  factors: readonly Factor[],
  options: SharesOptions = {},
): ChurnDifferenceShares {
  const { columns, controls } = columnsOf(outcome.length, factors, options);
  const events = eventsOf(outcome, columns.length, options);
  const { coefficients } = logisticFit(events, columns);
  const n = events.length;
  const base = Float64Array.from({ length: n }, (_, at) =>
    controls.reduce((score, column) => score + coefficients[column + 1] * columns[column][at], coefficients[0]),
  );
  const churnWith = (set: readonly number[]): number => {
    const used = set.map((factor) => factor + controls.length);
    return (
      sumOf(
        Array.from(base, (start, at) =>
          logistic(used.reduce((score, column) => score + coefficients[column + 1] * columns[column][at], start)),
        ),
      ) / n
    );
  };
  const shares = shapleyShares(
    factors.map(({ name }) => name),
    churnWith,
    options,
  );
  return { ...shares, observed: sumOf(events) / n, without: churnWith([]) };
}

/** The covariates' columns, then the factors'. `controls` are the positions of the covariates. */
function columnsOf(
  n: number,
  factors: readonly Factor[],
  { covariates = [] }: SharesOptions,
): { columns: Float64Array[]; controls: number[] } {
  checkAdjustment(covariates);
  const all = [...covariates, ...factors];
  if (new Set(all.map(({ name }) => name)).size !== all.length)
    throw new StatisticsError('BAD_OPTION', 'a name is both a factor and a covariate, or given twice');
  const columns = all.map(({ name, values }) => {
    assertLength(name, values, n);
    return finiteColumn(name, values);
  });
  return { columns, controls: covariates.map((_, at) => at) };
}

function eventsOf(outcome: ArrayLike<number | boolean>, columns: number, options: SharesOptions): number[] {
  const events = Array.from(outcome, (value, at) => binary(value, 'outcome', at) as number);
  const happened = sumOf(events);
  requireAtLeast(
    Math.min(happened, events.length - happened),
    minimumsOf(options.minimums),
    'eventsPerCoefficient',
    `accounts of the rarer outcome for ${columns} coefficients`,
    columns,
  );
  return events;
}

function finiteColumn(name: string, values: ArrayLike<string | number>): Float64Array {
  return Float64Array.from({ length: values.length }, (_, at) => {
    const value = values[at];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new StatisticsError('NOT_FINITE', `'${name}' of account ${at + 1} is not a finite number`);
    return value;
  });
}

function correlationsOf(columns: readonly Float64Array[]): Matrix {
  const standard = columns.map((column) => {
    const center = sumOf(column) / column.length;
    const from = column.map((value) => value - center);
    const length = Math.sqrt(sumOf(from.map((value) => value * value)));
    if (length === 0) throw new StatisticsError('BAD_DATA', 'a column that is the same for all accounts explains nothing; leave it out');
    return from.map((value) => value / length);
  });
  return new Matrix(standard.map((one) => standard.map((other) => sumOf(one.map((value, at) => value * other[at])))));
}

/** R² from correlations, the outcome in place 0, for the columns at `columns` (from 0, without the outcome). */
function rSquared(correlations: Matrix, columns: readonly number[]): number {
  if (columns.length === 0) return 0;
  const at = columns.map((column) => column + 1);
  const decomposition = new CholeskyDecomposition(correlations.selection(at, at));
  if (!decomposition.isPositiveDefinite() || decomposition.lowerTriangularMatrix.diagonal().some((pivot) => pivot < 1e-7)) {
    throw new StatisticsError('BAD_DATA', 'columns are collinear: one follows from the others, so no share can be told; leave it out');
  }
  const withOutcome = correlations.selection(at, [0]);
  return withOutcome.transpose().mmul(decomposition.solve(withOutcome)).get(0, 0);
}
