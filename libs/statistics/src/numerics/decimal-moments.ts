import { power } from './power.js';
import { StatisticsError } from '../statistics-error.js';

/** What a column of decimals comes to, each the double nearest to the exact result. */
export interface DecimalMoments {
  readonly n: number;
  readonly mean: number;
  /** Divisor n − 1; null for one value. */
  readonly standardDeviation: number | null;
  /** Lag-1 autocorrelation (NIST/SEMATECH e-Handbook section 1.3.3.1); null where all values are equal. */
  readonly lag1Autocorrelation: number | null;
}

/**
 * Mean, standard deviation and autocorrelation of numbers as they were written, in whole-number arithmetic. Reading 10000000.2
 * as a double is off by 2·10⁻⁹, which a spread of 0.1 shows in its eighth digit; the decimals themselves lose nothing. A
 * number stands for the shortest decimal that reads back as it.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` without values, `NOT_FINITE` for what is no decimal number
 */
export function decimalMoments(values: readonly (string | number)[]): DecimalMoments {
  if (values.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'a mean needs at least one value');
  const decimals = values.map(decimalOf);
  const scale = Math.max(...decimals.map(({ decimalPlaces }) => decimalPlaces));
  const whole = decimals.map(({ digits, decimalPlaces }) => digits * 10n ** BigInt(scale - decimalPlaces));
  const n = BigInt(whole.length);
  const total = whole.reduce((sum, value) => sum + value, 0n);
  // n times each deviation is a whole number too.
  const from = whole.map((value) => n * value - total);
  const squares = from.reduce((sum, deviation) => sum + deviation * deviation, 0n);
  const neighbours = from.reduce((sum, deviation, index) => (index === 0 ? sum : sum + deviation * from[index - 1]), 0n);
  const unit = 10n ** BigInt(scale);
  return {
    n: values.length,
    mean: quotient(total, n * unit),
    standardDeviation: n === 1n ? null : Math.sqrt(quotient(squares, n * n * (n - 1n) * unit * unit)),
    lag1Autocorrelation: squares === 0n ? null : quotient(neighbours, squares),
  };
}

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/;

/** digits · 10^−decimalPlaces */
function decimalOf(value: string | number): { digits: bigint; decimalPlaces: number } {
  const parts = DECIMAL.exec(String(value).trim());
  if (parts === null || parts[2] + parts[3] === '') throw new StatisticsError('NOT_FINITE', `not a decimal number: ${String(value)}`);
  const [, sign, before, after, exponent = '0'] = parts;
  const places = after.length - Number(exponent);
  const digits = BigInt(before + after) * (sign === '-' ? -1n : 1n);
  return places >= 0 ? { digits, decimalPlaces: places } : { digits: digits * 10n ** BigInt(-places), decimalPlaces: 0 };
}

/** Bits kept of a quotient: more than a double holds, so that its last bit is right. */
const KEPT_BITS = 80;

function quotient(numerator: bigint, denominator: bigint): number {
  const size = numerator < 0n ? -numerator : numerator;
  const shift = KEPT_BITS + denominator.toString(2).length - size.toString(2).length;
  const shifted = shift >= 0 ? (size << BigInt(shift)) / denominator : size / (denominator << BigInt(-shift));
  // In two steps, as 2^−shift alone may be out of range.
  const half = Math.trunc(shift / 2);
  const result = Number(shifted) * power(2, -half) * power(2, -(shift - half));
  return numerator < 0n ? -result : result;
}
