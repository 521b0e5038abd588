import fc from 'fast-check';
import {
  effort,
  effortDifference,
  netPromoterScore,
  netPromoterScoreOf,
  npsDifference,
  satisfaction,
  satisfactionDifference,
} from './index.js';
import { likeliestDetractors, netScoreBounds } from './net-score-interval.js';

const repeated = (answer: number, times: number): number[] => Array<number>(times).fill(answer);

describe('the net promoter score', () => {
  it('counts 9 and 10 as promoters, 7 and 8 as passives, and 0 to 6 as detractors', () => {
    const result = netPromoterScore([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(result).toMatchObject({ promoters: 2, passives: 2, detractors: 7, n: 11, unanswered: 0 });
    expect(result.score).toBeCloseTo((100 * (2 - 7)) / 11, 12);
  });

  it('has the standard error of a mean of +1, 0 and −1 with divisor n', () => {
    const marks = [...repeated(1, 50), ...repeated(0, 30), ...repeated(-1, 20)];
    const center = marks.reduce((sum, mark) => sum + mark) / 100;
    const variance = marks.reduce((sum, mark) => sum + (mark - center) ** 2, 0) / 100;
    const result = netPromoterScoreOf({ promoters: 50, passives: 30, detractors: 20 });
    expect(result.score).toBe(30);
    expect(result.standardError).toBeCloseTo(100 * Math.sqrt(variance / 100), 12);
    expect(result.upper - result.lower).toBeCloseTo(2 * 1.959963984540054 * result.standardError, 10);
    expect(result.interval).toBe('wald');
  });

  it('adds three quarters of a promoter and of a detractor, and three answers, for the adjusted interval', () => {
    const { lower, upper } = netPromoterScoreOf({ promoters: 6, passives: 3, detractors: 1 }, { interval: 'adjusted-wald' });
    const [p, d, n] = [6.75 / 13, 1.75 / 13, 13];
    const margin = 1.959963984540054 * Math.sqrt((p + d - (p - d) ** 2) / n);
    expect(lower).toBeCloseTo(100 * (p - d - margin), 9);
    expect(upper).toBeCloseTo(100 * (p - d + margin), 9);
  });

  it('says so where the sample is small, and then gives the score interval', () => {
    const small = netPromoterScore([...repeated(10, 20), ...repeated(0, 9)]);
    expect(small.reliability).toMatchObject({ sufficient: false, minimumAnswers: 30 });
    expect(small.reliability.note).toContain('only 29 answers, fewer than 30');
    expect(small.interval).toBe('score');
    expect(netPromoterScore([...repeated(10, 20), ...repeated(0, 10)])).toMatchObject({
      interval: 'wald',
      reliability: { sufficient: true },
    });
    expect(netPromoterScore(repeated(10, 5), { minimumAnswers: 5 }).reliability.sufficient).toBe(true);
  });

  it('has an interval of some width also where all answers are alike', () => {
    const { intervals, score } = netPromoterScore(repeated(10, 10));
    expect(score).toBe(100);
    expect(intervals.wald).toEqual({ lower: 100, upper: 100 });
    expect(intervals.score.upper).toBe(100);
    // All who are no promoters are then likeliest detractors: (1 − Δ)²·n = z²·(1 − Δ²), so Δ = (n − z²)/(n + z²).
    const z2 = 1.959963984540054 ** 2;
    expect(intervals.score.lower).toBeCloseTo((100 * (10 - z2)) / (10 + z2), 9);
    expect(netPromoterScore(repeated(0, 10)).intervals.score.lower).toBe(-100);
    expect(netPromoterScore(repeated(8, 10)).intervals.score.upper).toBeGreaterThan(20);
  });

  it('leaves out those who did not answer and counts them', () => {
    expect(netPromoterScore([10, null, 0])).toMatchObject({ n: 2, unanswered: 1, score: 0 });
  });

  it.each([[11], [-1], [7.5], [Number.NaN], [Infinity]])('refuses the answer %p and names its row', (answer) => {
    expect(() => netPromoterScore([10, 9, answer])).toThrow(/row 3: the answer/);
  });

  it('refuses no answers, a confidence of 1 and half a promoter', () => {
    expect(() => netPromoterScore([null])).toThrow('no answers');
    expect(() => netPromoterScore([1], { confidence: 1 })).toThrow('confidence 1');
    expect(() => netPromoterScoreOf({ promoters: 0.5, passives: 1, detractors: 1 })).toThrow('0.5 promoters');
    expect(() => netPromoterScore([1], { minimumAnswers: 0 })).toThrow('minimum of 0');
  });

  const counts = fc
    .record({ promoters: fc.nat(60), passives: fc.nat(60), detractors: fc.nat(60) })
    .filter((c) => c.promoters + c.passives + c.detractors > 0);

  it('turns round when promoters and detractors change places, and every interval holds the score', () => {
    fc.assert(
      fc.property(counts, ({ promoters, passives, detractors }) => {
        const one = netPromoterScoreOf({ promoters, passives, detractors });
        const other = netPromoterScoreOf({ promoters: detractors, passives, detractors: promoters });
        for (const interval of ['wald', 'adjusted-wald', 'score'] as const) {
          expect(one.intervals[interval].lower).toBeCloseTo(-other.intervals[interval].upper, 8);
        }
        for (const interval of ['wald', 'score'] as const) {
          expect(one.intervals[interval].lower).toBeLessThanOrEqual(one.score + 1e-9);
          expect(one.intervals[interval].upper).toBeGreaterThanOrEqual(one.score - 1e-9);
          expect(one.intervals[interval].lower).toBeGreaterThanOrEqual(-100);
        }
      }),
    );
  });

  it('uses the most likely share of detractors for its score interval', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        (p, o, d, delta) => {
          const share = likeliestDetractors(p, d, p + o + d, delta);
          const likelihood = (q: number): number => p * Math.log(q + delta) + d * Math.log(q) + o * Math.log(1 - 2 * q - delta);
          for (const step of [-1e-4, 1e-4]) {
            const nearby = share + step * Math.min(share, share + delta, 1 - 2 * share - delta);
            expect(likelihood(nearby)).toBeLessThanOrEqual(likelihood(share) + 1e-9);
          }
        },
      ),
    );
  });

  it('gives a narrower score interval for lower confidence', () => {
    expect(netScoreBounds(10, 5, 30, 1).lower).toBeGreaterThan(netScoreBounds(10, 5, 30, 2).lower);
  });
});

describe('the change of the net promoter score', () => {
  const before = [...repeated(10, 40), ...repeated(8, 30), ...repeated(3, 30)];
  const after = [...repeated(10, 60), ...repeated(8, 25), ...repeated(3, 15)];

  it('has the variance of both periods', () => {
    const change = npsDifference(before, after);
    expect(change.estimate).toBe(35);
    expect(change.standardError).toBeCloseTo(Math.hypot(netPromoterScore(before).standardError, netPromoterScore(after).standardError), 12);
    expect(change.upper - change.lower).toBeCloseTo(2 * 1.959963984540054 * change.standardError, 9);
    expect(change.changed).toBe(true);
    expect(change.pValue).toBeLessThan(0.01);
  });

  it('is put together from score intervals where a period is small, and says so', () => {
    const change = npsDifference(repeated(10, 5), [...repeated(10, 40), ...repeated(0, 1)]);
    expect(change.reliability.sufficient).toBe(false);
    const [small, large] = [netPromoterScore(repeated(10, 5)), netPromoterScore([...repeated(10, 40), 0])];
    expect(change.upper).toBeCloseTo(
      change.estimate + Math.hypot(large.intervals.score.upper - large.score, small.score - small.intervals.score.lower),
      9,
    );
    expect(change.changed).toBe(false);
    expect(npsDifference([10, 10], [10]).pValue).toBeNull();
  });

  it('adjusts both periods where the adjusted interval is asked for', () => {
    const { lower, upper } = npsDifference(repeated(10, 5), [...repeated(10, 4), ...repeated(0, 2)], { interval: 'adjusted-wald' });
    const margin = 1.959963984540054 * Math.sqrt((6.5 / 8 - (5 / 8) ** 2) / 8 + (7.5 / 9 - (2 / 9) ** 2) / 9);
    expect(lower).toBeCloseTo(100 * (2 / 9 - 5 / 8 - margin), 9);
    expect(upper).toBeCloseTo(100 * (2 / 9 - 5 / 8 + margin), 9);
  });

  it('says which period has the answer that is off the scale', () => {
    expect(() => npsDifference([9], [9, 12])).toThrow('later period: row 2');
    expect(() => npsDifference([], [9])).toThrow('earlier period: no answers');
    expect(() => npsDifference([9], [9], { confidence: 2 })).toThrow(/^confidence 2/);
  });
});

describe('satisfaction', () => {
  it('is the share of the two best answers of five', () => {
    expect(satisfaction([1, 2, 3, 4, 5])).toMatchObject({ share: 0.4, satisfied: 2, n: 5, interval: 'wilson' });
    expect(satisfaction([1, 2, 3, 4, 5], { topBoxes: 1 }).satisfied).toBe(1);
    expect(satisfaction([1, 7, 10], { scale: { lowest: 1, highest: 10 }, topBoxes: 4 }).satisfied).toBe(2);
  });

  it('refuses answers off the scale, scales upside down and top boxes that are all boxes', () => {
    expect(() => satisfaction([5, 0])).toThrow('row 2: the answer 0 is not a whole number from 1 to 5');
    expect(() => satisfaction([1], { scale: { lowest: 5, highest: 1 } })).toThrow('a scale from 5 to 1');
    expect(() => satisfaction([1], { topBoxes: 5 })).toThrow('5 top boxes');
  });

  it('changes by a difference whose interval turns round with the periods', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        (one, other) => {
          const there = satisfactionDifference(one, other);
          const back = satisfactionDifference(other, one);
          expect(there.lower).toBeCloseTo(-back.upper, 12);
          expect(there.lower).toBeLessThanOrEqual(there.estimate);
          expect(there.upper).toBeLessThanOrEqual(1 + 1e-12);
        },
      ),
    );
  });

  it('tests a change by the pooled share', () => {
    const answers = (good: number, bad: number): number[] => [...repeated(5, good), ...repeated(1, bad)];
    const { pValue } = satisfactionDifference(answers(48, 32), answers(56, 14));
    // z = 0.2/√(0.6933·0.3067·(1/70 + 1/80)) = 2.6503
    expect(pValue).toBeCloseTo(0.008042, 5);
    expect(satisfactionDifference(answers(3, 0), answers(4, 0)).pValue).toBeNull();
  });
});

describe('customer effort', () => {
  it('is a mean with Student’s interval', () => {
    const result = effort([5, 6, 7, 4, 6]);
    expect(result.mean).toBeCloseTo(5.6, 12);
    // s = √1.3, t(0.975; 4) = 2.776445
    expect(result.lower).toBeCloseTo(5.6 - (2.7764451 * Math.sqrt(1.3)) / Math.sqrt(5), 6);
    expect(result.easy).toMatchObject({ count: 4, share: 0.8 });
    expect(result.reliability.sufficient).toBe(false);
  });

  it('never reaches beyond its scale', () => {
    expect(effort([7, 7, 7, 4]).upper).toBe(7);
    expect(effort([1, 1, 1, 4]).lower).toBe(1);
  });

  it('counts the low end as easy where it is told to', () => {
    expect(effort([1, 2, 3, 4, 5], { easyEnd: 'low', scale: { lowest: 1, highest: 5 }, topBoxes: 2 }).easy.count).toBe(2);
  });

  it('has no interval for one answer, nor where all are the same', () => {
    expect(effort([6])).toMatchObject({ mean: 6, standardDeviation: null, lower: null, upper: null });
    expect(effort([6, 6, 6])).toMatchObject({ standardError: 0, lower: null, upper: null });
  });

  it('has no test of a change without spread', () => {
    expect(effortDifference([6], [5, 7])).toMatchObject({ estimate: 0, lower: null, pValue: null, changed: null });
    expect(effortDifference([6, 6], [7, 7])).toMatchObject({ estimate: 1, standardError: 0, pValue: null });
    expect(() => effortDifference([6], [8])).toThrow('later period: row 1');
  });
});
