import { differenceInDifferences } from './index.js';
import type { BeforeAfterColumns } from './index.js';

const smallest = { accountsPerArm: 1 };

/** Accounts as [exposed, orders before, orders after]. */
const accounts = (...these: readonly (readonly [number, readonly number[], readonly number[]])[]): BeforeAfterColumns => {
  const rows = these.flatMap(([exposed, before, after], account) => [
    ...before.map((outcome) => ({ account, exposed, after: 0, outcome })),
    ...after.map((outcome) => ({ account, exposed, after: 1, outcome })),
  ]);
  return {
    account: rows.map(({ account }) => account),
    exposed: rows.map(({ exposed }) => exposed),
    after: rows.map(({ after }) => after),
    outcome: rows.map(({ outcome }) => outcome),
  };
};

describe('differences in differences', () => {
  it('are the mean change of exposed accounts less that of the others, with Welch’s error of two means', () => {
    // Changes −3, −1 (mean −2, variance 2) against 1, 1, 4 (mean 2, variance 3).
    const { effect, exposed, unexposed, df } = differenceInDifferences(
      accounts([1, [5], [2]], [1, [3], [2]], [0, [1], [2]], [0, [2], [3]], [0, [0], [4]]),
      { minimums: smallest },
    );
    expect(effect.estimate).toBe(-4);
    expect(effect.standardError).toBeCloseTo(Math.sqrt(2 / 2 + 3 / 3), 14);
    expect(df).toBeCloseTo(2 ** 2 / (1 / 1 + 1 / 2), 12);
    expect(exposed).toEqual({ accounts: 2, before: 4, after: 2, change: -2 });
    expect(unexposed).toEqual({ accounts: 3, before: 1, after: 3, change: 2 });
  });

  it('count an account once, however many occasions it has', () => {
    const once = accounts([1, [4], [2]], [1, [3], [2]], [0, [1], [2]], [0, [2], [2]]);
    const often = accounts([1, [3, 5, 4], [1, 3]], [1, [3, 3], [2, 2, 2, 2]], [0, [0, 2], [2]], [0, [2], [1, 3]]);
    expect(differenceInDifferences(often, { minimums: smallest })).toEqual(differenceInDifferences(once, { minimums: smallest }));
  });

  it('leave out and count accounts seen on one side only', () => {
    const { incomplete, exposed } = differenceInDifferences(
      accounts([1, [5], [2]], [1, [3], [2]], [0, [1], [2]], [0, [2], [3]], [1, [9], []], [0, [], [9]]),
      { minimums: smallest },
    );
    expect(incomplete).toBe(2);
    expect(exposed.accounts).toBe(2);
  });

  it('are refused below the minimum of accounts in an arm, which counts only complete ones', () => {
    const fifty = Array.from({ length: 50 }, (_, at) => [0, [at], [at + 1]] as const);
    const many = [...fifty, ...fifty.slice(1).map(([, before, after]) => [1, before, after] as const)];
    expect(() => differenceInDifferences(accounts(...many, [1, [1], []]))).toThrow(
      /49 exposed accounts seen before and after, at least 50/,
    );
    expect(() => differenceInDifferences(accounts([1, [1], [2]], [0, [1], [2]]), { minimums: smallest })).toThrow(
      /two accounts in each arm/,
    );
  });

  it('are refused for an account that changes arms, or a value that is none', () => {
    const rows = accounts([1, [5], [2]], [0, [1], [2]]);
    expect(() => differenceInDifferences({ ...rows, exposed: [1, 0, 0, 0] })).toThrow(/account 0 is exposed in one row and not in another/);
    expect(() => differenceInDifferences({ ...rows, outcome: [1, 2, 3, Infinity] })).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE' }),
    );
    expect(() => differenceInDifferences({ ...rows, after: [0, 1, 0, 2] })).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
  });
});
