import { eventStudy, exposureHazard, judgeNegativeControl, simulateHistories, simulatePanel, withNegativeControls } from './index.js';
import type { AccountHistory, Estimate } from './index.js';

const difference = (estimate: number, half: number): Estimate => ({
  estimate,
  standardError: half / 1.96,
  lower: estimate - half,
  upper: estimate + half,
  pValue: 0.5,
  scale: 'difference',
  confidence: 0.95,
});
const ratio = (estimate: number, lower: number, upper: number): Estimate => ({
  estimate,
  standardError: 0.1,
  lower,
  upper,
  pValue: 0.5,
  scale: 'ratio',
  confidence: 0.95,
});

describe('a negative control', () => {
  it('is clear when it finds nothing and could have found an effect as large as the claim', () => {
    expect(judgeNegativeControl('orders before', 'outcome', difference(0.2, 0.05), difference(0.01, 0.05)).verdict).toBe('clear');
  });

  it('is suspicious when it finds an effect where there can be none, in either direction', () => {
    expect(judgeNegativeControl('orders before', 'outcome', difference(0.2, 0.05), difference(0.1, 0.05)).verdict).toBe('suspicious');
    expect(judgeNegativeControl('orders before', 'outcome', difference(0.2, 0.05), difference(-0.1, 0.05)).verdict).toBe('suspicious');
    expect(judgeNegativeControl('held lot', 'exposure', ratio(2, 1.5, 2.7), ratio(1.4, 1.1, 1.8)).verdict).toBe('suspicious');
  });

  it('is inconclusive when it is too imprecise to have found the claim', () => {
    expect(judgeNegativeControl('orders before', 'outcome', difference(0.2, 0.05), difference(0.1, 0.3)).verdict).toBe('inconclusive');
  });

  it('measures ratios against 1, not 0', () => {
    expect(judgeNegativeControl('held lot', 'exposure', ratio(2, 1.5, 2.7), ratio(1, 0.8, 1.25)).verdict).toBe('clear');
  });

  it('runs the same estimator on the claim and on every control', () => {
    const seen: number[] = [];
    const { claim, controls, suspicious } = withNegativeControls(
      (shift: number) => {
        seen.push(shift);
        return difference(shift, 0.05);
      },
      0.2,
      [
        { name: 'quiet', kind: 'outcome', data: 0 },
        { name: 'loud', kind: 'exposure', data: 0.3 },
      ],
    );
    expect(seen).toEqual([0.2, 0, 0.3]);
    expect(claim.estimate).toBe(0.2);
    expect(controls.map(({ verdict }) => verdict)).toEqual(['clear', 'suspicious']);
    expect(suspicious).toBe(true);
  });

  it('shows nothing to the hazard model for failures that reached somebody else', () => {
    const { histories } = simulateHistories(51, { accounts: 2000, hazardRatio: 2, confounding: 0 });
    const others = histories.map((history, at): AccountHistory => {
      const other = histories[(at + 1) % histories.length];
      return { ...history, exposedAtDays: other.exposedAtDays.map((day) => day - other.startDays + history.startDays) };
    });
    const { controls } = withNegativeControls((these: readonly AccountHistory[]) => exposureHazard(these).hazardRatio, histories, [
      { name: 'failures of another account', kind: 'exposure', data: others },
    ]);
    expect(controls).toMatchObject([{ verdict: 'clear' }]);
  });

  it('shows nothing to the event study for an outcome the failure left alone, but does for one that was drifting', () => {
    const affected = simulatePanel(52, { accounts: 600, effect: -1 });
    const control = (drift: number) =>
      withNegativeControls((panel: typeof affected) => eventStudy(panel).effect, affected, [
        { name: 'visits to the forum', kind: 'outcome', data: simulatePanel(53, { accounts: 600, drift }) },
      ]);
    expect(control(0)).toMatchObject({ suspicious: false, controls: [{ verdict: 'clear' }] });
    expect(control(-0.3)).toMatchObject({ suspicious: true });
  });
});
