import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { StatisticsError } from '@touchstone/statistics';

// Looked up once, for the loops over all rows.
const { abs, max, min, sqrt } = Math;

/** Rows of a panel: what account and period each belongs to, as indices from 0. */
export interface PanelIndex {
  readonly account: Int32Array;
  readonly period: Int32Array;
  readonly accounts: number;
  readonly periods: number;
}

/** Which effects are taken out before the regression. */
export type FixedEffects = 'account' | 'account-and-period';

export interface PanelFit {
  readonly coefficients: readonly number[];
  /** Cluster-robust covariance of the coefficients; a cluster is an account. */
  readonly covariance: Matrix;
  readonly clusters: number;
  readonly residuals: Float64Array;
}

const MAX_SWEEPS = 10_000;

/** Indices for columns of labels, in the order of first occurrence; periods ascending. @throws StatisticsError `BAD_DATA` for an account twice in a period */
export function panelIndex(
  account: ArrayLike<string | number>,
  period: ArrayLike<number>,
): PanelIndex & { readonly labels: readonly (string | number)[]; readonly periodLabels: readonly number[] } {
  const n = account.length;
  const periodLabels = [...new Set(Array.from(period))].sort((one, other) => one - other);
  const periodAt = new Map(periodLabels.map((label, index) => [label, index]));
  const accountAt = new Map<string | number, number>();
  const seen = new Set<number>();
  const index = { account: new Int32Array(n), period: new Int32Array(n) };
  for (let row = 0; row < n; row += 1) {
    let at = accountAt.get(account[row]);
    if (at === undefined) accountAt.set(account[row], (at = accountAt.size));
    index.account[row] = at;
    index.period[row] = periodAt.get(period[row]) as number;
    const cell = at * periodLabels.length + index.period[row];
    if (seen.has(cell)) throw new StatisticsError('BAD_DATA', `account ${account[row]} has period ${period[row]} twice`);
    seen.add(cell);
  }
  return { ...index, accounts: accountAt.size, periods: periodLabels.length, labels: [...accountAt.keys()], periodLabels };
}

/**
 * The column with its account means, and its period means, taken out. In a balanced panel one sweep is exact; otherwise sweeps
 * alternate until nothing moves (R. Frisch and F. V. Waugh, Econometrica 1, 1933, is why a regression on the result has the same
 * coefficients as one with all the dummies).
 *
 * @throws StatisticsError `NO_CONVERGENCE`
 */
export function within(column: Float64Array, index: PanelIndex, effects: FixedEffects): Float64Array {
  const left = Float64Array.from(column);
  const scale = max(1e-300, ...[left.reduce((most, value) => max(most, abs(value)), 0)]);
  if (effects === 'account') {
    sweep(left, index.account, index.accounts);
    return left;
  }
  for (let count = 0; count < MAX_SWEEPS; count += 1) {
    sweep(left, index.account, index.accounts);
    if (sweep(left, index.period, index.periods) <= 1e-14 * scale) return left;
  }
  throw new StatisticsError('NO_CONVERGENCE', 'account and period effects cannot be told apart; accounts may share too few periods');
}

/** Takes the mean of each group out; returns the largest mean there was. */
function sweep(column: Float64Array, group: Int32Array, groups: number): number {
  const sums = new Float64Array(groups);
  const counts = new Int32Array(groups);
  for (let row = 0; row < column.length; row += 1) {
    sums[group[row]] += column[row];
    counts[group[row]] += 1;
  }
  for (let at = 0; at < groups; at += 1) if (counts[at] > 0) sums[at] /= counts[at];
  for (let row = 0; row < column.length; row += 1) column[row] -= sums[group[row]];
  return sums.reduce((most, mean) => max(most, abs(mean)), 0);
}

/**
 * Least squares after the within transform, with errors clustered by account.
 *
 * The covariance is (X′X)⁻¹ Σ X_g′u_g u_g′X_g (X′X)⁻¹ · G/(G − 1) · (N − 1)/(N − K), where K counts the coefficients, the constant
 * and the period effects; the account effects lie within the clusters and are not counted (A. C. Cameron and D. L. Miller, A
 * Practitioner's Guide to Cluster-Robust Inference, Journal of Human Resources 50, 2015, sections II and III).
 *
 * @throws StatisticsError `BAD_DATA` where the columns are collinear with each other or with the effects, `TOO_FEW_POINTS`
 */
export function panelRegression(
  outcome: Float64Array,
  columns: readonly Float64Array[],
  index: PanelIndex,
  effects: FixedEffects,
): PanelFit {
  const n = outcome.length;
  const k = columns.length;
  const counted = k + (effects === 'account' ? 1 : index.periods);
  if (index.accounts < 2 || n <= counted)
    throw new StatisticsError('TOO_FEW_POINTS', 'a panel regression needs two accounts and more rows than coefficients');
  const y = within(outcome, index, effects);
  const x = columns.map((column) => within(column, index, effects));
  columns.forEach((column, at) => {
    if (squares(x[at]) <= 1e-12 * squares(column))
      throw new StatisticsError('BAD_DATA', `column ${at + 1} does not vary beyond the account and period effects`);
  });
  const inverse = inverseOf(crossProducts(x));
  const right = x.map((column) => dot(column, y));
  const coefficients = inverse.mmul(Matrix.columnVector(right)).to1DArray();
  const residuals = Float64Array.from(y);
  x.forEach((column, at) => {
    for (let row = 0; row < n; row += 1) residuals[row] -= coefficients[at] * column[row];
  });
  const meat = clusterMeat(x, residuals, index);
  const correction = (index.accounts / (index.accounts - 1)) * ((n - 1) / (n - counted));
  const covariance = inverse.mmul(meat).mmul(inverse).mul(correction);
  return { coefficients, covariance, clusters: index.accounts, residuals };
}

function clusterMeat(x: readonly Float64Array[], residuals: Float64Array, { account, accounts }: PanelIndex): Matrix {
  const k = x.length;
  const scores = new Float64Array(accounts * k);
  x.forEach((column, at) => {
    for (let row = 0; row < column.length; row += 1) scores[account[row] * k + at] += column[row] * residuals[row];
  });
  const meat = Matrix.zeros(k, k);
  for (let one = 0; one < k; one += 1) {
    for (let other = one; other < k; other += 1) {
      let sum = 0;
      for (let at = 0; at < scores.length; at += k) sum += scores[at + one] * scores[at + other];
      meat.set(one, other, sum);
      meat.set(other, one, sum);
    }
  }
  return meat;
}

function crossProducts(x: readonly Float64Array[]): Matrix {
  const product = Matrix.zeros(x.length, x.length);
  x.forEach((column, one) => {
    for (let other = one; other < x.length; other += 1) {
      const value = dot(column, x[other]);
      product.set(one, other, value);
      product.set(other, one, value);
    }
  });
  return product;
}

/** @throws StatisticsError `BAD_DATA` for a matrix that is singular, judged on the scale of its diagonal */
export function inverseOf(symmetric: Matrix): Matrix {
  const scales = symmetric.diagonal().map((value) => 1 / sqrt(value));
  // Both triangles from the upper one: rounding may have left them a bit apart, which the factorisation refuses.
  const scaled = new Matrix(
    scales.map((one, row) => scales.map((other, column) => one * other * symmetric.get(min(row, column), max(row, column)))),
  );
  const decomposition = new CholeskyDecomposition(scaled);
  const pivots = decomposition.lowerTriangularMatrix.diagonal();
  if (!decomposition.isPositiveDefinite() || pivots.some((pivot) => !(pivot > 1e-6))) {
    throw new StatisticsError('BAD_DATA', 'columns are collinear with each other or with the account and period effects; leave one out');
  }
  const inverse = decomposition.solve(Matrix.eye(symmetric.rows));
  scales.forEach((scale, at) => inverse.mulRow(at, scale).mulColumn(at, scale));
  return inverse;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < one.length; row += 1) sum += one[row] * other[row];
  return sum;
}

const squares = (column: Float64Array): number => dot(column, column);
