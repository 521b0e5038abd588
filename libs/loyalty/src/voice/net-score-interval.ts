import type { Bounds } from './proportions.js';

const HALVINGS = 80;

/**
 * Score interval of p − d from the counts of a trinomial: all differences at which (p̂ − d̂ − Δ)/√Var, with the variance at the most likely
 * proportions that have this difference, stays within ±z (T. Tango, Statistics in Medicine 17 (1998) 891, equations 5 to 8).
 */
export function netScoreBounds(promoters: number, detractors: number, n: number, z: number): Bounds {
  const estimate = (promoters - detractors) / n;
  const within = (delta: number): boolean => {
    const variance = n * (2 * likeliestDetractors(promoters, detractors, n, delta) + delta * (1 - delta));
    return (promoters - detractors - n * delta) ** 2 <= z * z * variance;
  };
  const edge = (outside: number): number => {
    let [far, near] = [outside, estimate];
    for (let step = 0; step < HALVINGS; step += 1) {
      const middle = (far + near) / 2;
      if (within(middle)) near = middle;
      else far = middle;
    }
    return near;
  };
  return { lower: promoters - detractors === -n ? -1 : edge(-1), upper: promoters - detractors === n ? 1 : edge(1) };
}

/** Share of detractors that is most likely where promoters less detractors is `delta`. */
export function likeliestDetractors(promoters: number, detractors: number, n: number, delta: number): number {
  const a = 2 * n;
  const b = -promoters - detractors + (2 * n - promoters + detractors) * delta;
  const c = -detractors * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  const share = b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a);
  return Math.min((1 - delta) / 2, Math.max(0, -delta, share));
}
