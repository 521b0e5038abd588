import { power } from '@touchstone/statistics';
import { StatisticsError } from '@touchstone/statistics';

/** What the ratio is a ratio of. `common` outcomes are those of more than 15 % of the accounts by the end. */
export type RatioMeasure = 'risk-ratio' | 'odds-ratio-common' | 'hazard-ratio-common';

export interface EValueOptions {
  /** Default `risk-ratio`, which also serves odds and hazard ratios of rare outcomes. */
  readonly measure?: RatioMeasure;
  /** The ratio that the unmeasured confounding would have to bring the estimate to. Default 1, no effect. */
  readonly towards?: number;
}

export interface EValue {
  /** For the estimate: the risk ratio an unmeasured confounder would need with both exposure and outcome to explain it away. */
  readonly estimate: number;
  /** For the end of the interval nearest to `towards`; 1 when the interval already holds it. */
  readonly interval: number;
}

/**
 * E-value of a ratio: RR + √(RR·(RR − 1)) for RR ≥ 1, of 1/RR below.
 *
 * Source: T. J. VanderWeele and P. Ding, Sensitivity analysis in observational research: introducing the E-value, Annals of Internal
 * Medicine 167 (2017), table 2. Common odds ratios count as their square root, common hazard ratios as (1 − 0.5^√HR)/(1 − 0.5^√(1/HR)).
 *
 * @throws StatisticsError `BAD_DATA` unless 0 < lower ≤ estimate ≤ upper, `BAD_OPTION`
 */
export function eValue(
  ratio: { readonly estimate: number; readonly lower: number; readonly upper: number },
  options: EValueOptions = {},
): EValue {
  const { measure = 'risk-ratio', towards = 1 } = options;
  const { estimate, lower, upper } = ratio;
  if (!(lower > 0 && lower <= estimate && estimate <= upper && Number.isFinite(upper))) {
    throw new StatisticsError('BAD_DATA', 'an E-value needs a positive ratio within its interval');
  }
  if (!(towards > 0 && Number.isFinite(towards)))
    throw new StatisticsError('BAD_OPTION', 'the ratio to explain the estimate away to must be positive');
  const toRisk = RISK_RATIO_OF[measure];
  if (toRisk === undefined) throw new StatisticsError('BAD_OPTION', `the measure is one of ${Object.keys(RISK_RATIO_OF).join(', ')}`);
  const distance = (value: number): number => bias(toRisk(value) / toRisk(towards));
  const holds = lower <= towards && towards <= upper;
  return { estimate: distance(estimate), interval: holds ? 1 : distance(lower > towards ? lower : upper) };
}

const RISK_RATIO_OF: Readonly<Record<RatioMeasure, (ratio: number) => number>> = {
  'risk-ratio': (ratio) => ratio,
  'odds-ratio-common': (ratio) => Math.sqrt(ratio),
  'hazard-ratio-common': (ratio) => (1 - power(0.5, Math.sqrt(ratio))) / (1 - power(0.5, Math.sqrt(1 / ratio))),
};

function bias(ratio: number): number {
  const above = ratio >= 1 ? ratio : 1 / ratio;
  return above + Math.sqrt(above * (above - 1));
}
