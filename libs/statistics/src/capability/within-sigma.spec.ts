import { readFileSync } from 'node:fs';
import { d2 } from '../charts/constants.js';
import { movingRangeSigma, withinSigma } from './index.js';

const { subgroups } = JSON.parse(readFileSync(new URL('../fixtures/piston-rings.json', import.meta.url), 'utf8')) as {
  readonly subgroups: readonly (readonly number[])[];
};
const phase1 = subgroups.slice(0, 25);
const refused = (code: string, message: RegExp): Error => expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('the standard deviation within subgroups', () => {
  it('is that of qcc for the piston rings by ranges (0.009785) and standard deviations (0.009829977)', () => {
    expect((withinSigma(phase1, 'range').sigma * d2(5)) / 2.326).toBeCloseTo(0.009785039, 9);
    expect(withinSigma(phase1, 'standard-deviation').sigma).toBeCloseTo(0.009829977, 9);
  });

  it('knows how many degrees of freedom each estimate is worth: ranges less than standard deviations, all of them pooled', () => {
    const [range, deviation, pooled] = (['range', 'standard-deviation', 'pooled'] as const).map(
      (method) => withinSigma(phase1, method).degreesOfFreedom,
    );
    expect(pooled).toBe(100);
    expect(deviation).toBeLessThan(pooled);
    expect(range).toBeLessThan(deviation);
    expect(range).toBeCloseTo(90.82, 2);
  });

  it('pools variances by their degrees of freedom, and removes the bias where asked', () => {
    const uneven = [[1, 3], [2, 4, 6], [5]];
    expect(withinSigma(uneven, 'pooled')).toEqual({ method: 'pooled', sigma: Math.sqrt(10 / 3), degreesOfFreedom: 3 });
    expect(withinSigma(uneven, 'pooled', true).sigma).toBeCloseTo(Math.sqrt(10 / 3) / 0.9213177319, 9);
  });

  it('of individuals is MR̄/d2, with degrees of freedom that count neighbouring ranges as the relatives they are', () => {
    const values = Array.from({ length: 50 }, (_, at) => (at * 7919) % 101);
    const { sigma, degreesOfFreedom } = movingRangeSigma(values);
    const ranges = values.slice(1).map((value, at) => Math.abs(value - values[at]));
    expect(sigma).toBeCloseTo(ranges.reduce((sum, range) => sum + range, 0) / 49 / d2(2), 10);
    // Var(MR̄)/E(MR̄)² = (49·0.72676 + 2·48·0.16275)/(49·1.12838)²; ν ≈ half its reciprocal plus a quarter.
    expect(degreesOfFreedom).toBeCloseTo(0.5 * ((49 * 1.128379) ** 2 / (49 * 0.72676 + 96 * 0.162752)) + 0.25, 1);
  });

  it('lets no moving range reach across a gap', () => {
    expect(movingRangeSigma([1, 2, null, 10, 12])).toMatchObject({ sigma: 1.5 / d2(2) });
    expect(() => movingRangeSigma([1, null, 2])).toThrow(refused('TOO_FEW_POINTS', /neighbouring/));
  });

  it('refuses subgroups that never vary, or of one value only', () => {
    expect(() =>
      withinSigma(
        [
          [1, 1],
          [2, 2],
        ],
        'range',
      ),
    ).toThrow(refused('BAD_DATA', /coarse/));
    expect(() => withinSigma([[1], [2]], 'pooled')).toThrow(refused('TOO_FEW_POINTS', /at least two/));
  });
});
