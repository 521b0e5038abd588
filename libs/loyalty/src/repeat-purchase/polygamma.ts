// Derivatives of ln Γ for x > 0: the recurrence up to 12, then the asymptotic series, Abramowitz and Stegun 6.3.5, 6.3.18, 6.4.6 and 6.4.12.
const LARGE = 12;

/** ψ(x), the first derivative of ln Γ(x); NaN unless x > 0. */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 0;
  let at = x;
  for (; at < LARGE; at += 1) shift += 1 / at;
  const t = 1 / (at * at);
  const series = t * (1 / 12 - t * (1 / 120 - t * (1 / 252 - t * (1 / 240 - t * (1 / 132 - t * (691 / 32760 - t / 12))))));
  return Math.log(at) - 0.5 / at - series - shift;
}

/** ψ′(x), the second derivative of ln Γ(x); NaN unless x > 0. */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 0;
  let at = x;
  for (; at < LARGE; at += 1) shift += 1 / (at * at);
  const t = 1 / (at * at);
  const series = t * (1 / 6 - t * (1 / 30 - t * (1 / 42 - t * (1 / 30 - t * (5 / 66 - t * (691 / 2730 - (t * 7) / 6))))));
  return 1 / at + t / 2 + series / at + shift;
}
