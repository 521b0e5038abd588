import { StatisticsError } from '../statistics-error.js';
import type { SamplingPlan, Stage, Stages } from './sampling-plan.js';

export type LotDecision = 'accept' | 'reject' | 'continue';

/** Why the decision fell: at the acceptance or rejection number, between them, or before the sample was complete. */
export type LotReason =
  | 'at-or-below-acceptance-number'
  | 'at-or-above-rejection-number'
  | 'between-numbers-draw-next-sample'
  | 'between-numbers-of-reduced-plan'
  | 'sample-incomplete'
  | 'curtailed-rejection'
  | 'curtailed-acceptance';

export interface LotVerdict {
  readonly decision: LotDecision;
  readonly reason: LotReason;
  /** The sample the decision fell at, or the one to draw or complete next, counted from 1. */
  readonly stage: number;
  /** Nonconforming items (or nonconformities) found in all samples. */
  readonly nonconforming: number;
  /** Items inspected. */
  readonly inspected: number;
  /** The lot is accepted, but reduced inspection ends: MIL-STD-105E 4.7.4 b, a count between the numbers of a reduced plan. */
  readonly returnToNormal: boolean;
  /** Items to inspect next; 0 once there is a decision. */
  readonly nextSampleSize: number;
}

export interface JudgeOptions {
  /**
   * Stop within a sample once its outcome is certain: `reject` at the rejection number, `both` also when what is left of the
   * sample cannot raise the count above the acceptance number (needs a measure where one item counts once). Default `none`.
   */
  readonly curtailment?: Curtailment;
  /** Items inspected so far of the last sample in `counts`; default all of it. */
  readonly inspectedOfLastSample?: number;
}

export type Curtailment = 'none' | 'reject' | 'both';

/**
 * What a lot's samples decide. `counts` has the nonconforming items of each sample drawn so far, in order.
 *
 * Between the numbers of a stage the next sample is drawn. Between those of the last stage, which only reduced plans of z1.4
 * have, the lot is accepted and normal inspection starts with the next lot. Without curtailment every sample is inspected
 * in full even when its rejection number is reached early, so that the process average stays unbiased.
 *
 * @throws StatisticsError `BAD_DATA` for counts a plan cannot produce, `BAD_OPTION`
 */
export function judgeLot(
  plan: Stages & Partial<Pick<SamplingPlan, 'measure'>>,
  counts: readonly number[],
  options?: JudgeOptions,
): LotVerdict {
  assertCounts(plan, counts, options);
  const last = counts.length - 1;
  const reached = passedStages(plan, counts.slice(0, -1));
  const stage = plan.stages[last] as Stage;
  const nonconforming = reached + (counts[last] as number);
  const inspectedOfStage = options?.inspectedOfLastSample ?? stage.n;
  const found = { stage: last + 1, nonconforming, inspected: stage.cumulative - stage.n + inspectedOfStage };
  const decided = (decision: 'accept' | 'reject', reason: LotReason, returnToNormal = false): LotVerdict => ({
    decision,
    reason,
    ...found,
    returnToNormal,
    nextSampleSize: 0,
  });
  if (inspectedOfStage < stage.n) {
    const left = stage.n - inspectedOfStage;
    const curtailment = options?.curtailment ?? 'none';
    if (curtailment !== 'none' && nonconforming >= stage.re) return decided('reject', 'curtailed-rejection');
    if (curtailment === 'both' && stage.ac !== null && nonconforming + left <= stage.ac) return decided('accept', 'curtailed-acceptance');
    return { decision: 'continue', reason: 'sample-incomplete', ...found, returnToNormal: false, nextSampleSize: left };
  }
  if (nonconforming >= stage.re) return decided('reject', 'at-or-above-rejection-number');
  if (stage.ac !== null && nonconforming <= stage.ac) return decided('accept', 'at-or-below-acceptance-number');
  const next = plan.stages[last + 1];
  if (next === undefined) return decided('accept', 'between-numbers-of-reduced-plan', true);
  const drawNext = { ...found, stage: last + 2, returnToNormal: false, nextSampleSize: next.n };
  return { decision: 'continue', reason: 'between-numbers-draw-next-sample', ...drawNext };
}

/** Sum of the complete samples before the last; refuses a further sample after the decision had fallen. */
function passedStages(plan: Stages, counts: readonly number[]): number {
  let sum = 0;
  counts.forEach((count, index) => {
    sum += count;
    const { ac, re } = plan.stages[index] as Stage;
    if (sum < re && !(ac !== null && sum <= ac)) return;
    throw new StatisticsError('BAD_DATA', `sample ${index + 1} had decided already; no further sample belongs to this lot`);
  });
  return sum;
}

function assertCounts(
  plan: Stages & Partial<Pick<SamplingPlan, 'measure'>>,
  counts: readonly number[],
  options: JudgeOptions | undefined,
): void {
  const { stages } = plan;
  if (counts.length === 0) throw new StatisticsError('BAD_DATA', 'no sample was inspected yet');
  if (counts.length > stages.length) throw new StatisticsError('BAD_DATA', `${counts.length} samples for a plan of ${stages.length}`);
  const partial = options?.inspectedOfLastSample;
  const size = (stages[counts.length - 1] as Stage).n;
  if (partial !== undefined && !(Number.isSafeInteger(partial) && partial >= 0 && partial <= size)) {
    throw new StatisticsError('BAD_OPTION', `${partial} items inspected of a sample of ${size}`);
  }
  const byItem = plan.measure !== 'nonconformities-per-hundred';
  if (!byItem && options?.curtailment === 'both') {
    throw new StatisticsError('BAD_OPTION', 'early acceptance is never certain where one item can have several nonconformities');
  }
  counts.forEach((count, index) => {
    const most = index === counts.length - 1 ? (partial ?? size) : (stages[index] as Stage).n;
    if (Number.isSafeInteger(count) && count >= 0 && (!byItem || count <= most)) return;
    throw new StatisticsError('BAD_DATA', `sample ${index + 1}: ${count} nonconforming of ${most} inspected`);
  });
}
