import { StatisticsError } from '../statistics-error.js';
import { acceptanceProbability } from './operating-characteristic.js';
import { outgoingQuality, outgoingQualityLimit } from './rectifying-inspection.js';
import { customPlan } from './sampling-plan.js';
import type { Stages } from './sampling-plan.js';

/** What a plan for rectifying inspection has to protect: the average of all lots, or each single lot. */
export type Protection =
  /** No average outgoing quality worse than this fraction, whatever comes in. */
  | { readonly kind: 'average-outgoing-quality-limit'; readonly p: number }
  /** Lots of this fraction nonconforming accepted with at most this probability (usually 0.10). */
  | { readonly kind: 'lot-tolerance'; readonly p: number; readonly consumersRisk?: number };

export interface RectifyingRequest {
  readonly lotSize: number;
  /** Fraction nonconforming usually delivered, better than what is protected against. */
  readonly processAverage: number;
  readonly protection: Protection;
}

export interface RectifyingPlan extends Stages {
  readonly n: number;
  readonly ac: number;
  readonly re: number;
  /** Items inspected in a lot on average, at the process average. */
  readonly averageTotalInspection: number;
  readonly averageOutgoingQualityLimit: number;
}

const USUAL_CONSUMERS_RISK = 0.1;
/** Acceptance numbers tried after the best so far: beyond its minimum the total inspection rises steadily. */
const PATIENCE = 8;

/**
 * The single plan that keeps the protection with the least average total inspection at the process average, after H. F. Dodge
 * and H. G. Romig, Sampling Inspection Tables (2nd ed. 1959). They tabulate ranges of lot size and process average and
 * approximate; this is the plan for one lot size, so it can differ from theirs by an item or two. The tolerance of a lot is that
 * of its own items (hypergeometric, D = N·p rounded up), outgoing quality that of a process (binomial).
 *
 * @throws StatisticsError `BAD_OPTION` where the request is contradictory or no sample smaller than the lot protects
 */
export function rectifyingPlan(request: RectifyingRequest): RectifyingPlan {
  assertRequest(request);
  let best: RectifyingPlan | null = null;
  let least = 1;
  for (let ac = 0, since = 0; since <= PATIENCE; ac += 1, since += 1) {
    const n = smallestProtecting(request, ac, Math.max(least, ac + 1));
    if (n === null) break;
    least = n;
    const plan = customPlan([{ n, ac, re: ac + 1 }]);
    const { averageTotalInspection } = outgoingQuality(plan, request.lotSize, { model: 'binomial', p: request.processAverage });
    if (best !== null && averageTotalInspection >= best.averageTotalInspection) continue;
    const averageOutgoingQualityLimit = outgoingQualityLimit(plan, request.lotSize, { model: 'binomial' }).limit;
    best = { ...plan, n, ac, re: ac + 1, averageTotalInspection, averageOutgoingQualityLimit };
    since = 0;
  }
  if (best !== null) return best;
  throw new StatisticsError(
    'BAD_OPTION',
    `no sample from a lot of ${request.lotSize} protects against ${request.protection.p}: inspect every item`,
  );
}

/** Protection grows with the sample: doubles until it suffices, then halves the gap. */
function smallestProtecting(request: RectifyingRequest, ac: number, from: number): number | null {
  const { lotSize } = request;
  if (from >= lotSize) return null;
  let high = from;
  while (!protects(request, high, ac)) {
    if (high >= lotSize - 1) return null;
    high = Math.min(lotSize - 1, high * 2);
  }
  let low = from - 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (protects(request, middle, ac)) high = middle;
    else low = middle;
  }
  return high;
}

function protects({ lotSize, protection }: RectifyingRequest, n: number, ac: number): boolean {
  if (n <= ac) return false;
  const plan = customPlan([{ n, ac, re: ac + 1 }]);
  if (protection.kind === 'average-outgoing-quality-limit')
    return outgoingQualityLimit(plan, lotSize, { model: 'binomial' }).limit <= protection.p;
  const defectives = Math.ceil(lotSize * protection.p - 1e-9);
  return (
    acceptanceProbability(plan, { model: 'hypergeometric', p: defectives / lotSize, lotSize }) <=
    (protection.consumersRisk ?? USUAL_CONSUMERS_RISK)
  );
}

function assertRequest({ lotSize, processAverage, protection }: RectifyingRequest): void {
  if (!Number.isSafeInteger(lotSize) || lotSize < 2) throw new StatisticsError('BAD_OPTION', `a lot of ${lotSize} cannot be sampled`);
  if (!(protection.p > 0 && protection.p < 1))
    throw new StatisticsError('BAD_OPTION', `${protection.p} is no fraction between 0 and 1 to protect against`);
  if (!(processAverage >= 0 && processAverage < protection.p)) {
    throw new StatisticsError(
      'BAD_OPTION',
      `a process average of ${processAverage} must be better than the ${protection.p} to protect against`,
    );
  }
  const risk = protection.kind === 'lot-tolerance' ? (protection.consumersRisk ?? USUAL_CONSUMERS_RISK) : USUAL_CONSUMERS_RISK;
  if (!(risk > 0 && risk < 1)) throw new StatisticsError('BAD_OPTION', `${risk} is not a risk between 0 and 1`);
}
