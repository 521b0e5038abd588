import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { NO_ESTIMATES } from './chart-method.js';
import type { ChartEstimates, ControlChartOptions, GivenEstimates, Vector } from './chart-shape.js';
import { emptySum, plus, sumOf, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';
import { StatisticsError, finite } from '../statistics-error.js';

/** A vector, or the vectors of a subgroup. */
export type VectorPoint = Vector | readonly Vector[] | null;

/** What the mean vector and the covariance matrix need to know of the points so far; its size depends on the number of variables only. */
export interface VectorEstimation {
  readonly kind: 'individuals' | 'subgroups' | null;
  readonly sums: readonly CompensatedSum[];
  /** Sum of squares and products: about the mean, within subgroups, or of the differences of neighbours. */
  readonly products: readonly (readonly number[])[];
  readonly last: readonly number[] | null;
  readonly pairs: number;
  readonly values: number;
  readonly points: number;
  readonly omitted: number;
}

export const noVectors: VectorEstimation = { kind: null, sums: [], products: [], last: null, pairs: 0, values: 0, points: 0, omitted: 0 };

/** The complete vectors of a point; null where there is none. A vector with a missing component is missing. */
export function vectorsOf(datum: VectorPoint): { kind: 'individuals' | 'subgroups'; vectors: readonly (readonly number[])[] } | null {
  if (datum === null || datum.length === 0) return null;
  const grouped = Array.isArray(datum[0]);
  const vectors = (grouped ? (datum as readonly Vector[]) : [datum as Vector]).filter(
    (vector): vector is readonly number[] => !vector.includes(null),
  );
  for (const vector of vectors) vector.forEach(finite);
  if (vectors.some(({ length }) => length !== vectors[0].length))
    throw new StatisticsError('BAD_DATA', 'every vector has the same number of components');
  return vectors.length === 0 ? null : { kind: grouped ? 'subgroups' : 'individuals', vectors };
}

export function meanOf(vectors: readonly (readonly number[])[]): number[] {
  return vectors[0].map((_, column) => sumOf(vectors.map((vector) => vector[column])) / vectors.length);
}

export function addVectors(soFar: VectorEstimation, datum: VectorPoint, options: ControlChartOptions): VectorEstimation {
  const point = vectorsOf(datum);
  if (point === null) return { ...soFar, last: null, omitted: soFar.omitted + 1 };
  const { kind, vectors } = point;
  if (soFar.kind !== null && soFar.kind !== kind)
    throw new StatisticsError('BAD_DATA', 'points are either single vectors or subgroups of them, not both');
  const size = vectors[0].length;
  const before =
    soFar.kind === null
      ? {
          ...soFar,
          sums: new Array<CompensatedSum>(size).fill(emptySum),
          products: Array.from({ length: size }, () => new Array<number>(size).fill(0)),
        }
      : soFar;
  if (before.sums.length !== size) throw new StatisticsError('BAD_DATA', `vectors have ${before.sums.length} components, not ${size}`);
  const center = meanOf(vectors);
  const values = before.values + vectors.length;
  const sums = before.sums.map((sum, column) => vectors.reduce((total, vector) => plus(total, vector[column]), sum));
  const counted = { kind, sums, values, points: before.points + 1, omitted: before.omitted };
  if (kind === 'subgroups') {
    return {
      ...counted,
      products: vectors.reduce((sum, vector) => plusProducts(sum, minus(vector, center)), before.products),
      last: null,
      pairs: before.pairs + vectors.length - 1,
    };
  }
  if (options.covariance === 'successive-differences') {
    const products = before.last === null ? before.products : plusProducts(before.products, minus(center, before.last));
    return { ...counted, products, last: center, pairs: before.pairs + (before.last === null ? 0 : 1) };
  }
  // B. P. Welford (1962): (x − mean before)(x − mean after)ᵀ.
  const fromMean = before.values === 0 ? center : minus(center, meanFrom(before));
  const after = minus(center, meanFrom(counted));
  const products = before.products.map((row, i) => row.map((sum, j) => sum + (fromMean[i] * after[j] + fromMean[j] * after[i]) / 2));
  return { ...counted, products, last: null, pairs: values - 1 };
}

const meanFrom = ({ sums, values }: Pick<VectorEstimation, 'sums' | 'values'>): number[] => sums.map((sum) => valueOf(sum) / values);

const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, index) => value - b[index]);

const plusProducts = (products: readonly (readonly number[])[], from: readonly number[]): number[][] =>
  products.map((row, i) => row.map((sum, j) => sum + from[i] * from[j]));

/**
 * Mean vector and covariance matrix, with the degrees of freedom of the matrix: values − 1 about the mean, Σ(n − 1) within subgroups, and
 * 2(m − 1)²/(3m − 4) from successive differences, to which their spread corresponds.
 * @throws StatisticsError `TOO_FEW_POINTS` unless a matrix of full rank is possible, `BAD_OPTION` for a mean without a covariance
 */
export function vectorEstimates(soFar: VectorEstimation, options: ControlChartOptions): ChartEstimates {
  const { given } = options;
  if ((given?.mean == null) !== (given?.covariance == null))
    throw new StatisticsError('BAD_OPTION', 'give the mean vector and the covariance matrix together');
  if (given?.mean != null && given.covariance != null) return givenVectors(given.mean, given.covariance, given, soFar);
  const { kind, products, pairs, values, points, omitted } = soFar;
  const mean = meanFrom(soFar);
  const differences = kind === 'individuals' && options.covariance === 'successive-differences';
  const degreesOfFreedom = differences ? (2 * pairs * pairs) / (3 * pairs - 1) : pairs;
  if (kind === null || pairs < mean.length || degreesOfFreedom <= mean.length || values < mean.length + 2) {
    throw new StatisticsError('TOO_FEW_POINTS', `a covariance matrix of ${mean.length || 'p'} variables needs more values than that`);
  }
  const covariance = products.map((row) => row.map((sum) => sum / (differences ? 2 * pairs : pairs)));
  return {
    ...NO_ESTIMATES,
    type: 't2',
    mean,
    covariance,
    degreesOfFreedom,
    method: differences ? 'successive-differences' : 'scatter',
    points,
    values,
    omitted,
  };
}

function givenVectors(
  mean: readonly number[],
  covariance: readonly (readonly number[])[],
  given: GivenEstimates,
  { points, omitted }: VectorEstimation,
): ChartEstimates {
  const square = covariance.length === mean.length && covariance.every((row) => row.length === mean.length);
  if (!square || ![...mean, ...covariance.flat()].every(Number.isFinite)) {
    throw new StatisticsError(
      'BAD_OPTION',
      'a given covariance is a square matrix of finite numbers, one row for each component of the mean',
    );
  }
  const degreesOfFreedom = given.degreesOfFreedom ?? null;
  if (degreesOfFreedom !== null && !(degreesOfFreedom > mean.length - 1))
    throw new StatisticsError('BAD_OPTION', 'a covariance matrix rests on at least as many degrees of freedom as it has rows');
  return { ...NO_ESTIMATES, type: 't2', mean, covariance, degreesOfFreedom, method: 'given', points, values: given.values ?? 0, omitted };
}

/** A pivot this much smaller than its variance is rounding: the variable follows from the others. */
const SMALLEST_PIVOT = 1e-12;

/** Lower triangular L with L·Lᵀ = the covariance. @throws StatisticsError `BAD_DATA` where a variable is constant or follows from the others */
export function choleskyOf(covariance: readonly (readonly number[])[]): number[][] {
  const decomposition = new CholeskyDecomposition(new Matrix(covariance.map((row) => [...row])));
  const lower = decomposition.lowerTriangularMatrix.to2DArray();
  const whole =
    decomposition.isPositiveDefinite() && lower.every((row, index) => row[index] ** 2 > SMALLEST_PIVOT * covariance[index][index]);
  if (!whole) throw new StatisticsError('BAD_DATA', 'a variable is constant or follows from the others; leave it out');
  return lower;
}
