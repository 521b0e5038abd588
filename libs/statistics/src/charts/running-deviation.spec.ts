import fc from 'fast-check';
import { noDeviations, plusDeviation, standardDeviationFrom } from './running-deviation.js';

const running = (values: readonly number[]): number => standardDeviationFrom(values.reduce(plusDeviation, noDeviations));

/** Variance of whole numbers, n·Σk² − (Σk)² over n(n − 1), without any rounding before the last. */
function exactVariance(values: readonly bigint[]): number {
  const n = BigInt(values.length);
  const sum = values.reduce((total, value) => total + value, 0n);
  const squares = values.reduce((total, value) => total + value * value, 0n);
  const scale = 10n ** 40n;
  return Number(((n * squares - sum * sum) * scale) / (n * (n - 1n))) / Number(scale);
}

describe('a standard deviation one value at a time', () => {
  it('keeps all digits where the first value lies far from all others, however many follow', () => {
    // 52 bits each, so that every square loses digits, and sums of them as well.
    let state = 1n;
    const whole = Array.from({ length: 60_000 }, (_, index) => {
      if (index === 0) return 0n;
      state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
      return 2n ** 52n + (state >> 24n);
    });
    const { length } = whole;
    for (const n of [length, length / 4]) {
      const ratio = running(whole.slice(0, n).map(Number)) ** 2 / exactVariance(whole.slice(0, n));
      expect(Math.abs(ratio - 1)).toBeLessThan(5e-16 + 4 * 2 ** -52);
    }
  });

  it('is exact to rounding for any whole numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(2 ** 45), max: 2 ** 45 }), { minLength: 2, maxLength: 60 }), (values) => {
        const exact = exactVariance(values.map(BigInt));
        expect(Math.abs(running(values) ** 2 - exact)).toBeLessThanOrEqual(1e-15 * exact);
      }),
    );
  });

  it('is no number for fewer than two values, and 0 where all are equal', () => {
    expect(running([])).toBeNaN();
    expect(running([7])).toBeNaN();
    expect(running([0.1, 0.1, 0.1])).toBe(0);
  });

  it('is right up to where squares run over, and no finite number beyond', () => {
    expect(running([0, 3e150]) / 3e150).toBeCloseTo(Math.SQRT1_2, 15);
    expect(Number.isFinite(running([0, 1e160]))).toBe(false);
  });
});
