import { judgeNegativeControl, withNegativeControls } from './index.js';
import type { Estimate } from './index.js';

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
});
