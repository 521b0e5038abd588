import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { StatisticsError, emptySum, lag1Autocorrelation, mean, plus, standardDeviation, sumOf, valueOf } from '../index.js';

interface Series {
  readonly certified: { readonly mean: number; readonly sd: number; readonly r1: number };
  readonly values: readonly number[];
}
const nist = JSON.parse(readFileSync(new URL('../fixtures/nist-univariate.json', import.meta.url), 'utf8')) as Record<string, Series>;

const relativeError = (value: number, reference: number): number => Math.abs(value / reference - 1);

/** Mean, standard deviation and lag-1 autocorrelation in exact integer arithmetic on the doubles themselves. */
function exactly(values: readonly number[]): { mean: number; sd: number; r1: number } {
  const scale = 2 ** 52; // every value of these series is a whole number of 2^-52
  const whole = values.map((value) => BigInt(value * scale));
  const n = BigInt(whole.length);
  const total = whole.reduce((sum, value) => sum + value, 0n);
  const from = whole.map((value) => n * value - total);
  const squares = from.reduce((sum, value) => sum + value * value, 0n);
  const neighbours = from.slice(1).reduce((sum, value, index) => sum + value * from[index], 0n);
  const ratio = (numerator: bigint, denominator: bigint): number => Number((numerator * 10n ** 40n) / denominator) / 1e40;
  return {
    mean: ratio(total, n) / scale,
    sd: Math.sqrt(ratio(squares, n * n * (n - 1n))) / scale,
    r1: ratio(neighbours, squares),
  };
}

describe('mean, standard deviation and autocorrelation', () => {
  it.each(Object.keys(nist))('have 13 correct digits for the numbers in %s', (name) => {
    const { values } = nist[name];
    const exact = exactly(values);
    expect(relativeError(mean(values), exact.mean)).toBeLessThan(1e-13);
    expect(relativeError(standardDeviation(values), exact.sd)).toBeLessThan(1e-13);
    expect(relativeError(lag1Autocorrelation(values), exact.r1)).toBeLessThan(1e-13);
  });

  it.each(['LEW', 'MAVRO', 'MICHELSO', 'NUMACC1', 'NUMACC2'])('agree with the certified values of %s to 13 digits', (name) => {
    const { values, certified } = nist[name];
    expect(relativeError(mean(values), certified.mean)).toBeLessThan(1e-13);
    expect(relativeError(standardDeviation(values), certified.sd)).toBeLessThan(1e-13);
    expect(relativeError(lag1Autocorrelation(values), certified.r1)).toBeLessThan(1e-13);
  });

  // 10000000.2 has no double: reading the decimal already moves the spread of 0.1 in its eighth digit.
  it.each([
    ['NUMACC3', 1e-9],
    ['NUMACC4', 1e-7],
  ])('agree with the certified values of %s as far as doubles can hold its decimals', (name, tolerance) => {
    const { values, certified } = nist[name];
    expect(relativeError(mean(values), certified.mean)).toBeLessThan(1e-15);
    expect(relativeError(standardDeviation(values), certified.sd)).toBeLessThan(tolerance);
    expect(relativeError(lag1Autocorrelation(values), certified.r1)).toBeLessThan(tolerance);
  });

  it('are refused where there are too few values', () => {
    expect(() => mean([])).toThrow(StatisticsError);
    expect(() => standardDeviation([1])).toThrow(StatisticsError);
    expect(() => lag1Autocorrelation([1])).toThrow(StatisticsError);
    expect(() => lag1Autocorrelation([2, 2, 2])).toThrow(StatisticsError);
  });

  it('are refused for what is not a number', () => {
    expect(() => mean([1, NaN])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
    expect(() => standardDeviation([1, Infinity])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });
});

describe('a compensated sum', () => {
  it('keeps what large terms of opposite sign would swallow', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
    expect(1 + 1e100 + 1 - 1e100).toBe(0);
  });

  it('is the same term by term and all at once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 })), (terms) =>
        expect(valueOf(terms.reduce(plus, emptySum))).toBe(sumOf(terms)),
      ),
    );
  });
});
