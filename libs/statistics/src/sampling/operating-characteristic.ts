import { StatisticsError } from '../statistics-error.js';
import { assertQuality, countProbabilities, lotSizeOf } from './count-distribution.js';
import type { Quality } from './count-distribution.js';
import type { SamplingPlan, Stage, Stages } from './sampling-plan.js';

/** What happens to lots of one quality under a plan. */
export interface PlanPerformance {
  /** Probability of acceptance. */
  readonly acceptance: number;
  /** Average number of items inspected in a lot, every sample drawn inspected in full. */
  readonly averageSampleNumber: number;
  /** Probability that the lot is accepted at each stage. */
  readonly acceptedAt: readonly number[];
  /** Probability that the lot is rejected at each stage. */
  readonly rejectedAt: readonly number[];
  /** Part of `acceptance` that ends reduced inspection: a count between the numbers of the last stage. */
  readonly acceptedBetweenNumbers: number;
}

/**
 * Acceptance probability and sample number of a plan at one quality, exact for any number of stages.
 * @throws StatisticsError `BAD_OPTION`
 */
export function planPerformance(plan: Stages, quality: Quality): PlanPerformance {
  assertQuality(quality);
  const { stages } = plan;
  const final = stages[stages.length - 1] as Stage;
  if (quality.model === 'hypergeometric' && final.cumulative > lotSizeOf(quality)) {
    throw new StatisticsError('BAD_OPTION', `samples of ${final.cumulative} items cannot be drawn from a lot of ${quality.lotSize}`);
  }
  let undecided = new Float64Array([1]);
  const acceptedAt: number[] = [];
  const rejectedAt: number[] = [];
  let averageSampleNumber = 0;
  let between = 0;
  for (const stage of stages) {
    const before = sum(undecided);
    averageSampleNumber += before * stage.n;
    const counts = countsAfter(undecided, stage, quality);
    const accepting = stage === final ? stage.re - 1 : (stage.ac ?? -1);
    const accepted = sum(counts.subarray(0, accepting + 1));
    if (stage === final) between = sum(counts.subarray((stage.ac ?? -1) + 1));
    undecided = counts.slice();
    undecided.fill(0, 0, accepting + 1);
    acceptedAt.push(accepted);
    rejectedAt.push(Math.max(0, before - accepted - sum(undecided)));
  }
  return { acceptance: Math.min(1, sum(acceptedAt)), averageSampleNumber, acceptedAt, rejectedAt, acceptedBetweenNumbers: between };
}

/** Probability that a lot is accepted. @throws StatisticsError `BAD_OPTION` */
export const acceptanceProbability = (plan: Stages, quality: Quality): number => planPerformance(plan, quality).acceptance;

/** One point of an operating characteristic curve. */
export interface OcPoint {
  readonly p: number;
  readonly acceptance: number;
  readonly averageSampleNumber: number;
}

/**
 * The curve at given qualities. @param ps fractions nonconforming (or nonconformities per unit)
 * @throws StatisticsError `BAD_OPTION`
 */
export function operatingCharacteristic(plan: Stages, ps: readonly number[], quality: Omit<Quality, 'p'>): readonly OcPoint[] {
  return ps.map((p) => {
    const { acceptance, averageSampleNumber } = planPerformance(plan, { ...quality, p });
    return { p, acceptance, averageSampleNumber };
  });
}

/** The model the standards compute their curves with: Poisson for nonconformities and for AQLs above 10, otherwise binomial. */
export const usualModel = (plan: Pick<SamplingPlan, 'measure'>): 'binomial' | 'poisson' =>
  plan.measure === 'nonconformities-per-hundred' ? 'poisson' : 'binomial';

/** Probabilities of each count below the rejection number after a stage. */
function countsAfter(undecided: Float64Array, stage: Stage, quality: Quality): Float64Array {
  const counts = new Float64Array(stage.re);
  const drawn = stage.cumulative - stage.n;
  const same = quality.model === 'hypergeometric' ? null : countProbabilities(quality, stage.n, stage.re - 1);
  for (let found = 0; found < undecided.length && found < stage.re; found += 1) {
    const weight = undecided[found] as number;
    if (weight === 0) continue;
    const probabilities = same ?? countProbabilities(quality, stage.n, stage.re - 1 - found, drawn, found);
    for (let count = found; count < stage.re; count += 1) {
      counts[count] = (counts[count] as number) + weight * (probabilities[count - found] as number);
    }
  }
  return counts;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += values[index] as number;
  return total;
}
