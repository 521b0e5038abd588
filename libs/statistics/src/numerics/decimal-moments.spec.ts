import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decimalMoments, mean, standardDeviation } from '../index.js';

interface Series {
  readonly certified: { readonly mean: number; readonly sd: number; readonly r1: number };
  readonly values: readonly number[];
}
const nist = JSON.parse(readFileSync(new URL('../fixtures/nist-univariate.json', import.meta.url), 'utf8')) as Record<string, Series>;

describe('mean, standard deviation and autocorrelation of decimals', () => {
  it.each(Object.keys(nist))('are the certified values of %s to the last printed digit', (name) => {
    const { values, certified } = nist[name];
    const ours = decimalMoments(values);
    expect(ours.n).toBe(values.length);
    for (const [value, reference] of [
      [ours.mean, certified.mean],
      [ours.standardDeviation, certified.sd],
      [ours.lag1Autocorrelation, certified.r1],
    ]) {
      expect(Math.abs((value ?? NaN) / (reference ?? NaN) - 1)).toBeLessThan(2e-15);
    }
  });

  it('read numbers as they are written', () => {
    expect(decimalMoments(['10000000.2', ' 1.00000001e7', '+10000000.3', '10000000.10'])).toMatchObject({ mean: 10000000.175 });
    expect(decimalMoments(['.5', '-1.', '2E-1', 1e21])).toMatchObject({ n: 4, mean: 2.5e20 });
    expect(decimalMoments([3, '3'])).toEqual({ n: 2, mean: 3, standardDeviation: 0, lag1Autocorrelation: null });
    expect(decimalMoments(['-7.25'])).toEqual({ n: 1, mean: -7.25, standardDeviation: null, lag1Autocorrelation: null });
  });

  it('agree with those of doubles, from the smallest to the largest', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.constantFrom(1, 1e-200, 1e100), (all, unit) => {
        const scaled = all.map((value) => value * unit);
        const ours = decimalMoments(scaled);
        const size = Math.max(...scaled.map(Math.abs));
        expect(Math.abs(ours.mean - mean(scaled))).toBeLessThanOrEqual(1e-14 * size + Number.MIN_VALUE);
        if (unit === 1) expect(Math.abs((ours.standardDeviation ?? NaN) - standardDeviation(scaled))).toBeLessThanOrEqual(1e-13 * size + Number.MIN_VALUE);
      }),
    );
  });

  it.each(['', '.', '1,5', 'abc', '1e', NaN, Infinity])('refuse %p', (value) => {
    expect(() => decimalMoments([1, value])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });

  it('are refused without values', () => {
    expect(() => decimalMoments([])).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
  });
});
