import pow from '@stdlib/math-base-special-pow';

/**
 * x to the y, with the same bits on every JavaScript engine. `Math.pow` and `**` have none: V8 answers otherwise in Node 20 than
 * in Node 24, while its exp, log and the rest agree. Lint refuses them in pure code but for squares and powers of two.
 */
export const power = (x: number, y: number): number => pow(x, y);

/** x to the n for whole n from 0, by repeated squaring: n rounding errors at most, and fast where it is asked a million times. */
export function wholePower(x: number, n: number): number {
  let result = 1;
  for (let [base, rest] = [x, n]; rest > 0; rest = Math.floor(rest / 2), base *= base) if (rest % 2 === 1) result *= base;
  return result;
}
