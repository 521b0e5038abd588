import { StatisticsError } from '@touchstone/statistics';
import type { Surface } from '@touchstone/statistics/newton';

/** What holds each coordinate. */
export interface Restraint {
  /** Weight of |θ|: 0 for none. */
  readonly l1: number;
  /** 1: θ ≥ 0; −1: θ ≤ 0; 0: free. */
  readonly sign: -1 | 0 | 1;
}

const SWEEPS = 20_000;
const ITERATIONS = 200;

/**
 * Maximum of a concave function less Σ l1·|θ| under sign constraints. Each step maximises the quadratic approximation by
 * cyclic coordinate descent, where soft thresholding and projection are exact, and is halved until it improves
 * (proximal Newton: J. D. Lee, Y. Sun, M. A. Saunders, SIAM J. Optim. 24 (2014); J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33 (2010)).
 * @throws StatisticsError `NO_CONVERGENCE`
 */
export function maximiseRestrained(
  surfaceAt: (theta: readonly number[]) => Surface,
  start: readonly number[],
  restraints: readonly Restraint[],
): { readonly at: readonly number[]; readonly iterations: number } {
  const penalty = (theta: readonly number[]): number =>
    theta.reduce((sum, value, index) => sum + restraints[index].l1 * Math.abs(value), 0);
  let at = [...start];
  let here = surfaceAt(at);
  for (let iterations = 1; iterations <= ITERATIONS; iterations += 1) {
    const { target, gain } = quadraticMaximum(here, at, restraints);
    if (gain <= 1e-10) return { at: target, iterations };
    const objective = here.value - penalty(at);
    let improved = false;
    for (let fraction = 1; fraction > 1e-10 && !improved; fraction /= 2) {
      const tried = at.map((value, index) => (fraction === 1 ? target[index] : value + fraction * (target[index] - value)));
      const there = surfaceAt(tried);
      if (there.value - penalty(tried) > objective) {
        at = tried;
        here = there;
        improved = true;
      }
    }
    if (!improved) {
      if (gain <= 1e-8 * (1 + Math.abs(objective))) return { at, iterations };
      throw new StatisticsError(
        'NO_CONVERGENCE',
        'no step improves the likelihood; columns may be collinear, a penalty (l2) decides between them',
      );
    }
  }
  throw new StatisticsError(
    'NO_CONVERGENCE',
    'an estimate may run to infinity: a column separates the outcomes; a penalty (l2) keeps it finite',
  );
}

function quadraticMaximum(here: Surface, at: readonly number[], restraints: readonly Restraint[]): { target: number[]; gain: number } {
  const size = at.length;
  const curvature = here.information.to2DArray();
  const target = [...at];
  const slope = [...here.gradient];
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let largest = 0;
    for (let index = 0; index < size; index += 1) {
      const { l1, sign } = restraints[index];
      const own = curvature[index][index];
      if (own <= 0) throw new StatisticsError('NO_CONVERGENCE', 'the likelihood has no curvature to climb by; a column may be constant');
      const moved = held(own * target[index] + slope[index], l1, sign) / own;
      const change = moved - target[index];
      if (change === 0) continue;
      target[index] = moved;
      for (let other = 0; other < size; other += 1) slope[other] -= change * curvature[other][index];
      largest = Math.max(largest, change * change * own);
    }
    if (largest <= 1e-24) break;
  }
  let gain = 0;
  for (let index = 0; index < size; index += 1) {
    // After the sweeps slope = gradient − H·d, so d·(gradient + slope)/2 = d·gradient − d·H·d/2.
    gain += ((target[index] - at[index]) * (here.gradient[index] + slope[index])) / 2;
    gain -= restraints[index].l1 * (Math.abs(target[index]) - Math.abs(at[index]));
  }
  return { target, gain };
}

/** Soft thresholding by l1, then projection on the allowed sign. */
function held(pull: number, l1: number, sign: -1 | 0 | 1): number {
  const shrunk = pull > l1 ? pull - l1 : pull < -l1 ? pull + l1 : 0;
  return shrunk * sign < 0 ? 0 : shrunk;
}
