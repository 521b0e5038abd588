import { sumOf } from '@touchstone/statistics';
import fc from 'fast-check';
import { MOST_EXACT_FACTORS, shapleyShares } from './index.js';
import type { SetValue } from './index.js';

const named = (count: number): string[] => Array.from({ length: count }, (_, at) => `factor ${at + 1}`);
const sharesOf = (count: number, value: SetValue): number[] => shapleyShares(named(count), value).shares.map(({ share }) => share);
/** A game of up to six factors: a value for each set, none worth 0. */
const games = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 ** count, maxLength: 2 ** count }).map((values) => {
    const game: SetValue = (set) => values[set.reduce((bits, factor) => bits | (1 << factor), 0)];
    return { count, game };
  }),
);

describe('Shapley shares', () => {
  it('are the mean over all orders of what a factor adds', () => {
    // Gloves: one left, two right; a pair is worth 1. The left one adds it in 4 of 6 orders.
    expect(sharesOf(3, (set) => Number(set.includes(0) && set.length > 1))).toEqual([
      expect.closeTo(2 / 3, 15),
      expect.closeTo(1 / 6, 15),
      expect.closeTo(1 / 6, 15),
    ]);
  });

  it('sum to the total to the last bit, which is what all factors achieve beyond none', () => {
    fc.assert(
      fc.property(games, ({ count, game }) => {
        const { shares, total } = shapleyShares(named(count), game);
        expect(sumOf(shares.map(({ share }) => share))).toBe(total);
        expect(Math.abs(total - (game(named(count).map((_, at) => at)) - game([])))).toBeLessThan(1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('sum to exactly what all factors achieve where none takes away what others add', () => {
    const gains = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(gains, (values) => {
        const bits = (set: readonly number[]): number => set.reduce((sum, factor) => sum | (1 << factor), 0);
        // Monotone: a set is worth the sum over its subsets, as R² and explained deviance are.
        const game: SetValue = (set) => sumOf(values.filter((_, subset) => subset !== 0 && (subset & ~bits(set)) === 0));
        expect(sumOf(sharesOf(6, game))).toBe(game([0, 1, 2, 3, 4, 5]));
      }),
    );
  });

  it('add up over games, and scale with them', () => {
    fc.assert(
      fc.property(games, fc.integer({ min: -4, max: 4 }), ({ count, game }, factor) => {
        const other: SetValue = (set) => set.length ** 2;
        const [ours, theirs] = [sharesOf(count, game), sharesOf(count, other)];
        sharesOf(count, (set) => factor * game(set) + other(set)).forEach((share, at) =>
          expect(share).toBeCloseTo(factor * ours[at] + theirs[at], 6),
        );
      }),
    );
  });

  it('are the same for factors that do the same, and 0 for one that does nothing', () => {
    const [one, other, idle] = sharesOf(3, (set) => (set.includes(0) || set.includes(1) ? 1 : 0));
    expect([one, other, idle]).toEqual([0.5, 0.5, 0]);
  });

  it('are each factor’s own where factors only add', () => {
    const own = [0.3, -1, 2.5, 0.125];
    sharesOf(4, (set) => sumOf(set.map((at) => own[at]))).forEach((share, at) => expect(share).toBeCloseTo(own[at], 14));
  });

  it('are exact up to 12 factors, asking for each set once', () => {
    let asked = 0;
    const { method, orders } = shapleyShares(named(MOST_EXACT_FACTORS), (set) => {
      asked += 1;
      return set.length;
    });
    expect({ asked, method, orders }).toEqual({ asked: 2 ** 12, method: 'exact', orders: 0 });
  });

  describe('of more than 12 factors', () => {
    const costs = Array.from({ length: 15 }, (_, at) => at + 1);
    const runway: SetValue = (set) => Math.max(0, ...set.map((at) => costs[at]));
    const exact = costs.map((_, at) => sumOf(costs.slice(0, at + 1).map((__, piece) => 1 / (15 - piece))));
    const sampled = shapleyShares(named(15), runway, { seed: 1 });

    it('are sampled, with the error of the sampling', () => {
      expect(sampled).toMatchObject({ method: 'sampled', orders: 2000 });
      sampled.shares.forEach(({ share, standardError }, at) => {
        expect(standardError).toBeGreaterThan(0);
        expect(Math.abs(share - exact[at])).toBeLessThan(4 * standardError);
      });
    });

    it('still sum to the total to the last bit', () => {
      expect(sumOf(sampled.shares.map(({ share }) => share))).toBe(15);
    });

    it('follow from the seed', () => {
      expect(shapleyShares(named(15), runway, { seed: 1 })).toEqual(sampled);
      expect(shapleyShares(named(15), runway, { seed: 2 })).not.toEqual(sampled);
    });

    it('get closer with more orders', () => {
      const more = shapleyShares(named(15), runway, { seed: 1, orders: 8000 });
      more.shares.forEach(({ standardError }, at) => expect(standardError / sampled.shares[at].standardError).toBeCloseTo(0.5, 0));
    });

    it('need a seed and an even number of orders', () => {
      const refused = expect.objectContaining({ code: 'BAD_OPTION' });
      expect(() => shapleyShares(named(15), runway)).toThrow(/give a seed/);
      expect(() => shapleyShares(named(15), runway, { seed: 1, orders: 5 })).toThrow(refused);
    });
  });

  it('are refused without factors, with a name twice, and for a set without a finite value', () => {
    const refused = expect.objectContaining({ code: 'BAD_OPTION' });
    expect(() => shapleyShares([], () => 0)).toThrow(refused);
    expect(() => shapleyShares(['late', 'late'], () => 0)).toThrow(refused);
    expect(() => shapleyShares(named(53), () => 0, { seed: 1 })).toThrow(refused);
    expect(() => shapleyShares(['late'], () => NaN)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });
});
