import { StatisticsError } from '@touchstone/statistics';
import type { Covariate } from './covariates.js';
import type { PanelColumns } from './event-study.js';
import type { AccountHistory } from './exposure-rows.js';
import { randomFrom } from './random.js';
import type { ExposureColumns } from './strata.js';

/** Worlds whose effect is known because we made it. Everything follows from the seed and the options. */
export interface ComparisonWorld {
  readonly accounts?: number;
  /** What exposure does: points of churn added (`difference`), or what churn is multiplied by (`ratio`). */
  readonly effect?: number;
  readonly measure?: 'difference' | 'ratio';
  /** How much likelier exposure is at sites where churn is high anyway: 0 not at all, 1 strongly. */
  readonly confounding?: number;
  /** Share of the effect that goes by way of a complaint, 0 to 1; only with `difference`. */
  readonly mediated?: number;
  /** The same as `confounding`, by something nobody recorded. */
  readonly hidden?: number;
}

export interface SimulatedComparison {
  readonly outcome: readonly number[];
  readonly exposed: readonly number[];
  /** The confounder. */
  readonly site: readonly string[];
  /** A mediator: exposed accounts complain more often. */
  readonly complaint: readonly number[];
  /** A negative control outcome: late payment before any exposure, likelier where churn is. */
  readonly latePaymentBefore: readonly number[];
  readonly truth: number;
}

const SITES = [
  { name: 'A', churn: 0.1, tilt: -1 },
  { name: 'B', churn: 0.15, tilt: -0.33 },
  { name: 'C', churn: 0.2, tilt: 0.33 },
  { name: 'D', churn: 0.3, tilt: 1 },
] as const;
const COMPLAINS = { unexposed: 0.1, exposed: 0.6 };

/** Accounts of four sites. @throws StatisticsError `BAD_OPTION` for options that make no probability */
export function simulateComparison(seed: number, world: ComparisonWorld = {}): SimulatedComparison {
  const {
    accounts = 1000,
    measure = 'difference',
    effect = measure === 'ratio' ? 1 : 0,
    confounding = 0.5,
    mediated = 0,
    hidden = 0,
  } = world;
  const random = randomFrom(seed);
  const perComplaint = measure === 'difference' ? (mediated * effect) / (COMPLAINS.exposed - COMPLAINS.unexposed) : 0;
  const made = Array.from({ length: accounts }, () => {
    const site = SITES[random.below(SITES.length)];
    const unseen = random.bernoulli(0.5) ? 1 : -1;
    const exposed = random.bernoulli(probability(0.4 + 0.25 * confounding * site.tilt + 0.25 * hidden * unseen));
    const complaint = random.bernoulli(exposed ? COMPLAINS.exposed : COMPLAINS.unexposed);
    const base = site.churn + 0.08 * hidden * unseen;
    const direct = exposed ? (measure === 'ratio' ? base * (effect - 1) : effect * (1 - mediated)) : 0;
    const churned = random.bernoulli(probability(base + direct + (complaint ? perComplaint : 0)));
    const late = random.bernoulli(probability(0.1 + site.churn + 0.15 * hidden * unseen));
    return { site: site.name, exposed, complaint, churned, late };
  });
  return {
    outcome: made.map(({ churned }) => Number(churned)),
    exposed: made.map(({ exposed }) => Number(exposed)),
    site: made.map(({ site }) => site),
    complaint: made.map(({ complaint }) => Number(complaint)),
    latePaymentBefore: made.map(({ late }) => Number(late)),
    truth: effect,
  };
}

/** The columns of a simulated comparison, adjusted for the site. */
export function columnsAdjustedForSite({ outcome, exposed, site }: SimulatedComparison): ExposureColumns {
  const covariates: readonly Covariate[] = [{ name: 'site', role: 'confounder', measured: 'before-exposure', values: site }];
  return { outcome, exposed, covariates };
}

export interface PanelWorld {
  /** Half of them exposed. */
  readonly accounts?: number;
  readonly periods?: number;
  /** Orders a period that exposure adds, from its period on. */
  readonly effect?: number;
  /** How much lower exposed accounts lie throughout: the account effects take care of it. */
  readonly confounding?: number;
  /** Orders a period by which exposed accounts drift anyway: no estimator of this kind survives it, and the leads show it. */
  readonly drift?: number;
  /** Periods over which first exposures are spread. Default 1. */
  readonly cohorts?: number;
}

/** Orders of accounts by period, correlated within an account (AR(1), 0.5), with a common course of the periods. */
export function simulatePanel(seed: number, world: PanelWorld = {}): PanelColumns & { readonly truth: number } {
  const { accounts = 160, periods = 8, effect = 0, confounding = 1, drift = 0, cohorts = 1 } = world;
  const random = randomFrom(seed);
  const common = Array.from({ length: periods }, () => random.normal());
  const firstExposure = Math.floor(periods / 2);
  const rows = Array.from({ length: accounts }, (_, account) => {
    const exposed = account % 2 === 0;
    const from = exposed ? firstExposure + ((account / 2) % cohorts) : null;
    const level = 5 + random.normal() - (exposed ? confounding : 0);
    let noise = random.normal();
    return common.map((shift, period) => {
      if (period > 0) noise = 0.5 * noise + Math.sqrt(0.75) * random.normal();
      const acts = from !== null && period >= from ? effect : 0;
      return { account, period, exposedFrom: from, outcome: level + shift + acts + (exposed ? drift * period : 0) + noise };
    });
  }).flat();
  return {
    account: rows.map(({ account }) => account),
    period: rows.map(({ period }) => period),
    exposedFrom: rows.map(({ exposedFrom }) => exposedFrom),
    outcome: rows.map(({ outcome }) => outcome),
    truth: effect,
  };
}

export interface HazardWorld {
  readonly accounts?: number;
  /** What exposure multiplies the hazard of churning by, from then on. */
  readonly hazardRatio?: number;
  /** How much sooner failures reach small accounts, which churn twice as fast anyway: 0 not at all, 1 twice as soon. */
  readonly confounding?: number;
}

export interface SimulatedHistories {
  readonly histories: readonly AccountHistory[];
  /** The confounder: 1 for a small account. */
  readonly small: readonly number[];
  /** The hazard ratio. */
  readonly truth: number;
}

/** Accounts over at most a year, each starting on a day of its own. @throws StatisticsError `BAD_OPTION` */
export function simulateHistories(seed: number, world: HazardWorld = {}): SimulatedHistories {
  const { accounts = 400, hazardRatio = 1, confounding = 1 } = world;
  const random = randomFrom(seed);
  const small: number[] = [];
  const histories = Array.from({ length: accounts }, (_, at): AccountHistory => {
    const isSmall = random.bernoulli(0.5);
    small.push(Number(isSmall));
    const startDays = random.below(180);
    const hazard = isSmall ? 1 / 250 : 1 / 500;
    const exposedAfter = random.exponential((isSmall ? 1 + confounding : 1) / 300);
    const patience = random.exponential(1);
    const untouched = hazard * exposedAfter;
    const churnAfter = patience <= untouched ? patience / hazard : exposedAfter + (patience - untouched) / (hazard * hazardRatio);
    const followed = 365 - startDays / 2;
    return {
      account: `account-${at + 1}`,
      startDays,
      endDays: startDays + Math.min(churnAfter, followed),
      churned: churnAfter <= followed,
      exposedAtDays: exposedAfter < Math.min(churnAfter, followed) ? [startDays + exposedAfter] : [],
    };
  });
  return { histories, small, truth: hazardRatio };
}

function probability(p: number): number {
  if (!(p >= 0 && p <= 1))
    throw new StatisticsError('BAD_OPTION', `these options make a probability of ${p}; choose a smaller effect or less confounding`);
  return p;
}
