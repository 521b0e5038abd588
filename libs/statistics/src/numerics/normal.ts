const INVERSE_ROOT_TWO_PI = 0.3989422804014327;
/** Where the series would have to cancel too many digits, and the continued fraction converges fast enough. */
const TAIL_FROM = 3;

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * x * x);
}

/**
 * Distribution function Φ of the standard normal distribution; relative error below 1e-12 in the lower tail as well.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11 (series) and 26.2.14 (continued fraction).
 */
export function normalCdf(x: number): number {
  if (x <= -TAIL_FROM) return upperTail(-x);
  if (x >= TAIL_FROM) return 1 - upperTail(x);
  return 0.5 + normalDensity(x) * oddSeries(x);
}

/** x + x³/3 + x⁵/(3·5) + …: all terms of one sign, so nothing cancels within it. */
function oddSeries(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
    term *= square / odd;
    sum += term;
  }
  return sum;
}

/** 1 − Φ(x) for x ≥ 3: φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), evaluated from the far end. */
function upperTail(x: number): number {
  if (x > 39) return 0;
  let fraction = x;
  for (let step = 100; step >= 1; step -= 1) fraction = x + step / fraction;
  return normalDensity(x) / fraction;
}
