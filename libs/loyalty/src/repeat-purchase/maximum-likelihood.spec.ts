import { fitPositive } from './maximum-likelihood.js';
import type { Likelihood } from './maximum-likelihood.js';

const toy = (at: (value: number) => { value: number; slope: number; bend: number }, starts: readonly number[]): Likelihood => ({
  names: ['x'],
  n: 10,
  units: [1],
  starts: starts.map((start) => [start]),
  at: ([x]) => {
    const { value, slope, bend } = at(x);
    return { value, gradient: Float64Array.of(slope), hessian: Float64Array.of(bend) };
  },
  remedy: 'look elsewhere',
});

/** Two hills: a lower one at 1 and a higher one at 5. */
function hills(x: number): { value: number; slope: number; bend: number } {
  const each = [
    { share: 0.3, middle: 1 },
    { share: 0.7, middle: 5 },
  ].map(({ share, middle }) => ({ height: share * Math.exp(-0.5 * ((x - middle) / 0.5) ** 2), pull: -(x - middle) / 0.25 }));
  const height = each.reduce((sum, hill) => sum + hill.height, 0);
  const slope = each.reduce((sum, hill) => sum + (hill.height * hill.pull) / height, 0);
  const square = each.reduce((sum, hill) => sum + (hill.height * (hill.pull ** 2 - 4)) / height, 0);
  return { value: Math.log(height), slope, bend: square - slope * slope };
}

/** One hill in the logarithm, as far out as asked. */
const hillAt =
  (middle: number) =>
  (x: number): { value: number; slope: number; bend: number } => {
    const off = Math.log(x) - middle;
    return { value: -off * off, slope: (-2 * off) / x, bend: (2 * off - 2) / (x * x) };
  };

describe('the maximum over positive parameters', () => {
  it('is the highest that any start led to, and says how many agree', () => {
    for (const starts of [
      [0.9, 5.1, 1.05],
      [5.1, 0.9, 1.05],
    ]) {
      const { estimates, convergence } = fitPositive(toy(hills, starts));
      expect(estimates[0].estimate).toBeCloseTo(5, 9);
      expect(estimates[0].standardError).toBeCloseTo(0.5, 9);
      expect(convergence).toMatchObject({ starts: 3, agreeing: 1 });
    }
  });

  it('is refused a millionfold from where parameters belong', () => {
    expect(Math.log(fitPositive(toy(hillAt(13), [2])).estimates[0].estimate)).toBeCloseTo(13, 9);
    for (const middle of [15, -15])
      expect(() => fitPositive(toy(hillAt(middle), [2]))).toThrow(
        expect.objectContaining({ code: 'NO_CONVERGENCE', message: expect.stringContaining('look elsewhere') as string }),
      );
  });
});
