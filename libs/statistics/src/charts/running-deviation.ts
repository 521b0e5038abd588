import { emptySum, plus, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';

/**
 * A standard deviation one value at a time: sums of the deviations from the first value and of their squares, the squares
 * with the digits that rounding a product loses. n·Σd² − (Σd)² is then formed in twice the precision of a number, so that
 * nothing is left to cancel.
 * Source: T. J. Dekker, A Floating-Point Technique for Extending the Available Precision, Numerische Mathematik 18 (1971).
 */
export interface RunningDeviation {
  readonly n: number;
  /** The first value; deviations are small numbers from there. */
  readonly first: number;
  readonly deviations: CompensatedSum;
  readonly squares: CompensatedSum;
}

export const noDeviations: RunningDeviation = { n: 0, first: 0, deviations: emptySum, squares: emptySum };

export function plusDeviation({ n, first, deviations, squares }: RunningDeviation, value: number): RunningDeviation {
  if (n === 0) return { n: 1, first: value, deviations: emptySum, squares: emptySum };
  const deviation = value - first;
  const [product, rest] = exactProduct(deviation, deviation);
  return { n: n + 1, first, deviations: plus(deviations, deviation), squares: plus(plus(squares, product), rest) };
}

/** Divisor n − 1; NaN for fewer than two values. */
export function standardDeviationFrom({ n, deviations, squares }: RunningDeviation): number {
  if (n < 2) return NaN;
  const total = valueOf(deviations);
  const totalRest = deviations.sum - total + deviations.lost;
  const square = exactProduct(total, total);
  const sum = valueOf(squares);
  const scaled = exactProduct(n, sum);
  const rest = scaled[1] - square[1] + n * (squares.sum - sum + squares.lost) - 2 * total * totalRest;
  return Math.sqrt(Math.max(0, scaled[0] - square[0] + rest) / (n * (n - 1)));
}

const SPLITTER = 2 ** 27 + 1;
/** Beyond this splitting a number overflows; its products need no further digits then, as they overflow themselves. */
const LARGEST = 2 ** 500;

/** The rounded product and what rounding took from it. */
function exactProduct(a: number, b: number): readonly [number, number] {
  const product = a * b;
  if (Math.abs(a) > LARGEST || Math.abs(b) > LARGEST || !Number.isFinite(product)) return [product, 0];
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

function split(a: number): readonly [number, number] {
  const scaled = SPLITTER * a;
  const high = scaled - (scaled - a);
  return [high, a - high];
}
