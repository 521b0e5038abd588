import { StatisticsError } from '../statistics-error.js';
import type { CountModel } from './count-distribution.js';
import { acceptanceProbability } from './operating-characteristic.js';
import { planRisks } from './quality-levels.js';
import type { PlanRisks } from './quality-levels.js';
import { customPlan } from './sampling-plan.js';
import type { Stages } from './sampling-plan.js';

/** Two points the operating characteristic must pass: good lots nearly always accepted, bad ones nearly never. */
export interface TwoPointRequest {
  /** Quality to be accepted (AQL), a fraction; nonconformities per unit with the Poisson model. */
  readonly producerP: number;
  /** Producer's risk α: largest probability of rejecting it. */
  readonly alpha: number;
  /** Quality to be rejected (LTPD, RQL), above `producerP`. */
  readonly consumerP: number;
  /** Consumer's risk β: largest probability of accepting it. */
  readonly beta: number;
  /** Default binomial. */
  readonly model?: CountModel;
  /** Needed by the hypergeometric model. */
  readonly lotSize?: number;
}

export interface TwoPointPlan extends Stages {
  readonly n: number;
  readonly ac: number;
  readonly re: number;
  readonly model: CountModel;
  /** The risks actually run, at most those asked for. */
  readonly risks: PlanRisks;
}

const LARGEST_SAMPLE = 1_000_000;
const LARGEST_ACCEPTANCE_NUMBER = 5000;

/**
 * The smallest single sampling plan that keeps both risks: for each acceptance number c the smallest n with Pa(LTPD) ≤ β,
 * and the first c whose plan has Pa(AQL) ≥ 1 − α (W. C. Guenther, Use of the Binomial, Hypergeometric and Poisson Tables to
 * Obtain Sampling Plans, Journal of Quality Technology 1, 1969).
 *
 * @throws StatisticsError `BAD_OPTION` for points no plan can pass; `NO_CONVERGENCE` for points so close that samples would exceed a million items
 */
export function twoPointPlan(request: TwoPointRequest): TwoPointPlan {
  assertRequest(request);
  const { model = 'binomial', lotSize } = request;
  const quality = lotSize === undefined ? { model } : { model, lotSize };
  const largest = model === 'hypergeometric' ? (lotSize ?? 0) : LARGEST_SAMPLE;
  const accepted = (n: number, ac: number, p: number): number =>
    acceptanceProbability(customPlan([{ n, ac, re: ac + 1 }]), { ...quality, p });
  let least = 1;
  for (let ac = 0; ac <= Math.min(LARGEST_ACCEPTANCE_NUMBER, largest - 1); ac += 1) {
    const n = smallestSample(least, largest, (size) => accepted(size, ac, request.consumerP) <= request.beta);
    if (n === null) break;
    least = n;
    if (accepted(n, ac, request.producerP) < 1 - request.alpha) continue;
    const plan = customPlan([{ n, ac, re: ac + 1 }]);
    return { n, ac, re: ac + 1, model, ...plan, risks: planRisks(plan, request, quality) };
  }
  throw new StatisticsError(
    model === 'hypergeometric' ? 'BAD_OPTION' : 'NO_CONVERGENCE',
    'no sample keeps both risks; allow larger risks or qualities further apart',
  );
}

/** Doubles until the condition holds, then halves the gap: acceptance falls with the sample size. */
function smallestSample(from: number, largest: number, holds: (n: number) => boolean): number | null {
  let high = from;
  while (high < largest && !holds(high)) high = Math.min(largest, high * 2);
  if (!holds(high)) return null;
  let low = from - 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function assertRequest({ producerP, consumerP, alpha, beta, model }: TwoPointRequest): void {
  if (!(alpha > 0 && alpha < 1 && beta > 0 && beta < 1 && alpha + beta < 1)) {
    throw new StatisticsError('BAD_OPTION', `risks of ${alpha} and ${beta} are no plan's: each lies between 0 and 1, their sum below 1`);
  }
  if (producerP > 0 && consumerP > producerP && (consumerP < 1 || model === 'poisson')) return;
  throw new StatisticsError(
    'BAD_OPTION',
    `the quality to reject (${consumerP}) must be worse than the quality to accept (${producerP}), both fractions`,
  );
}
