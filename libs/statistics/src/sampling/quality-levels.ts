import { StatisticsError } from '../statistics-error.js';
import { lotSizeOf } from './count-distribution.js';
import type { CountModel, Quality } from './count-distribution.js';
import { acceptanceProbability } from './operating-characteristic.js';
import type { Stages } from './sampling-plan.js';

/** A quality and how often lots of it are accepted. */
export interface QualityPoint {
  /** Probability of acceptance asked for. */
  readonly acceptance: number;
  /** Fraction nonconforming, or nonconformities per unit with the Poisson model. */
  readonly p: number;
  /** The same per hundred, as the tables of the standards print it. */
  readonly perHundred: number;
}

/** The usual points: the producer's quality at 95 %, the point of indifference, the consumer's (limiting) quality at 10 %. */
export const USUAL_ACCEPTANCE: readonly number[] = [0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01];

const BISECTIONS = 200;

/**
 * The quality of which lots are accepted with a given probability (tables X of MIL-STD-105E, 10 of ISO 2859-1).
 * With the hypergeometric model p moves in steps of one item: the largest p still accepted at least that often.
 *
 * @param acceptance strictly between 0 and 1
 * @throws StatisticsError `BAD_OPTION`
 */
export function qualityAt(plan: Stages, acceptance: number, quality: Omit<Quality, 'p'>): QualityPoint {
  if (!(acceptance > 0 && acceptance < 1)) throw new StatisticsError('BAD_OPTION', `${acceptance} is not a probability between 0 and 1`);
  const p = quality.model === 'hypergeometric' ? largestOfLot(plan, acceptance, quality) : crossing(plan, acceptance, quality);
  return { acceptance, p, perHundred: p * 100 };
}

/** Several points of {@link qualityAt}. @throws StatisticsError `BAD_OPTION` */
export function qualityPoints(plan: Stages, quality: Omit<Quality, 'p'>, acceptances = USUAL_ACCEPTANCE): readonly QualityPoint[] {
  return acceptances.map((acceptance) => qualityAt(plan, acceptance, quality));
}

function crossing(plan: Stages, acceptance: number, quality: Omit<Quality, 'p'>): number {
  const accepts = (p: number): boolean => acceptanceProbability(plan, { ...quality, p }) >= acceptance;
  let low = 0;
  let high = 1;
  if (quality.model === 'poisson') while (accepts(high)) high *= 2;
  else if (accepts(1)) throw new StatisticsError('BAD_OPTION', 'the plan accepts lots of any quality at least that often');
  for (let step = 0; step < BISECTIONS && high - low > Number.EPSILON * high; step += 1) {
    const middle = (low + high) / 2;
    if (accepts(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function largestOfLot(plan: Stages, acceptance: number, quality: Omit<Quality, 'p'>): number {
  const lotSize = lotSizeOf(quality);
  let low = 0;
  let high = lotSize + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (acceptanceProbability(plan, { ...quality, p: middle / lotSize }) >= acceptance) low = middle;
    else high = middle;
  }
  return low / lotSize;
}

/** The risks of a plan at a good and at a bad quality. */
export interface PlanRisks {
  readonly producer: { readonly p: number; readonly acceptance: number; readonly risk: number };
  readonly consumer: { readonly p: number; readonly acceptance: number; readonly risk: number };
}

/** Producer's risk (good lots rejected) and consumer's risk (bad lots accepted). @throws StatisticsError `BAD_OPTION` */
export function planRisks(
  plan: Stages,
  qualities: { readonly producerP: number; readonly consumerP: number },
  quality: { readonly model: CountModel; readonly lotSize?: number },
): PlanRisks {
  const good = acceptanceProbability(plan, { ...quality, p: qualities.producerP });
  const bad = acceptanceProbability(plan, { ...quality, p: qualities.consumerP });
  return {
    producer: { p: qualities.producerP, acceptance: good, risk: 1 - good },
    consumer: { p: qualities.consumerP, acceptance: bad, risk: bad },
  };
}
