import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { kaplanMeier, kaplanMeierByGroup, restrictedMean, survivalAt, survivalQuantiles } from './index.js';
import type { IntervalScale, SurvivalCurve, SurvivalObservations } from './index.js';

interface Grouped {
  readonly time: readonly number[];
  readonly event: readonly number[];
  readonly group: readonly string[];
}
const trials = JSON.parse(readFileSync(new URL('../fixtures/survival-trials.json', import.meta.url), 'utf8')) as {
  readonly aml: Grouped;
  readonly leukemia: Grouped;
};
const [maintained, notMaintained] = kaplanMeierByGroup(trials.aml).map(({ curve }) => curve);

const subjects = fc.array(
  fc.record({ time: fc.integer({ min: 1, max: 12 }), event: fc.integer({ min: 0, max: 1 }), weight: fc.integer({ min: 1, max: 4 }) }),
  {
    minLength: 1,
    maxLength: 30,
  },
);
type Subject = { readonly time: number; readonly event: number; readonly weight: number; readonly entry?: number };
const columns = (rows: readonly Subject[]): SurvivalObservations => ({
  time: rows.map(({ time }) => time),
  event: rows.map(({ event }) => event),
});
const heights = (curve: SurvivalCurve): number[] => curve.points.map(({ survival }) => survival);

function expectSame(one: SurvivalCurve, other: SurvivalCurve): void {
  expect(one.points.map(({ time }) => time)).toEqual(other.points.map(({ time }) => time));
  one.points.forEach((point, index) => {
    for (const key of ['atRisk', 'survival', 'standardError', 'lower', 'upper', 'cumulativeHazard'] as const) {
      const [mine, theirs] = [point[key], other.points[index][key]];
      if (mine === null || theirs === null) expect(mine).toBe(theirs);
      else expect(mine).toBeCloseTo(theirs, 10);
    }
  });
}

describe('the Kaplan–Meier curve', () => {
  it('is the table of the maintained patients with leukaemia, as R prints it', () => {
    const printed = maintained.points
      .filter(({ events }) => events > 0)
      .map((point) => [point.time, point.atRisk, point.survival, point.standardError, point.lower, point.upper]);
    const table = [
      [9, 11, 0.909, 0.0867, 0.7541, 1],
      [13, 10, 0.818, 0.1163, 0.6192, 1],
      [18, 8, 0.716, 0.1397, 0.4884, 1],
      [23, 7, 0.614, 0.1526, 0.3769, 0.999],
      [31, 5, 0.491, 0.1642, 0.2549, 0.946],
      [34, 4, 0.368, 0.1627, 0.1549, 0.875],
      [48, 2, 0.184, 0.1535, 0.0359, 0.944],
    ];
    printed.forEach((row, at) =>
      row.forEach((value, column) =>
        expect(Math.abs((value ?? NaN) - table[at][column])).toBeLessThan(column > 2 && column < 5 ? 6e-5 : 6e-4),
      ),
    );
    expect(maintained).toMatchObject({ n: 11, events: 7, median: { estimate: 31, lower: 18, upper: null } });
  });

  it('has no error and no bounds once nobody is left without the event', () => {
    expect(notMaintained.points.at(-1)).toMatchObject({ time: 45, survival: 0, standardError: null, lower: null, upper: null });
    expect(notMaintained.median).toEqual({ probability: 0.5, estimate: 23, lower: 8, upper: null });
  });

  it('counts who is cut off at a time as still at risk at it', () => {
    expect(kaplanMeier({ time: [3, 3, 5], event: [1, 0, 0] }).points[0]).toMatchObject({
      atRisk: 3,
      events: 1,
      censored: 1,
      survival: 2 / 3,
    });
  });

  it('counts who enters late from the moment after entry', () => {
    const curve = kaplanMeier({ entry: [0, 0, 3, 2], time: [2, 5, 4, 3], event: [1, 0, 1, 1] });
    expect(curve.points.map(({ time, atRisk, survival }) => [time, atRisk, survival])).toEqual([
      [2, 2, 0.5],
      [3, 2, 0.25],
      [4, 2, 0.125],
      [5, 1, 0.125],
    ]);
  });

  it.each<[IntervalScale, number, number]>([
    ['plain', 0.3144825, 0.9127902],
    ['log', 0.3768671, 0.9991576],
    ['log-log', 0.265752, 0.8352992],
    ['logit', 0.3102037, 0.8486965],
    ['arcsin', 0.3121698, 0.8735411],
  ])('has the interval of S = 0.6136 with error 0.1526 on the %s scale', (interval, lower, upper) => {
    const [at] = survivalAt(kaplanMeierByGroup(trials.aml, { interval })[0].curve, [23]);
    expect([at.lower, at.upper]).toEqual([expect.closeTo(lower, 6), expect.closeTo(upper, 6)]);
  });

  it('is certain before the first event and never leaves 0 to 1', () => {
    const curve = kaplanMeier({ time: [1, 2, 3, 4], event: [0, 1, 0, 0] }, { interval: 'plain' });
    expect(curve.points[0]).toMatchObject({ survival: 1, standardError: 0, lower: 1, upper: 1 });
    expect(curve.points[1].upper).toBe(1);
  });

  it('has the Nelson–Aalen hazard with Aalen’s variance, or takes ties one by one', () => {
    const tied = { time: [2, 2, 2, 7], event: [1, 1, 0, 1] };
    expect(kaplanMeier(tied).points[0]).toMatchObject({ cumulativeHazard: 2 / 4, hazardStandardError: Math.sqrt(2 / 16) });
    const oneByOne = kaplanMeier(tied, { hazardTies: 'fleming-harrington' }).points[0];
    expect(oneByOne.cumulativeHazard).toBeCloseTo(1 / 4 + 1 / 3, 15);
    expect(oneByOne.hazardStandardError).toBeCloseTo(Math.sqrt(1 / 16 + 1 / 9), 15);
    const factor = Math.exp((1.959963984540054 * Math.sqrt(2 / 16)) / 0.5);
    expect(kaplanMeier(tied).points[0].hazardUpper).toBeCloseTo(0.5 * factor, 12);
  });

  it('counts a weight as that many rows', () => {
    fc.assert(
      fc.property(subjects, (rows) => {
        const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
        const weighted = kaplanMeier({ ...columns(rows), weights: rows.map(({ weight }) => weight) });
        expectSame(weighted, kaplanMeier(columns(repeated)));
        expect(weighted.n).toBe(repeated.length);
      }),
    );
  });

  it('is the same in any order of rows, and in any unit of time', () => {
    fc.assert(
      fc.property(subjects, (rows) => {
        const curve = kaplanMeier(columns(rows));
        expect(kaplanMeier(columns([...rows].reverse()))).toEqual(curve);
        const scaled = kaplanMeier(columns(rows.map((row) => ({ ...row, time: row.time * 8 }))));
        expect(heights(scaled)).toEqual(heights(curve));
        expect(scaled.median.estimate).toBe(curve.median.estimate === null ? null : curve.median.estimate * 8);
      }),
    );
  });

  it('does not change when a row is split in time', () => {
    fc.assert(
      fc.property(subjects, fc.integer({ min: 1, max: 11 }), (rows, cut) => {
        const split = rows.flatMap<Required<Subject>>((row) =>
          row.time > cut
            ? [
                { ...row, entry: 0, time: cut, event: 0 },
                { ...row, entry: cut },
              ]
            : [{ ...row, entry: 0 }],
        );
        const times = kaplanMeier(columns(rows)).points.map(({ time }) => time);
        const parts = kaplanMeier({ ...columns(split), entry: split.map(({ entry }) => entry) });
        expect(survivalAt(parts, times).map(({ survival }) => survival)).toEqual(heights(kaplanMeier(columns(rows))));
      }),
    );
  });

  it('never rises, and is the share left where nobody is cut off', () => {
    fc.assert(
      fc.property(subjects, (rows) => {
        const curve = heights(kaplanMeier(columns(rows)));
        expect(curve.every((height, at) => height <= (curve[at - 1] ?? 1) && height >= 0)).toBe(true);
        const complete = kaplanMeier(columns(rows.map((row) => ({ ...row, event: 1 }))));
        complete.points.forEach(({ time, survival }) =>
          expect(survival).toBeCloseTo(rows.filter((row) => row.time > time).length / rows.length, 12),
        );
      }),
    );
  });
});

describe('reading a survival curve', () => {
  const halves = kaplanMeier({ time: [2, 4, 6, 9], event: [1, 1, 1, 1] });

  it('takes the middle of the time the curve stands at the level', () => {
    expect(survivalQuantiles(halves, [0.25, 0.5, 0.75, 0.9]).map(({ estimate }) => estimate)).toEqual([3, 5, 7.5, 9]);
  });

  it('has no quantile the curve does not reach, and the first time if it stays at the level', () => {
    const cut = kaplanMeier({ time: [2, 4, 6, 9], event: [1, 1, 0, 0] });
    expect(survivalQuantiles(cut, [0.5, 0.6]).map(({ estimate }) => estimate)).toEqual([4, null]);
    expect(kaplanMeier({ time: [1, 2], event: [0, 0] }).median).toEqual({ probability: 0.5, estimate: null, lower: null, upper: null });
  });

  it('is 1 before the first time, constant between times, and unknown after the last cut-off', () => {
    const curve = kaplanMeier({ time: [2, 4, 6], event: [1, 1, 0] });
    expect(survivalAt(curve, [0, 2, 3, 6, 6.5]).map(({ atRisk, survival }) => [atRisk, survival])).toEqual([
      [3, 1],
      [3, 2 / 3],
      [2, 2 / 3],
      [1, curve.points[1].survival],
      [0, null],
    ]);
    expect(survivalAt(halves, [100])[0].survival).toBe(0);
  });

  it('has the area under the curve as the mean, which without cut-offs is the mean of the times', () => {
    expect(restrictedMean(halves)).toMatchObject({ horizon: 9, estimate: 5.25 });
    // The variance of a mean of n numbers, Σ(t − t̄)²/n², is what Greenwood’s formula comes to.
    expect(restrictedMean(halves).standardError).toBeCloseTo(Math.sqrt((3.25 ** 2 + 1.25 ** 2 + 0.75 ** 2 + 3.75 ** 2) / 16), 12);
    expect(restrictedMean(halves, 5).estimate).toBeCloseTo(2 + 0.75 * 2 + 0.5, 12);
    expect(restrictedMean(halves, 20).estimate).toBe(5.25);
  });

  it('refuses a mean beyond what was observed', () => {
    const cut = kaplanMeier({ time: [2, 4], event: [1, 0] });
    expect(() => restrictedMean(cut, 5)).toThrow(/horizon lies between 0 and 4/);
    expect(() => restrictedMean(cut, -1)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

describe('what a survival curve refuses', () => {
  it.each<[string, SurvivalObservations, string, RegExp]>([
    ['no rows', { time: [], event: [] }, 'TOO_FEW_POINTS', /at least one time/],
    ['columns of different length', { time: [1, 2], event: [1] }, 'BAD_DATA', /event has 1 rows, time has 2/],
    ['a time that is no number', { time: [1, NaN], event: [1, 0] }, 'NOT_FINITE', /time of row 2/],
    ['an entry that is no number', { time: [1], event: [1], entry: [-Infinity] }, 'NOT_FINITE', /entry of row 1/],
    ['an event coded 2', { time: [1, 2], event: [1, 2] }, 'BAD_DATA', /event of row 2 is 2/],
    ['entry at the time itself', { time: [1], event: [1], entry: [1] }, 'BAD_DATA', /enters at 1 and leaves at 1/],
    ['a weight of nothing', { time: [1], event: [1], weights: [0] }, 'BAD_DATA', /weight of row 1 is 0/],
  ])('%s', (_, observations, code, message) => {
    expect(() => kaplanMeier(observations)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }));
  });

  it('options outside their range', () => {
    const data = { time: [1, 2], event: [1, 0] };
    expect(() => kaplanMeier(data, { confidence: 95 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => kaplanMeier(data, { interval: 'sqrt' as IntervalScale })).toThrow(/plain, log, log-log, logit or arcsin/);
    expect(() => kaplanMeier({ ...data, weights: [1, 2] }, { hazardTies: 'fleming-harrington' })).toThrow(/no order within a tie/);
    expect(() => survivalQuantiles(kaplanMeier(data), [1])).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
