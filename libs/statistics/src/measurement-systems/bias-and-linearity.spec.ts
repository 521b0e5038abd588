import { readFileSync } from 'node:fs';
import { c4 } from '../charts/constants.js';
import { biasStudy, chiMean, d2Star, equivalentDegreesOfFreedom, linearityStudy, rangeDegreesOfFreedom } from './index.js';
import { measurementSystemsReferences } from './references.js';
import type { PublishedStudies } from './references.js';

const read = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const studies = JSON.parse(read('measurement-systems-studies.json')) as PublishedStudies;
const rows = Object.entries(studies.aiagLinearity).flatMap(([reference, values]) => values.map((value) => [Number(reference), value]));
const references = rows.map(([reference]) => reference);
const measurements = rows.map(([, value]) => value);
const refused = (code: string): Error => expect.objectContaining({ code });

describe('every published measurement systems analysis', () => {
  const cases = measurementSystemsReferences(read).flatMap(({ name, cases: of }) => of.map((one) => [name, one.quantity, one] as const));

  it.each(cases)('is met: %s, %s', (_, _quantity, { ours, published, tolerance }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});

describe('the factors of ranges', () => {
  it('carry c4 on to degrees of freedom that are not whole, without a step where the method changes', () => {
    for (const n of [2, 3, 10, 50, 100]) expect(Math.abs(chiMean(n - 1) - c4(n))).toBeLessThan(1e-13);
    expect(Math.abs(chiMean(100) - chiMean(100 - 1e-9))).toBeLessThan(1e-12);
    expect(chiMean(7.5)).toBeGreaterThan(chiMean(7));
  });

  it('give one range of two values one degree of freedom: it is |difference|, which is χ with one', () => {
    expect(rangeDegreesOfFreedom(2, 1)).toBeCloseTo(1, 10);
    expect(d2Star(2, 1)).toBeCloseTo(Math.SQRT2, 12);
  });

  it('find the degrees of freedom a χ estimate has', () => {
    for (const df of [1, 2.5, 30, 5000]) expect(equivalentDegreesOfFreedom(1 / chiMean(df) ** 2 - 1) / df).toBeCloseTo(1, 6);
  });

  it('are unknown without a range', () => {
    expect(() => d2Star(5, 0)).toThrow(refused('BAD_OPTION'));
    expect(() => rangeDegreesOfFreedom(5, 1.5)).toThrow(refused('BAD_OPTION'));
  });
});

describe('a bias study', () => {
  it('tests the mean against the reference with n − 1 degrees of freedom', () => {
    // t = 0.0066667/(0.2120198/√15); 2.144787 is the 97.5 % point of t with 14.
    const study = biasStudy(studies.aiagBias, 6);
    expect(study).toMatchObject({ n: 15, df: 14, acceptable: true, t: expect.closeTo(0.12178, 5), pValue: expect.closeTo(0.9048, 4) });
    expect(study.upper - study.bias).toBeCloseTo((2.144787 * 0.2120198) / Math.sqrt(15), 6);
    expect(study.bias - study.lower).toBeCloseTo(study.upper - study.bias, 14);
  });

  it('says when a gage is off', () => {
    expect(biasStudy([5.1, 5.2, 5.1, 5.15], 5)).toMatchObject({ acceptable: false, bias: expect.closeTo(0.1375, 12) });
    expect(biasStudy([5.1, 5.1], 5)).toMatchObject({ acceptable: false, t: null, pValue: null, lower: expect.closeTo(0.1, 12) });
    expect(biasStudy([5, 5], 5)).toMatchObject({ acceptable: true, bias: 0 });
  });

  it('shows its share of the process', () => {
    expect(biasStudy(studies.aiagBias, 6, { processStandardDeviation: 2.5 })).toMatchObject({
      percentBias: expect.closeTo(0.26667, 5),
      percentRepeatability: expect.closeTo(8.48079, 5),
    });
    expect(() => biasStudy([1, 2], 1, { processStandardDeviation: -1 })).toThrow(refused('BAD_OPTION'));
  });

  it('refuses what has no answer', () => {
    expect(() => biasStudy([1], 1)).toThrow(refused('TOO_FEW_POINTS'));
    expect(() => biasStudy([1, Infinity], 1)).toThrow(refused('NOT_FINITE'));
    expect(() => biasStudy([1, 2], NaN)).toThrow(refused('NOT_FINITE'));
    expect(() => biasStudy([1, 2], 1, { level: 95 })).toThrow(refused('BAD_OPTION'));
  });
});

describe('a linearity study', () => {
  const study = linearityStudy(references, measurements, { processVariation: 14.1941 });

  it('finds the gage of the manual not linear', () => {
    expect(study.acceptable).toBe(false);
    expect(study.byReference.map(({ reference, n }) => [reference, n])).toEqual([
      [2, 12],
      [4, 12],
      [6, 12],
      [8, 12],
      [10, 12],
    ]);
    expect(study.percentBias).toBeCloseTo(0.376, 3);
  });

  it('has the narrowest band in the middle of the references, where the line goes through the mean bias', () => {
    const widths = study.byReference.map(({ lower, upper }) => upper - lower);
    expect(Math.min(...widths)).toBe(widths[2]);
    expect(study.byReference[2].fitted).toBeCloseTo(study.averageBias, 12);
    expect(widths[0]).toBeCloseTo(widths[4], 12);
  });

  it('accepts a band that holds 0 everywhere', () => {
    expect(linearityStudy([1, 1, 2, 2, 3, 3], [1.1, 0.9, 2.1, 1.9, 3.1, 2.9])).toMatchObject({
      acceptable: true,
      linearity: null,
      percentBias: null,
    });
  });

  it('describes biases that lie on a line exactly, or are all the same', () => {
    expect(linearityStudy([0, 2, 4], [0, 3, 6])).toMatchObject({
      slope: { estimate: 0.5, t: null, pValue: null },
      rSquared: 1,
      standardDeviation: 0,
    });
    expect(linearityStudy([0, 2, 4], [0, 2, 4])).toMatchObject({ slope: { estimate: 0 }, rSquared: null, acceptable: true });
  });

  it('refuses what has no answer', () => {
    expect(() => linearityStudy([5, 5, 5], [5, 6, 7])).toThrow(refused('BAD_DATA'));
    expect(() => linearityStudy([1, 2], [1, 2])).toThrow(refused('TOO_FEW_POINTS'));
    expect(() => linearityStudy([1, 2, 3], [1, 2])).toThrow(refused('BAD_DATA'));
    expect(() => linearityStudy([1, 2, NaN], [1, 2, 3])).toThrow(refused('NOT_FINITE'));
    expect(() => linearityStudy([1, 2, 3], [1, 2, 3], { processVariation: 0 })).toThrow(refused('BAD_OPTION'));
  });
});
