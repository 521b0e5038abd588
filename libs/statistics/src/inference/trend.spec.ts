import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  changePoint,
  changePoints,
  linearTrend,
  mannKendall,
  sampleSizeForMean,
  sampleSizeForProportion,
  sampleSizeToCompareMeans,
  sampleSizeToCompareProportions,
  sampleSizeToDetect,
  sampleSizeToTestProportion,
  senSlope,
} from './index.js';
import { noncentralTAbove } from './power.js';

const { nile } = JSON.parse(readFileSync(new URL('../fixtures/inference-series.json', import.meta.url), 'utf8')) as {
  readonly nile: number[];
};
const refused = (code: string, calculation: () => unknown): void => expect(calculation).toThrow(expect.objectContaining({ code }));
const whole = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 25 }).filter((values) => new Set(values).size > 1);

describe('the Mann–Kendall test', () => {
  it('counts rising less falling pairs and corrects the variance for ties', () => {
    fc.assert(
      fc.property(whole, (values) => {
        const pairs = values.flatMap((late, index) => values.slice(0, index).map((early) => Math.sign(late - early)));
        const { s, tau, variance, ties } = mannKendall(values);
        expect(s).toBe(pairs.reduce((sum, sign) => sum + sign, 0));
        expect(mannKendall(values.map((x) => -x))).toMatchObject({ s: s === 0 ? expect.closeTo(0) : -s, variance });
        expect(Math.abs(tau)).toBeLessThanOrEqual(1 + 1e-12);
        expect(ties.length === 0).toBe(new Set(values).size === values.length);
      }),
    );
    // n = 8 with 22, 30 and 40 twice each: (8·7·21 − 3·2·1·9)/18.
    expect(mannKendall([10, 22, 21, 30, 22, 30, 40, 40])).toMatchObject({
      s: 19 + 2,
      variance: (8 * 7 * 21 - 3 * 18) / 18,
      ties: [2, 2, 2],
    });
  });

  it('has an exact p-value equal to a count of all orders', () => {
    const orders = (values: number[]): number[][] =>
      values.length < 2 ? [values] : values.flatMap((value, index) => orders(values.toSpliced(index, 1)).map((rest) => [value, ...rest]));
    const all = orders([1, 2, 3, 4, 5, 6]).map((order) => mannKendall(order).s);
    const values = [2, 1, 4, 3, 5, 6];
    const share = (holds: (s: number) => boolean): number => all.filter(holds).length / all.length;
    expect(mannKendall(values, { exact: true }).pValue).toBeCloseTo(
      share((s) => Math.abs(s) >= 11),
      12,
    );
    expect(mannKendall(values, { exact: true, alternative: 'less' }).pValue).toBeCloseTo(
      share((s) => s <= 11),
      12,
    );
  });

  it('takes one off S unless told otherwise, and keeps to the side asked for', () => {
    const { s, variance } = mannKendall(nile);
    expect([s, mannKendall(nile).z, mannKendall(nile, { continuity: false }).z]).toEqual([
      -1387,
      -1386 / Math.sqrt(variance),
      -1387 / Math.sqrt(variance),
    ]);
    expect(mannKendall(nile, { alternative: 'less' }).pValue).toBeCloseTo(mannKendall(nile).pValue / 2, 12);
    expect(mannKendall([1, 2, 3, 2.5], { alternative: 'less' }).pValue).toBeGreaterThan(0.5);
    expect(mannKendall([1, null, 2, 3]).n).toBe(3);
  });

  it('is refused where it cannot tell', () => {
    refused('TOO_FEW_POINTS', () => mannKendall([1, 2, null]));
    refused('BAD_DATA', () => mannKendall([3, 3, 3]));
    refused('NOT_FINITE', () => mannKendall([1, 2, NaN]));
    refused('BAD_OPTION', () => mannKendall([1, 1, 2], { exact: true }));
    refused('BAD_DATA', () => mannKendall([1, 1, 2], { times: [1, 2] }));
    refused('BAD_DATA', () => mannKendall([1, 1, 2], { times: [1, 2, 2] }));
  });
});

describe('Sen’s slope', () => {
  it('is the median of all slopes, with the interval from the places Gilbert gives', () => {
    const values = [1, 3, 2, 6, 5, 8, 7, 9, 12, 10];
    const slopes = values
      .flatMap((late, j) => values.slice(0, j).map((early, i) => (late - early) / (j - i)))
      .sort((one, other) => one - other);
    const { slope, lower, upper, intercept } = senSlope(values);
    const reach = 1.959963984540054 * Math.sqrt(125);
    const at = (rank: number): number =>
      slopes[Math.floor(rank) - 1] + (rank % 1) * (slopes[Math.floor(rank)] - slopes[Math.floor(rank) - 1]);
    expect(slope).toBe(slopes[22]);
    expect(lower).toBeCloseTo(at((45 - reach) / 2), 10);
    expect(upper).toBeCloseTo(at((45 + reach) / 2 + 1), 10);
    expect(intercept).toBeCloseTo(
      [...values]
        .map((y, index) => y - slope * (index + 1))
        .sort((one, other) => one - other)
        .slice(4, 6)
        .reduce((a, b) => a + b) / 2,
      12,
    );
  });

  it('goes by the times given and says where there is no end', () => {
    expect(senSlope([0, 10, 20], { times: [0, 5, 10] })).toMatchObject({ slope: 2, intercept: 0, lower: null, upper: null });
    expect(senSlope([4, 4, 4])).toMatchObject({ slope: 0, intercept: 4 });
    expect(senSlope([1, null, 3, 4]).slope).toBe(1);
    refused('BAD_DATA', () => senSlope(Array.from({ length: 5001 }, (_, index) => index)));
  });
});

describe('a straight line', () => {
  it('finds the line it was drawn from, without errors to compare with', () => {
    const line = linearTrend([5, 7, 9, 11], { predictAt: [10] });
    expect(line).toMatchObject({ slope: { estimate: 2, t: null, pValue: null }, intercept: { estimate: 3 }, rSquared: 1, f: null });
    expect(line.predictions[0]).toEqual({ x: 10, fitted: 23, mean: { lower: 23, upper: 23 }, observation: { lower: 23, upper: 23 } });
  });

  it('moves with the data and not with their unit', () => {
    const y = [1, 4, 2, 8, 5];
    const [here, there] = [
      linearTrend(y, { predictAt: [6] }),
      linearTrend(
        y.map((value) => 1e9 + value),
        { x: [1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4, 1e6 + 5], predictAt: [1e6 + 6] },
      ),
    ];
    expect(there.slope.estimate).toBeCloseTo(here.slope.estimate, 12);
    expect(there.slope.pValue).toBeCloseTo(here.slope.pValue ?? NaN, 12);
    expect(here.pValue).toBeCloseTo(here.slope.pValue ?? NaN, 12);
    const [{ mean, observation }] = here.predictions;
    expect(observation.upper - mean.upper).toBeGreaterThan(0);
    expect((mean.upper - mean.lower) / (observation.upper - observation.lower)).toBeCloseTo(Math.sqrt(1.1 / 2.1), 12);
  });

  it('is refused without spread or with too little', () => {
    refused('BAD_DATA', () => linearTrend([1, 1, 1]));
    refused('BAD_DATA', () => linearTrend([1, 2, 3], { x: [4, 4, 4] }));
    refused('BAD_DATA', () => linearTrend([1, 2, 3], { x: [4, 4] }));
    refused('TOO_FEW_POINTS', () => linearTrend([1, null, 3]));
  });
});

describe('a change point', () => {
  it('is found by either method, and its p-value depends on the seed alone', () => {
    for (const method of ['cusum', 'likelihood-ratio'] as const) {
      const found = changePoint(nile, { method });
      expect(found).toMatchObject({ lastBefore: 28, firstAfter: 29, pValue: 0.001, confidence: 1 });
      expect(changePoint(nile, { method })).toEqual(found);
    }
    const mixed = nile.slice(30, 60);
    expect(changePoint(mixed, { seed: 2 }).pValue).not.toBe(changePoint(mixed, { seed: 3 }).pValue);
  });

  it('lies where two means leave the least squares, of all places allowed', () => {
    fc.assert(
      fc.property(
        whole.filter((values) => values.length >= 6),
        fc.integer({ min: 1, max: 3 }),
        (values, minimumSegment) => {
          const around = (part: number[]): number => {
            const m = part.reduce((a, b) => a + b, 0) / part.length;
            return part.reduce((sum, x) => sum + (x - m) ** 2, 0);
          };
          const left = values.map((_, k) =>
            k < minimumSegment || k > values.length - minimumSegment ? Infinity : around(values.slice(0, k)) + around(values.slice(k)),
          );
          expect(changePoint(values, { minimumSegment, resamples: 1 }).squares.two).toBeCloseTo(Math.min(...left), 8);
        },
      ),
    );
  });

  it('raises a false alarm as often as its p-value says, about one time in twenty', () => {
    let state = 7;
    const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const alarms = Array.from(
      { length: 300 },
      () => changePoint(Array.from({ length: 20 }, next), { resamples: 99 }).pValue <= 0.05,
    ).filter(Boolean).length;
    expect(alarms).toBeGreaterThan(4);
    expect(alarms).toBeLessThan(27);
  });

  it('counts orders as extreme as the observed one: of 1, 2, 3, 4 every third splits as far apart in the middle', () => {
    expect(changePoint([1, 2, 3, 4], { resamples: 4999 }).pValue).toBeCloseTo(1 / 3, 1);
    expect(changePoint([0.1, 0.2, 0.3, 0.4], { resamples: 4999 }).pValue).toBe(changePoint([1, 2, 3, 4], { resamples: 4999 }).pValue);
  });

  it('may be followed by others, each looked for in the parts', () => {
    const steps = [0, 10, 3].flatMap((level) => Array.from({ length: 12 }, (_, index) => level + ((index * 7) % 5) / 5));
    const { changes, segments } = changePoints(steps);
    expect(changes.map(({ lastBefore }) => lastBefore)).toEqual([12, 24]);
    expect(changes.map(({ level }) => level).sort()).toEqual([1, 2]);
    expect(segments.map(({ first, last, n }) => [first, last, n])).toEqual([
      [1, 12, 12],
      [13, 24, 12],
      [25, 36, 12],
    ]);
    expect(changePoints([2, 2, 2]).changes).toEqual([]);
  });

  it('is refused where nothing can have changed', () => {
    refused('TOO_FEW_POINTS', () => changePoint([1, 2, 3]));
    refused('BAD_DATA', () => changePoint([1, 1, 1, 1]));
    refused('NOT_FINITE', () => changePoint([1, 2, 3, Infinity]));
    refused('BAD_OPTION', () => changePoint(nile, { seed: 0.5 }));
    refused('BAD_OPTION', () => changePoint(nile, { resamples: 0 }));
    refused('BAD_OPTION', () => changePoint(nile, { method: 'guess' as 'cusum' }));
    refused('BAD_OPTION', () => changePoints(nile, { alpha: 0 }));
    refused('TOO_FEW_POINTS', () => changePoints([]));
  });
});

describe('a sample size', () => {
  it('is the smallest that achieves what was asked, and one less does not', () => {
    for (const share of [0.01, 0.05, 0.2]) {
      for (const allowedFailures of [0, 1, 3]) {
        const { n, achieved } = sampleSizeToDetect(share, { allowedFailures });
        const found = (size: number): number => {
          let [term, sum] = [(1 - share) ** size, 0];
          for (let x = 0; x <= allowedFailures; x += 1) [sum, term] = [sum + term, (term * (size - x) * share) / ((x + 1) * (1 - share))];
          return 1 - sum;
        };
        expect([found(n) >= 0.95, found(n - 1) < 0.95]).toEqual([true, true]);
        expect(achieved).toBeCloseTo(found(n), 10);
      }
    }
    // 5 defectives in 100: 45 drawn miss them all with probability C(95,45)/C(100,45) = 55·54·53·52·51/(100·99·98·97·96).
    expect(sampleSizeToDetect(0.05, { lotSize: 100 })).toMatchObject({
      n: 45,
      achieved: expect.closeTo(1 - (55 * 54 * 53 * 52 * 51) / (100 * 99 * 98 * 97 * 96), 10),
    });
    expect(sampleSizeToDetect(0.05, { lotSize: 20 }).n).toBe(19);
  });

  it('for a mean follows the normal or, with s for σ, the t distribution', () => {
    expect(sampleSizeForMean(1, 5)).toMatchObject({ n: 97, exact: expect.closeTo((1.959963984540054 * 5) ** 2, 9) });
    const { n, achieved } = sampleSizeForMean(1, 5, { sigmaKnown: false });
    expect(n).toBe(99);
    expect(achieved).toBeLessThanOrEqual(1);
    expect(sampleSizeForMean(1, 5, { population: 100 }).n).toBe(50);
    expect(sampleSizeForMean(1e6, 5, { sigmaKnown: false }).n).toBe(2);
  });

  it('for comparing agrees between t and normal where samples are large', () => {
    const t = sampleSizeToCompareMeans(0.05, 1, { samples: 1 });
    const normal = sampleSizeToCompareMeans(0.05, 1, { samples: 1, distribution: 'normal' });
    expect(normal.exact).toBeCloseTo(((1.959963984540054 + 1.2815515655446004) / 0.05) ** 2, 6);
    expect(t.exact - normal.exact).toBeCloseTo(1.959963984540054 ** 2 / 2, 1);
    expect(t.achieved).toBeGreaterThanOrEqual(0.9);
    expect(sampleSizeToTestProportion(0.5, 0.6, { power: 0.8 }).n).toBe(194);
    expect(sampleSizeToCompareProportions(0.5, 0.75).achieved).toBeGreaterThanOrEqual(0.9);
  });

  it('rests on the noncentral t distribution, whose limits are Student’s and the normal', () => {
    expect(noncentralTAbove(2.228138851964939, 10, 0)).toBeCloseTo(0.025, 11);
    expect(noncentralTAbove(2, 1e7, 1)).toBeCloseTo(0.15865525393145707, 6);
    expect(noncentralTAbove(38.5, 1e6, 38)).toBeCloseTo(0.3086, 3);
  });

  it('is refused for what cannot be', () => {
    refused('BAD_OPTION', () => sampleSizeForMean(0, 1));
    refused('BAD_OPTION', () => sampleSizeForMean(1, 1, { population: 1 }));
    refused('BAD_OPTION', () => sampleSizeForProportion(1.5));
    refused('BAD_OPTION', () => sampleSizeToCompareMeans(1, 1, { samples: 3 as 2 }));
    refused('BAD_OPTION', () => sampleSizeToCompareMeans(1, 1, { alpha: 0.2, power: 0.05 }));
    refused('BAD_OPTION', () => sampleSizeToCompareProportions(0.5, 0.5));
    refused('BAD_OPTION', () => sampleSizeToTestProportion(0.5, 1));
    refused('BAD_OPTION', () => sampleSizeToDetect(0.05, { allowedFailures: 0.5 }));
    refused('BAD_OPTION', () => sampleSizeToDetect(0.05, { lotSize: 10.5 }));
    refused('BAD_DATA', () => sampleSizeToDetect(0.05, { lotSize: 20, allowedFailures: 1 }));
  });
});
