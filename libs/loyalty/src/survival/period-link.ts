import { StatisticsError } from '@touchstone/statistics';

/** `logit`: the odds of the event in a period are multiplied; `cloglog`: the hazard of a continuous time behind the periods is. */
export type PeriodLink = 'logit' | 'cloglog';

/** What a Fisher-scoring step needs of one person-period at linear predictor η. */
export interface LinkTerms {
  /** Probability of the event. */
  readonly hazard: (eta: number) => number;
  readonly logHazard: (eta: number) => number;
  readonly logNone: (eta: number) => number;
  /** Derivative of the log-likelihood by η, with the event and without. */
  readonly scoreEvent: (eta: number) => number;
  readonly scoreNone: (eta: number) => number;
  /** Expected negative second derivative. */
  readonly weight: (eta: number) => number;
  /** η of a probability. */
  readonly inverse: (hazard: number) => number;
}

const LINKS: Readonly<Record<PeriodLink, LinkTerms>> = {
  logit: {
    hazard: (eta) => 1 / (1 + Math.exp(-eta)),
    logHazard: (eta) => -Math.log1p(Math.exp(-eta)),
    logNone: (eta) => -Math.log1p(Math.exp(eta)),
    scoreEvent: (eta) => 1 / (1 + Math.exp(eta)),
    scoreNone: (eta) => -1 / (1 + Math.exp(-eta)),
    weight: (eta) => 1 / ((1 + Math.exp(-eta)) * (1 + Math.exp(eta))),
    inverse: (hazard) => Math.log(hazard / (1 - hazard)),
  },
  cloglog: {
    hazard: (eta) => -Math.expm1(-Math.exp(eta)),
    logHazard: (eta) => Math.log(-Math.expm1(-Math.exp(eta))),
    logNone: (eta) => -Math.exp(eta),
    scoreEvent: (eta) => Math.exp(eta) / Math.expm1(Math.exp(eta)),
    scoreNone: (eta) => -Math.exp(eta),
    weight: (eta) => (Math.exp(eta) * Math.exp(eta)) / Math.expm1(Math.exp(eta)),
    inverse: (hazard) => Math.log(-Math.log1p(-hazard)),
  },
};

/** @throws StatisticsError `BAD_OPTION` */
export function linkOf(link: PeriodLink): LinkTerms {
  if (!Object.hasOwn(LINKS, link)) throw new StatisticsError('BAD_OPTION', 'link is logit or cloglog');
  return LINKS[link];
}
