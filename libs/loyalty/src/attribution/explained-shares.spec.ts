import { sumOf } from '@touchstone/statistics';
import { churnDifferenceShares, devianceShares, rSquaredShares } from './index.js';
import type { Covariate } from './index.js';
import { logisticFit } from './logistic.js';
import { randomFrom } from './random.js';

/** Accounts with two failures, one of which a third copies half of the time; churn follows the first two. */
const made = (() => {
  const random = randomFrom(41);
  const rows = Array.from({ length: 2000 }, () => {
    const badLot = Number(random.bernoulli(0.3));
    const late = Number(random.bernoulli(0.4));
    const echo = random.bernoulli(0.5) ? late : Number(random.bernoulli(0.4));
    const large = Number(random.bernoulli(0.5));
    const churned = Number(random.bernoulli(0.1 + 0.2 * badLot + 0.1 * late + 0.05 * large));
    return { badLot, late, echo, large, churned };
  });
  return {
    churned: rows.map(({ churned }) => churned),
    factors: [
      { name: 'bad lot', values: rows.map(({ badLot }) => badLot) },
      { name: 'late', values: rows.map(({ late }) => late) },
      { name: 'echo', values: rows.map(({ echo }) => echo) },
    ],
    large: rows.map(({ large }) => large),
  };
})();
const large: Covariate = { name: 'large', role: 'confounder', measured: 'before-exposure', values: made.large };

describe('shares of R²', () => {
  it('are the squared correlations where factors are uncorrelated', () => {
    const [one, other] = [
      [1, 1, -1, -1],
      [1, -1, 1, -1],
    ];
    const { shares, total } = rSquaredShares(
      [5, 1, 1, 1],
      [
        { name: 'one', values: one },
        { name: 'other', values: other },
      ],
    );
    expect(shares.map(({ share }) => share)).toEqual([expect.closeTo(1 / 3, 14), expect.closeTo(1 / 3, 14)]);
    expect(total).toBeCloseTo(2 / 3, 14);
  });

  it('do not depend on units', () => {
    const plain = rSquaredShares(made.churned, made.factors);
    const other = rSquaredShares(
      made.churned.map((value) => 1000 * value + 3),
      made.factors.map(({ name, values }, at) => ({ name, values: values.map((value) => value * 10 ** (3 * at) - 7) })),
    );
    other.shares.forEach(({ share }, at) => expect(share).toBeCloseTo(plain.shares[at].share, 12));
  });

  it('leave to covariates what they explain', () => {
    const { total } = rSquaredShares(made.churned, made.factors, { covariates: [large] });
    const whole = rSquaredShares(made.churned, [...made.factors, { name: 'large', values: made.large }]).total;
    const alone = rSquaredShares(made.churned, [{ name: 'large', values: made.large }]).total;
    expect(total).toBeCloseTo(whole - alone, 12);
  });

  it('are refused for collinear or constant factors, too few accounts, a name twice', () => {
    const bad = expect.objectContaining({ code: 'BAD_DATA' });
    const late = made.factors[1];
    expect(() => rSquaredShares(made.churned, [late, { name: 'the same', values: late.values.map((value) => 2 * value + 1) }])).toThrow(
      bad,
    );
    expect(() => rSquaredShares(made.churned, [{ name: 'always', values: made.churned.map(() => 1) }])).toThrow(bad);
    expect(() => rSquaredShares([1, 2], [{ name: 'late', values: [0, 1] }])).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
    expect(() => rSquaredShares(made.churned, [{ name: 'large', values: late.values }], { covariates: [large] })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
    expect(() => rSquaredShares([1, 2, 3, NaN], [{ name: 'late', values: [0, 1, 1, 0] }])).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE' }),
    );
  });
});

describe('shares of deviance', () => {
  it('sum to what the whole model takes off the deviance', () => {
    const { shares, total } = devianceShares(made.churned, made.factors);
    const none = logisticFit(made.churned, []).deviance;
    const all = logisticFit(
      made.churned,
      made.factors.map(({ values }) => values),
    ).deviance;
    expect(total).toBeCloseTo(none - all, 8);
    expect(sumOf(shares.map(({ share }) => share))).toBe(total);
    expect(shares[0].share).toBeGreaterThan(shares[1].share);
    expect(shares[1].share).toBeGreaterThan(shares[2].share);
  });

  it('of one factor with one level each are the likelihood-ratio statistic of the two-by-two table', () => {
    const table = [30, 70, 10, 90];
    const [outcome, exposed] = [0, 1].map((which) =>
      table.flatMap((count, cell) => Array<number>(count).fill(which === 0 ? 1 - (cell % 2) : Number(cell < 2))),
    );
    const cells = [
      [30, 100, 40],
      [70, 100, 160],
      [10, 100, 40],
      [90, 100, 160],
    ];
    const g = 2 * sumOf(cells.map(([count, row, column]) => count * Math.log((count * 200) / (row * column))));
    expect(devianceShares(outcome, [{ name: 'exposed', values: exposed }]).total).toBeCloseTo(g, 9);
  });

  it('are refused with fewer than ten accounts of the rarer outcome a coefficient', () => {
    const few = made.churned.map((_, at) => Number(at < 29));
    expect(() => devianceShares(few, made.factors)).toThrow(/29 accounts of the rarer outcome for 3 coefficients, at least 30/);
  });
});

describe('shares of the churn that failures explain', () => {
  const { shares, total, observed, without } = churnDifferenceShares(made.churned, made.factors, { covariates: [large] });

  it('sum to observed churn less churn without the failures', () => {
    expect(observed).toBeCloseTo(sumOf(made.churned) / 2000, 14);
    expect(total).toBeCloseTo(observed - without, 12);
    expect(sumOf(shares.map(({ share }) => share))).toBe(total);
  });

  it('go to those that caused it: six points to bad lots, four to lateness, none to its echo', () => {
    expect(shares.map(({ factor }) => factor)).toEqual(['bad lot', 'late', 'echo']);
    expect(shares[0].share).toBeCloseTo(0.3 * 0.2, 1.5);
    expect(Math.abs(shares[1].share - 0.4 * 0.1)).toBeLessThan(0.02);
    expect(Math.abs(shares[2].share)).toBeLessThan(0.02);
  });

  it('are refused for failures that separate the churned perfectly', () => {
    expect(() => churnDifferenceShares(made.churned, [{ name: 'hindsight', values: made.churned }])).toThrow(
      expect.objectContaining({ code: 'NO_CONVERGENCE' }),
    );
  });
});
