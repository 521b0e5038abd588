import fc from 'fast-check';
import { normalQuantile, tQuantile } from '../numerics/distributions.js';
import { clementsCapability, pearsonPercentiles } from './index.js';

const refused = (code: string, message: RegExp): Error => expect.objectContaining({ code, message: expect.stringMatching(message) });
const P = 0.00135;
const onTriangle = (p: number): number => (2 / 3 - Math.sqrt(1 - p)) * Math.sqrt(18);

describe('the percentiles of Pearson curves', () => {
  // Each distribution is a Pearson curve itself, so its own percentiles are the truth.
  it.each([
    ['normal', 0, 3, normalQuantile(P), 0, -normalQuantile(P)],
    ['uniform', 0, 1.8, -Math.sqrt(3) * (1 - 2 * P), 0, Math.sqrt(3) * (1 - 2 * P)],
    ['exponential', 2, 9, -Math.log(1 - P) - 1, Math.LN2 - 1, -Math.log(P) - 1],
    ["Student's t with 10 degrees of freedom", 0, 4, tQuantile(P, 10) * Math.sqrt(0.8), 0, -tQuantile(P, 10) * Math.sqrt(0.8)],
    // Density 2(1 − x) on 0 to 1: mean 1/3, variance 1/18, F⁻¹(p) = 1 − √(1 − p).
    ['triangular', Math.sqrt(0.32), 2.4, onTriangle(P), onTriangle(0.5), onTriangle(1 - P)],
  ] as const)('are those of the %s distribution', (_, skewness, kurtosis, lower, median, upper) => {
    const found = pearsonPercentiles(skewness, kurtosis);
    expect(Math.abs(found.lower - lower)).toBeLessThan(2e-5);
    expect(Math.abs(found.median - median)).toBeLessThan(2e-5);
    expect(Math.abs(found.upper - upper)).toBeLessThan(2e-5);
  });

  it('mirror when the skewness changes its sign, and lie in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 20 }), (tenths, beyond) => {
        const skewness = tenths / 10;
        const kurtosis = 3 + 1.5 * skewness ** 2 + beyond / 10;
        const right = pearsonPercentiles(skewness, kurtosis);
        const left = pearsonPercentiles(-skewness, kurtosis);
        expect(left.lower).toBeCloseTo(-right.upper, 3);
        expect(left.median).toBeCloseTo(-right.median, 3);
        expect(right.lower).toBeLessThan(right.median);
        expect(right.median).toBeLessThan(right.upper);
      }),
      { numRuns: 6 },
    );
  });

  it('do not jump where one type of curve becomes the next', () => {
    // Gamma curves: kurtosis 3 + 1.5·skewness².
    const [below, at, above] = [-1e-5, 0, 1e-5].map((step) => pearsonPercentiles(1, 4.5 + step));
    for (const beside of [below, above]) {
      expect(beside.upper).toBeCloseTo(at.upper, 3);
      expect(beside.lower).toBeCloseTo(at.lower, 3);
    }
  });

  it('are refused for moments nothing has, and for curves that pile up at a bound', () => {
    expect(() => pearsonPercentiles(1, 2)).toThrow(refused('BAD_DATA', /no distribution/));
    expect(() => pearsonPercentiles(0, 1.5)).toThrow(refused('BAD_DATA', /pile up/));
    expect(() => pearsonPercentiles(3, 16.5)).toThrow(refused('BAD_DATA', /pile up/));
  });
});

describe('performance by the method of Clements', () => {
  const scores = Array.from({ length: 2000 }, (_, at) => normalQuantile((at + 0.5) / 2000));

  it('is about the classical one for normal values', () => {
    const result = clementsCapability(
      scores.map((score) => 16 + 2 * score),
      { lower: 8, upper: 20 },
    );
    expect(result.pp).toBeCloseTo(1, 1);
    expect(result).toMatchObject({ n: 2000, skewness: expect.closeTo(0, 9), kurtosis: expect.closeTo(2.98, 1) });
  });

  it('gives a long upper tail the room it takes', () => {
    const skewed = scores.map((score) => Math.exp(score / 4));
    const { percentiles, ppl, ppu } = clementsCapability(skewed, { lower: 0.2, upper: 2 });
    expect(percentiles.upper).toBeCloseTo(Math.exp(0.75), 1);
    expect(percentiles.lower).toBeCloseTo(Math.exp(-0.75), 1);
    expect(ppl).toBeGreaterThan(ppu ?? Infinity);
  });

  it('refuses values without shape', () => {
    expect(() => clementsCapability([1, 1, 1, 1, 1, 1, 1, 1], { upper: 2 })).toThrow(refused('BAD_DATA', /shape/));
    expect(() => clementsCapability([1, 2, 3], { upper: 2 })).toThrow(refused('TOO_FEW_POINTS', /eight/));
  });
});
