import { StatisticsError } from '@touchstone/statistics';
import { normalQuantile, normalTwoSided, tQuantile, tTwoSided } from '@touchstone/statistics/distributions';

/** One effect with its uncertainty. */
export interface Estimate {
  readonly estimate: number;
  /** Of the estimate; of its natural logarithm where `scale` is `ratio`. */
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  /** Two-sided, against the value that means no effect: 0 for a difference, 1 for a ratio. */
  readonly pValue: number;
  readonly scale: 'difference' | 'ratio';
  readonly confidence: number;
}

export const DEFAULT_CONFIDENCE = 0.95;

/** @throws StatisticsError `BAD_OPTION` */
export function confidenceOf(options: { readonly confidence?: number } = {}): number {
  const { confidence = DEFAULT_CONFIDENCE } = options;
  if (!(confidence > 0 && confidence < 1)) throw new StatisticsError('BAD_OPTION', 'a confidence lies between 0 and 1, 0.95 for 95 %');
  return confidence;
}

/** Estimate ± quantile · standard error; Student's t with `df` where given, else normal. */
export function differenceEstimate(estimate: number, standardError: number, confidence: number, df?: number): Estimate {
  const half = quantileOf(confidence, df) * standardError;
  return {
    estimate,
    standardError,
    lower: estimate - half,
    upper: estimate + half,
    pValue: pValueOf(estimate, standardError, df),
    scale: 'difference',
    confidence,
  };
}

/** The same on the logarithm of a ratio. */
export function ratioEstimate(logRatio: number, standardError: number, confidence: number): Estimate {
  const half = quantileOf(confidence) * standardError;
  return {
    estimate: Math.exp(logRatio),
    standardError,
    lower: Math.exp(logRatio - half),
    upper: Math.exp(logRatio + half),
    pValue: pValueOf(logRatio, standardError),
    scale: 'ratio',
    confidence,
  };
}

/** The value of an estimate's scale that means no effect. */
export const noEffect = (scale: Estimate['scale']): number => (scale === 'ratio' ? 1 : 0);

/** Whether the interval leaves out the value that means no effect: what counts as a claim. */
export const claimsEffect = ({ lower, upper, scale }: Estimate): boolean => lower > noEffect(scale) || upper < noEffect(scale);

const quantileOf = (confidence: number, df?: number): number =>
  df === undefined ? normalQuantile((1 + confidence) / 2) : tQuantile((1 + confidence) / 2, df);

function pValueOf(estimate: number, standardError: number, df?: number): number {
  if (standardError === 0) return estimate === 0 ? 1 : 0;
  const statistic = estimate / standardError;
  return df === undefined ? normalTwoSided(statistic) : tTwoSided(statistic, df);
}
