import fc from 'fast-check';
import {
  auc,
  aucDifference,
  averagePrecision,
  brier,
  calibrated,
  calibrationReport,
  isotonicBlocks,
  isotonicCalibration,
  isotonicRegression,
  liftTable,
  plattCalibration,
} from './index.js';

// Few distinct scores, so that ties occur.
const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 1)), { minLength: 4, maxLength: 60 })
  .filter((pairs) => pairs.filter(([, outcome]) => outcome === 1).length >= 2 && pairs.filter(([, outcome]) => outcome === 0).length >= 2)
  .map((pairs) => ({ scores: pairs.map(([score]) => score / 10), outcomes: pairs.map(([, outcome]): number => outcome) }));

describe('the area under the ROC curve', () => {
  it('is the share of pairs in the right order, ties half, and its variance that of the shares', () => {
    fc.assert(
      fc.property(scored, ({ scores, outcomes }) => {
        const of = (kind: number): number[] => scores.filter((_, row) => outcomes[row] === kind);
        const [others, events] = [of(0), of(1)];
        const order = (high: number, low: number): number => (high > low ? 1 : high === low ? 0.5 : 0);
        const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
        const ofEvents = events.map((event) => mean(others.map((other) => order(event, other))));
        const ofOthers = others.map((other) => mean(events.map((event) => order(event, other))));
        const spread = (values: readonly number[]): number =>
          values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1) / values.length;
        const result = auc(scores, outcomes);
        expect(result.estimate).toBeCloseTo(mean(ofEvents), 12);
        expect(result.standardError).toBeCloseTo(Math.sqrt(spread(ofEvents) + spread(ofOthers)), 10);
        const reversed = auc(
          scores.map((score) => -score),
          outcomes,
        );
        expect(reversed.estimate).toBeCloseTo(1 - result.estimate, 12);
        expect(
          auc(
            scores.map((score) => Math.exp(3 * score)),
            outcomes,
          ).estimate,
        ).toBe(result.estimate);
      }),
    );
  });

  it('claims no interval where it is perfect or rests on one event', () => {
    expect(auc([1, 2, 3, 4], [0, 0, 1, 1])).toMatchObject({ estimate: 1, gini: 1, lower: null, upper: null });
    expect(auc([1, 2, 3], [0, 1, 0])).toMatchObject({ estimate: 0.5, standardError: null, lower: null });
  });

  it('keeps a logit interval inside 0 to 1', () => {
    const [scores, outcomes] = [
      [1, 2, 3, 4, 5, 6, 7],
      [0, 0, 0, 1, 0, 1, 1],
    ];
    const { lower, upper, estimate } = auc(scores, outcomes, { interval: 'logit' });
    const logit = (p: number): number => Math.log(p / (1 - p));
    expect(logit(upper ?? 0) - logit(estimate)).toBeCloseTo(logit(estimate) - logit(lower ?? 0), 10);
    expect(auc(scores, outcomes).upper).toBe(1);
  });

  it('refuses scores that are none, outcomes of one kind and lengths that differ', () => {
    expect(() => auc([1, NaN], [0, 1])).toThrow('score of row 2');
    expect(() => auc([1, 2], [1, 1])).toThrow('all 2 outcomes are 1');
    expect(() => auc([1], [0, 1])).toThrow('1 scores but 2 outcomes');
    expect(() => auc([1, 2], [0, 1], { confidence: 95 })).toThrow('confidence 95');
  });

  it('differs from itself by nothing', () => {
    expect(aucDifference([1, 3, 2, 4], [1, 3, 2, 4], [0, 1, 0, 1])).toMatchObject({ estimate: 0, z: 0, pValue: 1 });
    expect(() => aucDifference([1, 2, 3], [3, 2, 1], [0, 1, 0])).toThrow('two events');
  });

  it('has a precision that does not depend on how ties are listed', () => {
    expect(averagePrecision([1, 1, 0], [1, 0, 0])).toBe(averagePrecision([1, 1, 0], [0, 1, 0]));
    expect(averagePrecision([3, 2, 1], [1, 1, 0])).toBe(1);
  });
});

describe('the Brier score', () => {
  it('is reliability − resolution + uncertainty, and what groups hide within them', () => {
    fc.assert(
      fc.property(scored, fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }), ({ scores, outcomes }, groups) => {
        const parts = brier(scores, outcomes, groups);
        const sum = parts.reliability - parts.resolution + parts.uncertainty + parts.withinGroupVariance - parts.withinGroupCovariance;
        expect(sum).toBeCloseTo(parts.score, 12);
        if (groups === undefined)
          expect([parts.withinGroupVariance, parts.withinGroupCovariance].map(Math.abs)).toEqual([0, 0].map(() => expect.closeTo(0, 12)));
      }),
    );
  });

  it('is taken apart as by hand', () => {
    // Forecasts 0.2 (one of three came true) and 0.8 (both did).
    const parts = brier([0.2, 0.2, 0.2, 0.8, 0.8], [0, 1, 0, 1, 1]);
    expect(parts.reliability).toBeCloseTo((3 * (0.2 - 1 / 3) ** 2 + 2 * 0.2 ** 2) / 5, 14);
    expect(parts.resolution).toBeCloseTo((3 * (1 / 3 - 0.6) ** 2 + 2 * 0.4 ** 2) / 5, 14);
    expect(parts.uncertainty).toBeCloseTo(0.24, 14);
    expect(parts.groups).toBe(2);
    expect(() => brier([1.2, 0], [1, 0])).toThrow('probability of row 1 is 1.2');
  });
});

describe('a calibration report', () => {
  const n = 400;
  const truth = Array.from({ length: n }, (_, row) => (row + 0.5) / n);
  const outcomes = truth.map((p, row): number => (((row * 7919) % n) / n < p ? 1 : 0));

  it('finds slope 1 and intercept 0 in forecasts refitted to their outcomes, and twice the slope where log-odds are halved', () => {
    const first = calibrationReport(truth, outcomes);
    const refit = (p: number): number => 1 / (1 + Math.exp(-(first.intercept.estimate + first.slope.estimate * Math.log(p / (1 - p)))));
    const again = calibrationReport(truth.map(refit), outcomes);
    expect(again.slope.estimate).toBeCloseTo(1, 6);
    expect(again.intercept.estimate).toBeCloseTo(0, 6);
    expect(again.calibrationInTheLarge.estimate).toBeCloseTo(0, 6);
    const timid = truth.map(refit).map((p) => 1 / (1 + Math.exp(-Math.log(p / (1 - p)) / 2)));
    expect(calibrationReport(timid, outcomes).slope.estimate).toBeCloseTo(2, 6);
  });

  it('has groups that hold every row once, and errors that are their gaps', () => {
    for (const by of ['size', 'width'] as const) {
      const { table, expectedCalibrationError, largestCalibrationError } = calibrationReport(truth, outcomes, { by, groups: 8 });
      expect(table.reduce((sum, group) => sum + group.n, 0)).toBe(n);
      expect(table.reduce((sum, group) => sum + group.events, 0)).toBe(outcomes.reduce((sum, outcome) => sum + outcome));
      const gaps = table.map((group) => Math.abs(group.events / group.n - group.meanForecast));
      expect(expectedCalibrationError).toBeCloseTo(
        gaps.reduce((sum, gap, index) => sum + (gap * table[index].n) / n, 0),
        12,
      );
      expect(largestCalibrationError).toBe(Math.max(...gaps));
      expect(table.every(({ lower, observedRate, upper }) => lower <= observedRate && observedRate <= upper)).toBe(true);
    }
  });

  it('does not part equal forecasts', () => {
    const { table, hosmerLemeshow, expectedCalibrationError } = calibrationReport(
      [0.1, 0.1, 0.1, 0.1, 0.4, 0.4, 0.7, 0.7],
      [0, 0, 1, 0, 1, 0, 1, 0],
      { groups: 4 },
    );
    expect(table.map((group) => group.n)).toEqual([4, 2, 2]);
    expect(expectedCalibrationError).toBeCloseTo((4 * 0.15 + 2 * 0.1 + 2 * 0.2) / 8, 12);
    // Σ (observed − expected)²/(n·p·(1 − p)) = 0.36/0.36 + 0.04/0.48 + 0.16/0.42
    expect(hosmerLemeshow?.statistic).toBeCloseTo(1 + 1 / 12 + 0.16 / 0.42, 12);
    expect(calibrationReport([0.1, 0.1, 0.1, 0.9, 0.9], [0, 1, 0, 1, 0], { groups: 2 }).expectedCalibrationError).toBeCloseTo(0.3, 12);
    expect(hosmerLemeshow?.df).toBe(1);
    expect(calibrationReport([0.1, 0.6, 0.1, 0.6], [0, 1, 1, 0]).hosmerLemeshow).toBeNull();
    // Hopelessly wrong in four groups: χ² with 2 degrees of freedom, whose upper tail is exp(−χ²/2) however small.
    const wrong = Array.from({ length: 800 }, (_, row) => 0.1 + 0.05 * (row % 4));
    const test = calibrationReport(
      wrong,
      wrong.map((_, row) => (row % 8 < 4 ? 1 : 0)),
      { groups: 4 },
    ).hosmerLemeshow;
    expect(test?.df).toBe(2);
    expect((test?.pValue ?? NaN) / Math.exp(-(test?.statistic ?? NaN) / 2)).toBeCloseTo(1, 12);
    expect(test?.pValue).toBeLessThan(1e-100);
  });

  it('gives expected misses their sign: too low forecasts have an intercept above zero', () => {
    expect(
      calibrationReport(
        truth.map((p) => p / 3),
        outcomes,
      ).calibrationInTheLarge.estimate,
    ).toBeGreaterThan(1);
    expect(() => calibrationReport([0.5, 0.5], [0, 1])).toThrow('all forecasts are the same');
  });

  it('bears forecasts of exactly 0 and 1', () => {
    const report = calibrationReport([0, 1, 0.5, 0.4, 1, 0, 0.3], [0, 1, 1, 0, 0, 1, 0]);
    expect(Number.isFinite(report.slope.estimate)).toBe(true);
    expect(report.hosmerLemeshow).toBeNull();
  });
});

describe('isotonic regression', () => {
  it('is the nearest non-decreasing sequence: the greatest of the least averages', () => {
    const value = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 12 }), (pairs) => {
        const [values, weights] = [pairs.map(([one]) => one), pairs.map(([, weight]) => weight)];
        const average = (from: number, to: number): number => {
          const weight = weights.slice(from, to + 1).reduce((sum, one) => sum + one);
          return values.slice(from, to + 1).reduce((sum, one, index) => sum + one * weights[from + index], 0) / weight;
        };
        const fitted = isotonicRegression(values, weights);
        for (const index of values.keys()) {
          const starts = Array.from({ length: index + 1 }, (_, from) => from);
          const ends = Array.from({ length: values.length - index }, (_, step) => index + step);
          expect(fitted[index]).toBeCloseTo(Math.max(...starts.map((from) => Math.min(...ends.map((to) => average(from, to))))), 10);
        }
        expect(
          isotonicRegression(
            values.map((one) => -one),
            weights,
            'decreasing',
          ),
        ).toEqual(fitted.map((one) => -one));
      }),
    );
  });

  it('pools into blocks and refuses weights that are none', () => {
    expect(isotonicBlocks([3, 1, 2, 5])).toEqual([
      { from: 0, to: 2, value: 2, weight: 3 },
      { from: 3, to: 3, value: 5, weight: 1 },
    ]);
    expect(() => isotonicRegression([1, 2], [1, 0])).toThrow('weight 2 is 0');
    expect(() => isotonicRegression([])).toThrow('no values');
  });
});

describe('calibrators', () => {
  it('keep the order of scores, and isotonic ones the overall rate', () => {
    fc.assert(
      fc.property(
        scored,
        fc.array(fc.double({ min: -1, max: 2, noNaN: true }), { minLength: 2, maxLength: 20 }),
        ({ scores, outcomes }, tried) => {
          const calibrator = isotonicCalibration(scores, outcomes);
          const ascending = [...tried].sort((one, other) => one - other).map((score) => calibrated(calibrator, score));
          for (let at = 1; at < ascending.length; at += 1) expect(ascending[at]).toBeGreaterThanOrEqual(ascending[at - 1]);
          const expected = scores.reduce((sum, score) => sum + calibrated(calibrator, score), 0);
          expect(expected).toBeCloseTo(
            outcomes.reduce((sum, outcome) => sum + outcome, 0),
            9,
          );
        },
      ),
    );
  });

  it('lie on straight lines between the scores that were seen', () => {
    const calibrator = isotonicCalibration([1, 2, 2, 4], [0, 1, 0, 1]);
    expect(calibrator).toEqual({ kind: 'isotonic', scores: [1, 2, 4], probabilities: [0, 0.5, 1] });
    expect([0, 1.5, 3, 9].map((score) => calibrated(calibrator, score))).toEqual([0, 0.25, 0.75, 1]);
  });

  it('stay finite by Platt’s targets where scores separate the outcomes', () => {
    const calibrator = plattCalibration([1, 2, 3, 4], [0, 0, 1, 1]);
    // Targets ¼ and ¾ are symmetric about 2.5.
    expect(-calibrator.intercept / calibrator.slope).toBeCloseTo(2.5, 8);
    const misses = [1, 2, 3, 4].map((score) => calibrated(calibrator, score) - (score < 3 ? 0.25 : 0.75));
    expect(misses.reduce((sum, miss) => sum + miss)).toBeCloseTo(0, 10);
    expect(misses.reduce((sum, miss, index) => sum + (index + 1) * miss, 0)).toBeCloseTo(0, 10);
    expect(() => plattCalibration([1, 2, 3, 4], [0, 0, 1, 1], { smoothing: false })).toThrow(
      expect.objectContaining({ code: 'NO_CONVERGENCE' }),
    );
    expect(() => plattCalibration([4, 3, 2, 1], [0, 0, 1, 1])).toThrow('do not rise with the risk');
    expect(() => plattCalibration([1, 1], [0, 1])).toThrow('all scores are the same');
  });
});

describe('the lift table', () => {
  it('finds all events in the end and starts with the riskiest', () => {
    const table = liftTable([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0], [1, 1, 0, 1, 0, 0, 0, 0, 0, 0], 5);
    expect(table.map(({ events }) => events)).toEqual([2, 1, 0, 0, 0]);
    expect(table[0]).toMatchObject({ n: 2, rate: 1, cumulativeEvents: 2 });
    expect(table[0].lift).toBeCloseTo(10 / 3, 12);
    expect(table[4]).toMatchObject({ cumulativeN: 10, cumulativeGain: 1, cumulativeLift: 1 });
  });

  it('shares ties that straddle a boundary, whatever the order of rows', () => {
    expect(liftTable([1, 1, 1, 1], [1, 0, 0, 1], 2).map(({ events }) => events)).toEqual([1, 1]);
    fc.assert(
      fc.property(scored, ({ scores, outcomes }) => {
        const reversed = liftTable([...scores].reverse(), [...outcomes].reverse(), 4);
        expect(liftTable(scores, outcomes, 4)).toEqual(reversed);
      }),
    );
    expect(() => liftTable([1, 2], [0, 1], 3)).toThrow('2 rows do not make 3 groups');
  });
});
