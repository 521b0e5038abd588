import { lotSizeOf } from './count-distribution.js';
import type { CountModel } from './count-distribution.js';
import { curtailedSampleNumber } from './curtailed-inspection.js';
import { planPerformance } from './operating-characteristic.js';
import { USUAL_ACCEPTANCE, qualityAt, qualityPoints } from './quality-levels.js';
import type { QualityPoint } from './quality-levels.js';
import { outgoingQuality, outgoingQualityLimit } from './rectifying-inspection.js';
import type { OutgoingQualityLimit } from './rectifying-inspection.js';
import type { Stages } from './sampling-plan.js';

export interface AnalysisOptions {
  /** Default binomial. */
  readonly model?: CountModel;
  /** Items in the lot; default a process without end. Required by the hypergeometric model. */
  readonly lotSize?: number;
  /** Qualities of the curve as fractions; default {@link DEFAULT_POINTS} steps up to the quality accepted once in a hundred. */
  readonly ps?: readonly number[];
  /** Quality to state the producer's risk at, a fraction; usually the AQL divided by 100. */
  readonly producerP?: number;
}

/** Everything about lots of one quality. */
export interface AnalysisPoint {
  readonly p: number;
  readonly acceptance: number;
  readonly averageSampleNumber: number;
  /** With inspection stopped at the rejection number after the first sample (single: within it); null unless the model is binomial. */
  readonly curtailedSampleNumber: number | null;
  readonly averageOutgoingQuality: number;
  /** Null for a lot without end. */
  readonly averageTotalInspection: number | null;
}

export interface PlanAnalysis {
  readonly model: CountModel;
  readonly lotSize: number | null;
  readonly curve: readonly AnalysisPoint[];
  readonly points: readonly QualityPoint[];
  /** Probability that a lot of quality `producerP` is rejected; null unless that was given. */
  readonly producersRisk: number | null;
  /** Quality accepted with probability 0.10 (LTPD, consumer's risk quality). */
  readonly consumersQuality: QualityPoint;
  readonly averageOutgoingQualityLimit: OutgoingQualityLimit;
  readonly largestAverageSampleNumber: number;
}

const DEFAULT_POINTS = 50;

/**
 * Operating characteristic, sample numbers, outgoing quality and risks of a plan in one result.
 * The limit of outgoing quality is that of a process (binomial) also where the curve is a lot's (hypergeometric).
 * @throws StatisticsError `BAD_OPTION`
 */
export function analysePlan(plan: Stages, options?: AnalysisOptions): PlanAnalysis {
  const { model = 'binomial', lotSize, producerP } = options ?? {};
  const quality = lotSize === undefined || lotSize === Infinity ? { model } : { model, lotSize };
  const curve = (options?.ps ?? defaultPs(plan, quality)).map((p) => analysisPoint(plan, p, quality));
  return {
    model,
    lotSize: quality.lotSize ?? null,
    curve,
    points: qualityPoints(plan, quality, USUAL_ACCEPTANCE),
    producersRisk: producerP === undefined ? null : 1 - planPerformance(plan, { ...quality, p: producerP }).acceptance,
    consumersQuality: qualityAt(plan, 0.1, quality),
    averageOutgoingQualityLimit: outgoingQualityLimit(plan, quality.lotSize ?? Infinity, {
      model: model === 'poisson' ? model : 'binomial',
    }),
    largestAverageSampleNumber: curve.reduce((most, { averageSampleNumber }) => Math.max(most, averageSampleNumber), 0),
  };
}

function analysisPoint(plan: Stages, p: number, quality: { readonly model: CountModel; readonly lotSize?: number }): AnalysisPoint {
  const { acceptance, averageSampleNumber } = planPerformance(plan, { ...quality, p });
  const outgoing = outgoingQuality(plan, quality.lotSize ?? Infinity, { ...quality, p });
  return {
    p,
    acceptance,
    averageSampleNumber,
    curtailedSampleNumber: quality.model === 'binomial' ? curtailedSampleNumber(plan, p) : null,
    averageOutgoingQuality: outgoing.averageOutgoingQuality,
    averageTotalInspection: quality.lotSize === undefined ? null : outgoing.averageTotalInspection,
  };
}

/** Equal steps from 0; a lot's qualities are whole items, so its steps are too. */
function defaultPs(plan: Stages, quality: { readonly model: CountModel; readonly lotSize?: number }): readonly number[] {
  const largest = qualityAt(plan, 0.01, quality).p;
  if (quality.model !== 'hypergeometric') return Array.from({ length: DEFAULT_POINTS + 1 }, (_, step) => (largest * step) / DEFAULT_POINTS);
  const lotSize = lotSizeOf(quality);
  const items = Math.round(largest * lotSize);
  const step = Math.max(1, Math.ceil(items / DEFAULT_POINTS));
  return Array.from({ length: Math.floor(items / step) + 1 }, (_, index) => (index * step) / lotSize);
}
