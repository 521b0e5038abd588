import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { chiSquareQuantile, normalQuantile } from '../numerics/distributions.js';
import {
  andersonDarling,
  andersonDarlingPValue,
  boxCox,
  boxCoxFit,
  boxCoxLogLikelihood,
  capability,
  capabilityOfPercentiles,
  percentileCapability,
  sampleQuantile,
  shapiroWilk,
} from './index.js';

const samples = JSON.parse(readFileSync(new URL('../fixtures/capability-samples.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly number[]
>;
const doors = samples.doorRadiation;
const refused = (code: string, message = /./): Error => expect.objectContaining({ code, message: expect.stringMatching(message) });
/** The quantiles of a normal distribution: as normal as a sample can be. */
const scores = (n: number): number[] => Array.from({ length: n }, (_, at) => normalQuantile((at + 0.5) / n));

describe('the Anderson–Darling test', () => {
  it('does not doubt normal scores and rejects their exponentials', () => {
    expect(andersonDarling(scores(100)).pValue).toBeGreaterThan(0.99);
    expect(andersonDarling(scores(100).map(Math.exp)).pValue).toBeLessThan(1e-6);
  });

  it('has a p-value that falls with the statistic, from 1 to almost 0, without a visible step between its four formulas', () => {
    let before = 1;
    for (let adjusted = 0; adjusted <= 20; adjusted += 0.01) {
      const pValue = andersonDarlingPValue(adjusted);
      // The formulas differ by up to 0.004 where they meet.
      expect(pValue).toBeLessThanOrEqual(before + 0.004);
      expect(pValue).toBeGreaterThan(0);
      before = pValue;
    }
    // D'Agostino and Stephens, table 4.7: the upper 10, 5, 2.5 and 1 % points.
    for (const [point, level] of [
      [0.631, 0.1],
      [0.752, 0.05],
      [0.873, 0.025],
      [1.035, 0.01],
    ])
      expect(andersonDarlingPValue(point) / level).toBeCloseTo(1, 1);
  });

  it('stays a number for one value miles from all others', () => {
    const { statistic, pValue } = andersonDarling([...Array.from({ length: 3000 }, (_, at) => at % 2), 1e9]);
    expect(Number.isFinite(statistic)).toBe(true);
    expect(pValue).toBeLessThan(1e-20);
  });

  it('does not depend on order, unit or origin', () => {
    const { mtcarsMpg } = samples;
    const moved = [...mtcarsMpg].reverse().map((value) => 8 * value - 100);
    expect(andersonDarling(moved).statistic).toBeCloseTo(andersonDarling(mtcarsMpg).statistic, 10);
    expect(shapiroWilk(moved).w).toBeCloseTo(shapiroWilk(mtcarsMpg).w, 12);
  });

  it('refuses too few values, and equal ones', () => {
    expect(() => andersonDarling([1, 2, 3, 4, 5, 6, 7])).toThrow(refused('TOO_FEW_POINTS', /8/));
    expect(() => andersonDarling([1, 1, 1, 1, 1, 1, 1, 1])).toThrow(refused('BAD_DATA', /equal/));
    expect(() => andersonDarling([1, 2, 3, 4, 5, 6, 7, NaN])).toThrow(refused('NOT_FINITE'));
  });
});

describe('the Shapiro–Wilk test', () => {
  it('is exact for three values: W runs from 3/4 with probability 0 to 1', () => {
    expect(shapiroWilk([0, 1, 2])).toMatchObject({ w: expect.closeTo(1, 12), pValue: expect.closeTo(1, 6) });
    expect(shapiroWilk([0, 0, 1])).toMatchObject({ w: expect.closeTo(0.75, 12), pValue: expect.closeTo(0, 6) });
  });

  it.each([4, 5, 6, 11, 12, 200, 5000])('does not doubt %d normal scores', (n) => {
    const { w, pValue } = shapiroWilk(scores(n));
    expect(w).toBeGreaterThan(0.95);
    expect(w).toBeLessThanOrEqual(1);
    expect(pValue).toBeGreaterThan(0.5);
  });

  // R 4, shapiro.test, as printed; the weights of 11 men: S. S. Shapiro and M. B. Wilk's example in SciPy's documentation.
  it.each([
    [[1, 2, 3, 4, 5], '0.98676', '0.9672'],
    [[1, 2, 3, 4, 5, 6], '0.98189', '0.9606'],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], '0.97016', '0.8924'],
    [samples.mensWeights, '0.78881', '0.0067'],
  ])('of %j is W = %s with p = %s', (values, w, pValue) => {
    expect(shapiroWilk(values)).toMatchObject({ w: expect.closeTo(Number(w), 5), pValue: expect.closeTo(Number(pValue), 4) });
  });

  // S. S. Shapiro and M. B. Wilk, Biometrika 52 (1965), table 6; where Royston's curve is within a tenth of it.
  it.each([
    [12, 0.01, 0.805],
    [12, 0.05, 0.859],
    [20, 0.01, 0.868],
    [20, 0.05, 0.905],
  ])('of %d values has the %d point near %d', (n, level, point) => {
    // Scores bent until W is there: their exponentials are the less normal the larger the factor.
    let [low, high] = [0.01, 20];
    for (let halving = 0; halving < 50; halving += 1) {
      const middle = (low + high) / 2;
      if (shapiroWilk(scores(n).map((score) => Math.exp(middle * score))).w > point) low = middle;
      else high = middle;
    }
    const { w, pValue } = shapiroWilk(scores(n).map((score) => Math.exp(low * score)));
    expect(w).toBeCloseTo(point, 9);
    expect(pValue / level).toBeGreaterThan(0.9);
    expect(pValue / level).toBeLessThan(1.1);
  });

  it('refuses sizes its p-value is not known for', () => {
    expect(() => shapiroWilk([1, 2])).toThrow(refused('TOO_FEW_POINTS', /3/));
    expect(() => shapiroWilk(scores(5001))).toThrow(refused('BAD_DATA', /5,000/));
  });
});

describe('the Box–Cox transformation', () => {
  it('is a power, the logarithm at 0, and grows for every power', () => {
    expect(boxCox(4, 0.5)).toBeCloseTo(2, 12);
    expect(boxCox(4, -1)).toBeCloseTo(0.75, 12);
    expect(boxCox(4, 0)).toBe(Math.log(4));
    expect(boxCox(4, 1e-9)).toBeCloseTo(Math.log(4), 8);
    for (const lambda of [-5, -1, 0, 0.5, 5]) expect(boxCox(2.1, lambda)).toBeGreaterThan(boxCox(2, lambda));
  });

  it('has its greatest likelihood at the estimate, and an interval where it has fallen by half a χ² quantile', () => {
    const { estimate, logLikelihood, lower, upper } = boxCoxFit(doors);
    for (const beside of [-0.01, 0.01]) expect(boxCoxLogLikelihood(doors, estimate + beside)).toBeLessThan(logLikelihood);
    const drop = chiSquareQuantile(0.95, 1) / 2;
    for (const bound of [lower, upper]) expect(logLikelihood - boxCoxLogLikelihood(doors, bound)).toBeCloseTo(drop, 9);
    expect(lower).toBeLessThan(estimate);
    expect(upper).toBeGreaterThan(estimate);
  });

  it('finds the power that was taken away, in any unit', () => {
    const base = scores(80).map((score) => 10 + score);
    fc.assert(
      fc.property(fc.constantFrom(-1, -0.5, 0.5, 1, 2), fc.constantFrom(1e-6, 1, 1e6), (lambda, unit) => {
        const fit = boxCoxFit(base.map((value) => unit * value ** (1 / lambda)));
        expect(fit.lower).toBeLessThan(lambda);
        expect(fit.upper).toBeGreaterThan(lambda);
      }),
      { numRuns: 15 },
    );
    expect(boxCoxFit(scores(80).map(Math.exp))).toMatchObject({ estimate: expect.closeTo(0, 3), rounded: 0 });
  });

  it('ends at powers nobody could explain', () => {
    const { lower, upper } = boxCoxFit([100, 100.1, 100.2, 100.15]);
    expect([lower, upper]).toEqual([-5, 5]);
  });

  it('refuses what has no power', () => {
    expect(() => boxCoxFit([1, 2, 0])).toThrow(refused('BAD_DATA', /positive values, not 0/));
    expect(() => boxCoxFit([1, 2])).toThrow(refused('TOO_FEW_POINTS'));
    expect(() => boxCoxFit([2, 2, 2])).toThrow(refused('BAD_DATA', /equal/));
  });

  it('carries limits and target along in a capability analysis', () => {
    const logged = capability(doors, { lower: 0.005, upper: 1, target: 0.1 }, { boxCox: 0, within: 'none' });
    const direct = capability(doors.map(Math.log), { lower: Math.log(0.005), upper: 0, target: Math.log(0.1) }, { within: 'none' });
    expect(logged.overall).toEqual(direct.overall);
    expect(logged.transformation).toEqual({ lambda: 0, fit: null });
    expect(logged.normality).toEqual(direct.normality);
  });

  it('takes the power by likelihood, or the nearest half of it, and counts what lies beyond the limits as measured', () => {
    const estimated = capability(doors, { upper: 0.35 }, { boxCox: 'estimate', within: 'none' });
    expect(estimated.transformation?.lambda).toBeCloseTo(0.276, 3);
    expect(estimated.observed).toEqual({ below: null, above: 2 });
    expect(capability(doors, { upper: 0.35 }, { boxCox: 'rounded', within: 'none' }).transformation).toMatchObject({
      lambda: 0.5,
      fit: { rounded: 0.5 },
    });
  });

  it('refuses limits and powers that cannot be carried along', () => {
    expect(() => capability(doors, { lower: 0, upper: 1 }, { boxCox: 0, within: 'none' })).toThrow(
      refused('BAD_LIMITS', /leave out a lower limit/),
    );
    expect(() => capability([...doors, -1], { upper: 1 }, { boxCox: 0.5, within: 'none' })).toThrow(refused('BAD_DATA', /positive/));
    expect(() => capability(doors, { upper: 1 }, { boxCox: 9, within: 'none' })).toThrow(refused('BAD_OPTION', /between -5 and 5/));
  });
});

describe('performance by percentiles', () => {
  it('is the classical performance where the distribution is normal', () => {
    const values = scores(50_000).map((score) => 16 + 2 * score);
    const result = percentileCapability(values, { lower: 8, upper: 20 });
    expect(Math.abs((result.pp ?? 0) - 1)).toBeLessThan(0.001);
    expect(Math.abs(result.ppk - 2 / 3)).toBeLessThan(0.001);
    expect(result.extremesOnly).toBe(false);
  });

  it('judges each side by its own tail, and one limit by its side', () => {
    const skewed = { lower: 9, median: 10, upper: 14 };
    expect(capabilityOfPercentiles(skewed, { lower: 8, upper: 18 })).toMatchObject({ pp: 2, ppl: 2, ppu: 2, ppk: 2 });
    expect(capabilityOfPercentiles(skewed, { upper: 16 })).toMatchObject({ pp: null, ppl: null, ppu: 1.5, ppk: 1.5 });
  });

  it('warns that the tails of a small sample are its extremes', () => {
    expect(percentileCapability(samples.bottleVolumes, { lower: 740, upper: 760 })).toMatchObject({ n: 20, extremesOnly: true });
  });

  it.each([
    [6, 1.75],
    [7, 2.25],
    [8, 23 / 12],
  ] as const)('knows percentiles of type %d', (type, quartile) => {
    // The lower quartile of 1, 2, 3, 4, 5, 6: positions 7/4, 9/4 and 19/12 + 1/3.
    expect(sampleQuantile([1, 2, 3, 4, 5, 6], 0.25, type)).toBeCloseTo(quartile, 12);
    expect(sampleQuantile([1, 2, 3], 0, type)).toBe(1);
    expect(sampleQuantile([1, 2, 3], 1, type)).toBe(3);
  });

  it('refuses percentiles that coincide', () => {
    expect(() => percentileCapability([1, 1, 1], { upper: 2 })).toThrow(refused('BAD_DATA', /do not differ/));
    expect(() => percentileCapability([1], { upper: 2 })).toThrow(refused('TOO_FEW_POINTS'));
    expect(() => sampleQuantile([1, 2], 2)).toThrow(refused('BAD_OPTION'));
  });
});
