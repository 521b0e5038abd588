import { Matrix, solve } from 'ml-matrix';
import { differenceInDifferences, eventStudy, simulatePanel } from './index.js';
import type { PanelColumns } from './index.js';

const smallest = { accountsPerArm: 1 };

interface Row {
  readonly account: string;
  readonly period: number;
  readonly exposedFrom: number | null;
  readonly outcome: number;
}
const columnsOf = (rows: readonly Row[]): PanelColumns => ({
  account: rows.map(({ account }) => account),
  period: rows.map(({ period }) => period),
  exposedFrom: rows.map(({ exposedFrom }) => exposedFrom),
  outcome: rows.map(({ outcome }) => outcome),
});
const rowsOf = ({ account, period, exposedFrom, outcome }: PanelColumns): Row[] =>
  Array.from(account, (name, at) => ({ account: String(name), period: period[at], exposedFrom: exposedFrom[at], outcome: outcome[at] }));

/** The same coefficients by brute force: a dummy for every account, every period but the first, and every event time. */
function byDummies(rows: readonly Row[], leads: number, lags: number): number[] {
  const accounts = [...new Set(rows.map(({ account }) => account))];
  const periods = [...new Set(rows.map(({ period }) => period))].sort((one, other) => one - other).slice(1);
  const events = Array.from({ length: leads + lags + 1 }, (_, at) => at - leads).filter((event) => event !== -1);
  const design = rows.map(({ account, period, exposedFrom }) => {
    const event = exposedFrom === null ? null : Math.min(lags, Math.max(-leads, period - exposedFrom));
    return [
      ...events.map((at) => Number(at === event)),
      ...accounts.map((at) => Number(at === account)),
      ...periods.map((at) => Number(at === period)),
    ];
  });
  const x = new Matrix(design);
  const y = Matrix.columnVector(rows.map(({ outcome }) => outcome));
  return solve(x.transpose().mmul(x), x.transpose().mmul(y)).to1DArray().slice(0, events.length);
}

describe('an event study', () => {
  it('has the coefficients of a regression with all dummies, also where rows are missing', () => {
    const rows = rowsOf(simulatePanel(21, { accounts: 24, effect: -1, cohorts: 3 })).filter((_, at) => at % 7 !== 3);
    const { effects } = eventStudy(columnsOf(rows), { leads: 3, lags: 3, minimums: smallest });
    const expected = byDummies(rows, 3, 3);
    expect(effects.map(({ event }) => event)).toEqual([-3, -2, 0, 1, 2, 3]);
    effects.forEach(({ estimate }, at) => expect(estimate).toBeCloseTo(expected[at], 9));
  });

  it('is the difference of two differences where there are two periods', () => {
    const panel = simulatePanel(22, { accounts: 120, periods: 2, effect: -0.7 });
    const { effect, preTrend } = eventStudy(panel, { leads: 1, lags: 0 });
    const simple = differenceInDifferences({
      ...panel,
      after: Array.from(panel.period),
      exposed: Array.from(panel.exposedFrom, (from) => from !== null),
    });
    expect(effect.estimate).toBeCloseTo(simple.effect.estimate, 12);
    // The cluster-robust error divides by G − 1 and N − K what the two-sample error divides by each arm's n − 1: close, not equal.
    expect(effect.standardError / simple.effect.standardError).toBeCloseTo(1, 1);
    expect(preTrend).toBeNull();
  });

  it('does not see what an account or a period has all along', () => {
    const panel = simulatePanel(23, { effect: -0.5 });
    const shifted = {
      ...panel,
      outcome: Array.from(panel.outcome, (outcome, at) => outcome + 100 * Number(panel.account[at]) - 40 * panel.period[at]),
    };
    const [ours, theirs] = [eventStudy(panel), eventStudy(shifted)];
    ours.effects.forEach(({ estimate, standardError }, at) => {
      expect(theirs.effects[at].estimate).toBeCloseTo(estimate, 8);
      expect(theirs.effects[at].standardError).toBeCloseTo(standardError, 8);
    });
  });

  it('averages the periods from exposure on, counting each the same', () => {
    const { effect, effects } = eventStudy(simulatePanel(24, { effect: -0.5 }), { leads: 3, lags: 2 });
    const after = effects.filter(({ event }) => event >= 0);
    expect(after.map(({ event }) => event)).toEqual([0, 1, 2]);
    expect(effect.estimate).toBeCloseTo(after.reduce((sum, { estimate }) => sum + estimate, 0) / 3, 12);
    expect(after.map(({ n }) => n)).toEqual([80, 80, 160]);
  });

  it('finds the effect of its world and no trend before it', () => {
    const { effect, preTrend, exposedAccounts, unexposedAccounts, periods, observations, cohorts, warnings } = eventStudy(
      simulatePanel(25, { accounts: 600, effect: -0.5 }),
    );
    expect(effect.lower).toBeLessThan(-0.5);
    expect(effect.upper).toBeGreaterThan(-0.5);
    expect(effect.upper).toBeLessThan(0);
    expect(preTrend).toMatchObject({ df1: 3, df2: 599, suspicious: false });
    expect({ exposedAccounts, unexposedAccounts, periods, observations, cohorts, warnings }).toEqual({
      exposedAccounts: 300,
      unexposedAccounts: 300,
      periods: 8,
      observations: 4800,
      cohorts: 1,
      warnings: [],
    });
  });

  it('shows in its leads that exposed accounts were drifting away before', () => {
    const { effect, preTrend } = eventStudy(simulatePanel(26, { accounts: 600, drift: -0.3 }));
    expect(effect.upper).toBeLessThan(0);
    expect(preTrend?.suspicious).toBe(true);
    expect(preTrend?.pValue).toBeLessThan(1e-6);
  });

  it('warns that cohorts are mixed', () => {
    expect(eventStudy(simulatePanel(27, { cohorts: 2 }))).toMatchObject({ cohorts: 2, warnings: [expect.stringContaining('mix cohorts')] });
  });

  it('is refused with fewer than 50 accounts in an arm, nobody unexposed, or nothing after exposure', () => {
    const tooFew = (message: RegExp) => expect.objectContaining({ code: 'TOO_FEW_POINTS', message: expect.stringMatching(message) });
    const panel = simulatePanel(28);
    const everybody = rowsOf(panel).filter(({ exposedFrom }) => exposedFrom !== null);
    expect(() => eventStudy(simulatePanel(28, { accounts: 98 }))).toThrow(tooFew(/49 exposed accounts, at least 50/));
    expect(() => eventStudy(columnsOf(everybody))).toThrow(tooFew(/0 accounts that were never exposed/));
    expect(() => eventStudy(columnsOf(rowsOf(panel).filter(({ period }) => period < 4)))).toThrow(tooFew(/after its exposure/));
  });

  it('is refused for rows that contradict each other', () => {
    const rows = rowsOf(simulatePanel(29));
    const bad = (message: RegExp) => expect.objectContaining({ code: 'BAD_DATA', message: expect.stringMatching(message) });
    expect(() => eventStudy(columnsOf([...rows, rows[0]]))).toThrow(bad(/account 0 has period 0 twice/));
    expect(() => eventStudy(columnsOf([...rows, { ...rows[0], period: 8, exposedFrom: 2 }]))).toThrow(bad(/two periods of first exposure/));
    expect(() => eventStudy(columnsOf([...rows, { ...rows[0], period: 8.5 }]))).toThrow(bad(/whole numbers/));
    expect(() => eventStudy(columnsOf([...rows, { ...rows[0], period: 8, outcome: NaN }]))).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE' }),
    );
    expect(() => eventStudy(columnsOf(rows), { leads: 0 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
