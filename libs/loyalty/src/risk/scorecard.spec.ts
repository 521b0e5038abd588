import fc from 'fast-check';
import { binLevels, binNumbers, buildScorecard, pointsScale, scorePoints, weighEvidence } from './index.js';
import type { ScorecardColumn } from './index.js';

const n = 600;
const tenure = Array.from({ length: n }, (_, row) => (row * 31) % 72);
const plan = Array.from({ length: n }, (_, row) => ['monthly', 'yearly', 'monthly', 'two years'][(row * 7) % 4]);
const calls = Array.from({ length: n }, (_, row) => (row % 10 === 0 ? null : (row * 13) % 5));
const outcomes = tenure.map((months, row) =>
  ((row * 7919) % 100) / 100 < 0.6 - months / 144 - (plan[row] === 'two years' ? 0.1 : 0) + (calls[row] ?? 2) / 40 ? 1 : 0,
);
const columns: ScorecardColumn[] = [
  { name: 'tenure', kind: 'numeric', values: tenure, bins: 8, monotone: 'decreasing' },
  { name: 'plan', kind: 'categorical', values: plan },
  { name: 'calls', kind: 'numeric', values: calls, cuts: [1, 3] },
];
const card = buildScorecard(columns, outcomes);

describe('a points scorecard', () => {
  it('adds up whole points, and tells the probability they stand for', () => {
    const row = fc.record({
      tenure: fc.integer({ min: -5, max: 100 }),
      plan: fc.constantFrom('monthly', 'yearly', 'two years'),
      calls: fc.option(fc.integer({ min: 0, max: 9 })),
    });
    fc.assert(
      fc.property(row, (customer) => {
        const { points, startPoints, contributions, probability } = scorePoints(card, customer);
        expect(contributions.reduce((sum, contribution) => sum + contribution.points, startPoints)).toBe(points);
        expect(Number.isInteger(points)).toBe(true);
        expect(points).toBeGreaterThanOrEqual(card.lowest);
        expect(points).toBeLessThanOrEqual(card.highest);
        expect(Math.log((1 - probability) / probability)).toBeCloseTo((points - card.offset) / card.factor, 9);
      }),
    );
  });

  it('stays within half a point a term of the regression behind it', () => {
    const customer = { tenure: 5, plan: 'yearly', calls: null };
    const evidence = [0, 1, 2].map((index) => {
      const { bins } = card.sections[index];
      return bins[
        [
          bins.findIndex(({ range }) => range.kind === 'range' && range.upTo !== null && range.upTo >= 5),
          bins.findIndex(({ label }) => label === 'yearly'),
          bins.length - 1,
        ][index]
      ].weightOfEvidence;
    });
    const logOdds = card.fit.coefficients.reduce(
      (sum, { estimate }, index) => sum + estimate * evidence[index],
      card.fit.intercept.estimate,
    );
    expect(Math.abs(scorePoints(card, customer).points - (card.offset - card.factor * logOdds))).toBeLessThanOrEqual(2);
  });

  it('gives safer bins more points, and doubles the odds by the points agreed', () => {
    for (const { bins, coefficient } of card.sections) {
      expect(coefficient).toBeLessThanOrEqual(0);
      const ordered = [...bins].sort((one, other) => one.eventRate - other.eventRate);
      for (let at = 1; at < ordered.length; at += 1) expect(ordered[at].points).toBeLessThanOrEqual(ordered[at - 1].points);
    }
    const { factor, offset } = pointsScale({ basePoints: 500, baseOdds: 1, pointsToDoubleOdds: 40 });
    expect(offset).toBe(500);
    expect(factor * Math.log(2)).toBeCloseTo(40, 12);
  });

  it('takes no points for what looks safe on its own, where another column already says more', () => {
    // Alone, `noisy` points the same way as `clear`; beside it, the other way.
    const cells = [
      ['a', 'a', 40, 4],
      ['a', 'b', 10, 0],
      ['b', 'a', 10, 9],
      ['b', 'b', 40, 20],
    ] as const;
    const each = cells.flatMap(([clear, noisy, size, events]) =>
      Array.from({ length: size }, (_, index) => ({ clear, noisy, left: index < events ? 1 : 0 })),
    );
    const two: ScorecardColumn[] = (['clear', 'noisy'] as const).map((name) => ({
      name,
      kind: 'categorical',
      values: each.map((one) => one[name]),
    }));
    const [, noisy] = buildScorecard(
      two,
      each.map(({ left }) => left),
    ).sections;
    expect(noisy.bins[0].weightOfEvidence).toBeGreaterThan(0);
    expect(noisy.coefficient).toBe(0);
    expect(noisy.bins.map(({ points }) => points)).toEqual([0, 0]);
  });

  it('falls or rises only, where a column is to be monotone', () => {
    const rates = card.sections[0].bins.map(({ eventRate }) => eventRate);
    expect(rates.length).toBeGreaterThan(2);
    for (let at = 1; at < rates.length; at += 1) expect(rates[at]).toBeLessThan(rates[at - 1]);
    const rising = binNumbers('tenure', tenure, outcomes, { bins: 8, monotone: 'increasing' });
    expect(rising.map(({ label }) => label)).toEqual(['all']);
  });

  it('puts a cut into the bin below it, and what is missing into its own', () => {
    const bins = binNumbers('calls', [1, 2, 3, 4, null, 1], [0, 1, 0, 1, 1, 0], { cuts: [1, 3] });
    expect(bins.map(({ label, n: size, events }) => [label, size, events])).toEqual([
      ['≤ 1', 2, 0],
      ['> 1 to 3', 2, 1],
      ['> 3', 1, 1],
      ['(missing)', 1, 1],
    ]);
    expect(binLevels(['b', null, 'a', 'b'], [1, 1, 0, 0]).map(({ label }) => label)).toEqual(['a', 'b', '(missing)']);
  });

  it('makes bins of equal size, and fewer where values repeat', () => {
    const marks = Array.from({ length: 100 }, (_, row) => row % 2);
    expect(
      binNumbers(
        'x',
        Array.from({ length: 100 }, (_, row) => row),
        marks,
        { bins: 4 },
      ).map(({ n: size }) => size),
    ).toEqual([25, 25, 25, 25]);
    expect(
      binNumbers(
        'x',
        Array.from({ length: 100 }, (_, row) => (row < 80 ? 0 : row)),
        marks,
        { bins: 4 },
      ).map(({ n: size }) => size),
    ).toEqual([80, 20]);
  });

  it('smooths a bin that lacks events, and only that one', () => {
    const counts = (events: number) => [
      { label: 'a', range: { kind: 'levels', levels: ['a'] } as const, n: 10, events },
      { label: 'b', range: { kind: 'levels', levels: ['b'] } as const, n: 10, events: 4 },
    ];
    const [empty, other] = weighEvidence('x', counts(0)).bins;
    expect(empty.weightOfEvidence).toBeCloseTo(Math.log(10.5 / 16 / (0.5 / 4)), 12);
    expect(other.weightOfEvidence).toBeCloseTo(Math.log(6 / 16 / (4 / 4)), 12);
    expect(weighEvidence('x', counts(0), 1).bins[0].weightOfEvidence).toBeCloseTo(Math.log(11 / 16 / (1 / 4)), 12);
  });

  it('refuses what has no bin and columns of one bin', () => {
    const customer = { tenure: 5, plan: 'yearly', calls: 1 };
    expect(() => scorePoints(card, { ...customer, plan: 'daily' })).toThrow('column "plan": no bin for "daily"');
    expect(() => scorePoints(card, { ...customer, tenure: null })).toThrow('column "tenure": no bin for null');
    expect(() => scorePoints(card, { tenure: 5 })).toThrow('column "plan": no bin for a column that is missing');
    expect(() => scorePoints(card, { ...customer, tenure: NaN })).toThrow('not a finite number');
    expect(() => buildScorecard([{ name: 'x', kind: 'categorical', values: plan.map(() => 'a') }], outcomes)).toThrow('one bin only');
    expect(() => buildScorecard([columns[0], columns[0]], outcomes)).toThrow('given twice');
    expect(() => buildScorecard(columns, outcomes, { pointsToDoubleOdds: 0 })).toThrow('points to double');
    expect(() => binNumbers('x', [1, 2], [0, 1], { bins: 1 })).toThrow('1 bins');
  });
});
