import { StatisticsError } from '../statistics-error.js';
import type { Quality } from './count-distribution.js';
import { planPerformance } from './operating-characteristic.js';
import { qualityAt } from './quality-levels.js';
import type { Stages } from './sampling-plan.js';

/** Rectifying inspection: rejected lots are screened completely, nonconforming items found are replaced by good ones. */
export interface OutgoingQuality {
  readonly p: number;
  /** Average outgoing quality: fraction nonconforming after inspection. */
  readonly averageOutgoingQuality: number;
  /** Average total inspection: items inspected in a lot, screening included. */
  readonly averageTotalInspection: number;
}

export interface OutgoingQualityLimit {
  /** The worst average outgoing quality, whatever comes in. */
  readonly limit: number;
  /** The incoming quality at which it occurs. */
  readonly p: number;
}

/**
 * AOQ and ATI at an incoming quality: a lot of N accepted after n items keeps the nonconforming ones among the other N − n,
 * AOQ = Σ Pa(stage)·p·(N − n(stage))/N; a rejected lot is inspected whole, ATI = Σ Pa(stage)·n(stage) + (1 − Pa)·N.
 * Montgomery, Introduction to Statistical Quality Control, sections 15.2.2 and 15.2.3. For a process without lots (N = Infinity)
 * AOQ = Pa·p, and ATI is infinite unless every lot is accepted.
 *
 * @throws StatisticsError `BAD_OPTION`
 */
export function outgoingQuality(plan: Stages, lotSize: number, quality: Quality): OutgoingQuality {
  assertLot(plan, lotSize);
  const { acceptedAt, acceptance } = planPerformance(plan, quality);
  let kept = 0;
  let inspected = 0;
  plan.stages.forEach(({ cumulative }, index) => {
    const accepted = acceptedAt[index] as number;
    kept += accepted * (lotSize === Infinity ? 1 : (lotSize - cumulative) / lotSize);
    inspected += accepted * cumulative;
  });
  const rejected = Math.max(0, 1 - acceptance);
  const averageTotalInspection = inspected + (rejected === 0 ? 0 : rejected * lotSize);
  return { p: quality.p, averageOutgoingQuality: quality.p * kept, averageTotalInspection };
}

const GRID = 200;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const NARROWINGS = 60;

/**
 * AOQL: the largest average outgoing quality over all incoming qualities (tables V of MIL-STD-105E, 8 of ISO 2859-1).
 * @throws StatisticsError `BAD_OPTION`
 */
export function outgoingQualityLimit(plan: Stages, lotSize: number, quality: Pick<Quality, 'model'>): OutgoingQualityLimit {
  if (quality.model === 'hypergeometric')
    throw new StatisticsError('BAD_OPTION', 'the limit is sought over all qualities of a process: choose binomial or poisson');
  const at = (p: number): number => outgoingQuality(plan, lotSize, { ...quality, p }).averageOutgoingQuality;
  // Beyond the quality accepted once in a million less leaves the plan than near the middle of its curve.
  const largest = qualityAt(plan, 1e-6, quality).p;
  let best = 0;
  let highest = 0;
  for (let step = 1; step <= GRID; step += 1) {
    const here = at((largest * step) / GRID);
    if (here <= highest) continue;
    best = step;
    highest = here;
  }
  let low = (largest * Math.max(0, best - 1)) / GRID;
  let high = (largest * Math.min(GRID, best + 1)) / GRID;
  for (let step = 0; step < NARROWINGS; step += 1) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (at(left) < at(right)) low = left;
    else high = right;
  }
  const p = (low + high) / 2;
  return { limit: at(p), p };
}

function assertLot(plan: Stages, lotSize: number): void {
  const most = plan.stages[plan.stages.length - 1]?.cumulative ?? 0;
  if ((lotSize === Infinity || Number.isSafeInteger(lotSize)) && lotSize >= most) return;
  throw new StatisticsError('BAD_OPTION', `a lot of ${lotSize} items does not hold the ${most} items of the samples`);
}
