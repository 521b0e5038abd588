import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { chiSquareUpper, coxRegression, logRankTest, pairwiseLogRankTests } from './index.js';
import type { LogRankObservations } from './index.js';

interface Grouped {
  readonly time: readonly number[];
  readonly event: readonly number[];
  readonly group: readonly string[];
}
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as T;
const { aml, leukemia } = read<{ readonly aml: Grouped; readonly leukemia: Grouped }>('survival-trials.json');
const { telco } = read<{
  readonly telco: {
    readonly tenure: readonly number[];
    readonly churned: readonly number[];
    readonly customers: readonly number[];
    readonly contract: readonly string[];
  };
}>('survival-rossi-waltons-telco.json');

interface Row {
  readonly time: number;
  readonly event: number;
  readonly group: number;
  readonly weight: number;
}
const rowsOf = fc.array(
  fc.record({
    time: fc.integer({ min: 1, max: 9 }),
    event: fc.integer({ min: 0, max: 1 }),
    group: fc.integer({ min: 1, max: 3 }),
    weight: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 3, maxLength: 25 },
);
/** The arbitrary rows after some that make every group comparable. */
const anchored = (rows: readonly Row[]): Row[] => [
  ...[1, 2, 3, 1, 2, 3].map((group, at) => ({ time: 10 + at, event: 1, group, weight: 1 })),
  ...rows,
];
const columns = (rows: readonly Row[]): LogRankObservations => ({
  time: rows.map(({ time }) => time),
  event: rows.map(({ event }) => event),
  group: rows.map(({ group }) => group),
});

describe('the log-rank test', () => {
  it('finds 6-MP to prolong remission, as published', () => {
    const test = logRankTest(leukemia);
    expect(test).toMatchObject({
      df: 1,
      trend: null,
      groups: [
        { group: '6-MP', n: 21, observed: 9 },
        { group: 'placebo', n: 21, observed: 21 },
      ],
    });
    expect([test.chiSquare, test.groups[0].expected, test.groups[1].expected].map((value) => value.toFixed(2))).toEqual([
      '16.79',
      '19.25',
      '10.75',
    ]);
  });

  it('leaves out a group in which nothing could happen', () => {
    const third = [1, 2, 2, 3, 3, 3, 4];
    const time = [...aml.time, ...third];
    const event = [...aml.event, ...third.map(() => 0)];
    const test = logRankTest({ time, event, group: [...aml.group, ...third.map(() => 'early')] });
    expect(test.df).toBe(1);
    expect(test.chiSquare).toBeCloseTo(logRankTest(aml).chiSquare, 12);
    expect(test.groups.filter(({ group }) => group === 'early')).toEqual([{ group: 'early', n: 7, observed: 0, expected: 0 }]);
  });

  it('is the score test of a Cox model where no times are tied', () => {
    const time = aml.time.map((value, row) => value + row / 100);
    const covariates = [{ name: 'maintained', values: aml.group.map((group) => Number(group === 'Maintained')) }];
    const cox = coxRegression({ time, event: aml.event, covariates });
    expect(logRankTest({ ...aml, time }).chiSquare).toBeCloseTo(cox.scoreTest.chiSquare, 10);
  });

  it('compares within strata only', () => {
    const twice = {
      time: [...aml.time, ...aml.time.map((time) => time * 3)],
      event: [...aml.event, ...aml.event],
      group: [...aml.group, ...aml.group],
    };
    const strata = twice.time.map((_, row) => (row < aml.time.length ? 'weeks' : 'thirds'));
    const once = logRankTest(aml);
    const test = logRankTest({ ...twice, strata });
    expect(test.chiSquare).toBeCloseTo(2 * once.chiSquare, 10);
    expect(logRankTest(twice).chiSquare).not.toBeCloseTo(2 * once.chiSquare, 3);
  });

  it('counts who enters late only from then on', () => {
    const late = { time: [5, 6, 7, 8], event: [1, 1, 1, 1], group: ['a', 'b', 'a', 'b'], entry: [0, 0, 6, 5] };
    expect(logRankTest(late).groups.map(({ expected }) => expected)).toEqual([1 / 2 + 0 + 1 / 2, 1 / 2 + 1 + 1 / 2 + 1]);
  });

  it('weighs events by who is at risk, by its root, or by the curve just before', () => {
    const data = { time: [1, 2, 3, 4], event: [1, 1, 1, 1], group: ['a', 'b', 'a', 'b'] };
    const observed = (test: ReturnType<typeof logRankTest>): number[] => test.groups.map((group) => group.observed);
    expect(observed(logRankTest(data, { weighting: 'gehan' }))).toEqual([4 + 2, 3 + 1]);
    expect(observed(logRankTest(data, { weighting: 'tarone-ware' }))).toEqual([2 + Math.SQRT2, Math.sqrt(3) + 1]);
    expect(observed(logRankTest(data, { weighting: { rho: 1 } }))).toEqual([1 + 0.5, 0.75 + 0.25]);
    expect(observed(logRankTest(data, { weighting: { rho: 0, gamma: 1 } }))).toEqual([0 + 0.5, 0.25 + 0.75]);
  });

  it('tests for a trend along scores, which for two groups is the test itself', () => {
    const { chiSquare, trend } = logRankTest(leukemia, { scores: [0, 1] });
    expect(trend?.chiSquare).toBeCloseTo(chiSquare, 10);
    expect(trend?.z).toBeGreaterThan(0);
    const three = columns(anchored([]));
    expect(logRankTest(three, { scores: [1, 2, 3] }).trend?.z).toBeCloseTo(
      logRankTest(three, { scores: [10, 20, 30] }).trend?.z ?? NaN,
      10,
    );
  });

  it('compares each two groups and adjusts for it', () => {
    const tests = pairwiseLogRankTests({ time: telco.tenure, event: telco.churned, weights: telco.customers, group: telco.contract });
    expect(tests.map(({ groups, chiSquare }) => [groups, chiSquare.toFixed(6)])).toEqual([
      [['Month-to-month', 'One year'], '926.064559'],
      [['Month-to-month', 'Two year'], '1550.510307'],
      [['One year', 'Two year'], '256.217767'],
    ]);
    expect(tests[2].adjustedPValue).toBe(tests[2].pValue);
    expect(tests[0].adjustedPValue / tests[0].pValue).toBeCloseTo(2, 12);
  });

  it('is the same for weights as for repeated rows, in any order, in any unit of time', () => {
    fc.assert(
      fc.property(rowsOf, (some) => {
        const rows = anchored(some);
        const weighted = logRankTest({ ...columns(rows), weights: rows.map(({ weight }) => weight) });
        const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
        expect(weighted.chiSquare).toBeCloseTo(logRankTest(columns(repeated)).chiSquare, 9);
        const plain = logRankTest(columns(rows));
        expect(logRankTest(columns([...rows].reverse())).chiSquare).toBeCloseTo(plain.chiSquare, 9);
        expect(logRankTest(columns(rows.map((row) => ({ ...row, time: row.time / 7 })))).chiSquare).toBeCloseTo(plain.chiSquare, 9);
        expect(plain.groups.reduce((sum, { observed, expected }) => sum + observed - expected, 0)).toBeCloseTo(0, 10);
      }),
    );
  });

  it.each<[string, LogRankObservations, Parameters<typeof logRankTest>[1], string]>([
    ['one group', { time: [1, 2], event: [1, 1], group: ['a', 'a'] }, {}, 'BAD_DATA'],
    ['no event', { time: [1, 2], event: [0, 0], group: ['a', 'b'] }, {}, 'TOO_FEW_POINTS'],
    ['groups that are never at risk together', { time: [1, 2], event: [1, 1], group: ['a', 'b'], entry: [0, 1] }, {}, 'BAD_DATA'],
    ['a negative rho', { time: [1, 2], event: [1, 1], group: ['a', 'b'] }, { weighting: { rho: -1 } }, 'BAD_OPTION'],
    ['scores that are not one a group', { time: [1, 2], event: [1, 1], group: ['a', 'b'] }, { scores: [1] }, 'BAD_OPTION'],
    ['scores that are all the same', { time: [1, 2], event: [1, 1], group: ['a', 'b'] }, { scores: [1, 1] }, 'BAD_OPTION'],
  ])('refuses %s', (_, observations, options, code) => {
    expect(() => logRankTest(observations, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the upper tail of χ²', () => {
  it.each([
    [3.841458820694124, 1, 0.05],
    [5.991464547107979, 2, 0.05],
    [7.814727903251179, 3, 0.05],
    [18.307038053275146, 10, 0.05],
    [40, 4, 4.328422607120917e-8],
    [0, 3, 1],
  ])('of %d with %d degrees of freedom', (x, df, tail) => {
    expect(chiSquareUpper(x, df) / tail).toBeCloseTo(1, 12);
  });
});
