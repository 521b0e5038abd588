import { StatisticsError } from '@touchstone/statistics';
import { eValue } from './e-value.js';
import type { EValue } from './e-value.js';
import { confidenceOf } from './estimate.js';
import type { Estimate } from './estimate.js';
import {
  homogeneityTest,
  mantelHaenszelDifference,
  mantelHaenszelOddsRatio,
  mantelHaenszelRatio,
  mantelHaenszelTest,
  stratumDifference,
  stratumRatio,
} from './mantel-haenszel.js';
import type { ChiSquareTest, DifferenceVariance, StratumCounts } from './mantel-haenszel.js';
import { minimumsOf, requireAtLeast } from './minimums.js';
import type { Minimums } from './minimums.js';
import { withNegativeControls } from './negative-control.js';
import type { NegativeControlKind, NegativeControlResult } from './negative-control.js';
import { ALL_ACCOUNTS, checkCounts, stratify } from './strata.js';
import type { ExposureColumns } from './strata.js';

export interface ComparisonOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  readonly minimums?: Partial<Minimums>;
  /** Default `greenland-robins`. */
  readonly differenceVariance?: DifferenceVariance;
}

export interface StratumResult extends StratumCounts {
  /** Null with fewer events than the minimum for an estimate of its own. */
  readonly riskDifference: Estimate | null;
  /** Null also where one arm has no event. */
  readonly riskRatio: Estimate | null;
}

/** A stratum that cannot be compared, because all its accounts are in one arm. */
export interface DroppedStratum {
  readonly stratum: string;
  readonly exposed: number;
  readonly unexposed: number;
  readonly reason: string;
}

export interface Comparison {
  readonly exposed: number;
  readonly exposedEvents: number;
  readonly unexposed: number;
  readonly unexposedEvents: number;
  /** Adjusted for the strata. */
  readonly riskDifference: Estimate;
  readonly riskRatio: Estimate;
  /** Null where an arm has only events in every stratum. */
  readonly oddsRatio: Estimate | null;
  /** The same accounts without strata: how far it lies from the adjusted ones is what the strata explain. */
  readonly crude: { readonly riskDifference: Estimate; readonly riskRatio: Estimate | null };
  /** Of no association at all. */
  readonly test: ChiSquareTest | null;
  /** Whether one number does for all strata; null with fewer than two strata that can have an estimate of their own. */
  readonly homogeneity: { readonly riskDifference: ChiSquareTest | null; readonly riskRatio: ChiSquareTest | null };
  readonly eValue: EValue;
  readonly strata: readonly StratumResult[];
  readonly dropped: readonly DroppedStratum[];
  readonly minimums: Minimums;
  readonly warnings: readonly string[];
}

/**
 * Exposed against unexposed accounts within strata: Mantel–Haenszel risk difference, risk ratio and odds ratio.
 *
 * Strata whose accounts are all in one arm say nothing and are dropped, and reported. The effect is that of the failure on the
 * accounts that remain, provided the strata hold everything that made both exposure and outcome more likely.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below a minimum, stating it and its reason; `BAD_DATA`, `BAD_OPTION`
 */
export function compareStrata(strata: readonly StratumCounts[], options: ComparisonOptions = {}): Comparison {
  checkCounts(strata);
  const confidence = confidenceOf(options);
  const minimums = minimumsOf(options.minimums);
  const used = strata.filter(({ exposed, unexposed }) => exposed > 0 && unexposed > 0);
  const dropped = strata.filter(({ exposed, unexposed }) => exposed === 0 || unexposed === 0).map(droppedFrom);
  const total = totalOf(used);
  requireMinimums(total, minimums, dropped.length);
  const results = used.map((stratum) => ofItsOwn(stratum, confidence, minimums));
  const riskDifference = mantelHaenszelDifference(used, confidence, options.differenceVariance);
  const riskRatio = mantelHaenszelRatio(used, confidence);
  if (riskRatio === null) throw new StatisticsError('TOO_FEW_POINTS', 'no claim: a ratio needs events in both arms');
  return {
    exposed: total.exposed,
    exposedEvents: total.exposedEvents,
    unexposed: total.unexposed,
    unexposedEvents: total.unexposedEvents,
    riskDifference,
    riskRatio,
    oddsRatio: mantelHaenszelOddsRatio(used, confidence),
    crude: { riskDifference: stratumDifference(total, confidence), riskRatio: stratumRatio(total, confidence) },
    test: mantelHaenszelTest(used),
    homogeneity: {
      riskDifference: homogeneityTest(
        results.map((stratum) => stratum.riskDifference),
        riskDifference,
      ),
      riskRatio: homogeneityTest(
        results.map((stratum) => stratum.riskRatio),
        riskRatio,
      ),
    },
    eValue: eValue(riskRatio),
    strata: results,
    dropped,
    minimums,
    warnings: warningsOf(strata, total),
  };
}

/** A column that the failure cannot have affected, or an exposure that cannot have had an effect. */
export interface ControlColumn {
  readonly name: string;
  readonly kind: NegativeControlKind;
  readonly values: ArrayLike<number | boolean>;
}

export interface ExposureComparison extends Comparison {
  readonly adjustedFor: readonly string[];
  readonly negativeControls: readonly NegativeControlResult[];
  /** True when a negative control objects: the effect is then no evidence. */
  readonly suspicious: boolean;
}

/**
 * The same from one row an account, stratified by the values of the covariates and checked against negative controls.
 * @throws StatisticsError as `compareStrata`, and `BAD_OPTION` for a covariate that must not be adjusted for
 */
export function compareExposed(
  columns: ExposureColumns,
  options: ComparisonOptions & { readonly negativeControls?: readonly ControlColumn[] } = {},
): ExposureComparison {
  const { strata, warnings } = stratify(columns);
  const comparison = compareStrata(strata, options);
  const controls = (options.negativeControls ?? []).map(({ name, kind, values }) => ({
    name,
    kind,
    data: kind === 'outcome' ? { ...columns, outcome: values } : { ...columns, exposed: values },
  }));
  const judged = withNegativeControls((data) => compareStrata(stratify(data).strata, options).riskDifference, columns, controls);
  return {
    ...comparison,
    warnings: [...warnings, ...comparison.warnings],
    adjustedFor: (columns.covariates ?? []).map(({ name }) => name),
    negativeControls: judged.controls,
    suspicious: judged.suspicious,
  };
}

function ofItsOwn(stratum: StratumCounts, confidence: number, minimums: Minimums): StratumResult {
  const enough = stratum.exposedEvents + stratum.unexposedEvents >= minimums.eventsPerStratum;
  return {
    ...stratum,
    riskDifference: enough ? stratumDifference(stratum, confidence) : null,
    riskRatio: enough ? stratumRatio(stratum, confidence) : null,
  };
}

const droppedFrom = ({ stratum, exposed, unexposed }: StratumCounts): DroppedStratum => ({
  stratum,
  exposed,
  unexposed,
  reason: exposed + unexposed === 0 ? 'no accounts' : exposed === 0 ? 'nobody in it was exposed' : 'everybody in it was exposed',
});

function totalOf(strata: readonly StratumCounts[]): StratumCounts {
  const total = { exposedEvents: 0, exposed: 0, unexposedEvents: 0, unexposed: 0 };
  for (const stratum of strata) {
    total.exposedEvents += stratum.exposedEvents;
    total.exposed += stratum.exposed;
    total.unexposedEvents += stratum.unexposedEvents;
    total.unexposed += stratum.unexposed;
  }
  return { stratum: ALL_ACCOUNTS, ...total };
}

function requireMinimums(total: StratumCounts, minimums: Minimums, dropped: number): void {
  const where = dropped === 0 ? '' : ` in strata that have both arms (${dropped} without overlap dropped)`;
  for (const [arm, n, events] of [
    ['exposed', total.exposed, total.exposedEvents],
    ['unexposed', total.unexposed, total.unexposedEvents],
  ] as const) {
    requireAtLeast(n, minimums, 'accountsPerArm', `${arm} accounts${where}`);
    requireAtLeast(events, minimums, 'eventsPerArm', `events among the ${arm}${where}`);
    requireAtLeast(n - events, minimums, 'eventsPerArm', `${arm} accounts without the event${where}`);
  }
}

function warningsOf(strata: readonly StratumCounts[], used: StratumCounts): string[] {
  const all = totalOf(strata);
  const left = all.exposed - used.exposed;
  return left * 10 > all.exposed
    ? [`${left} of ${all.exposed} exposed accounts are in strata without an unexposed one: the effect is not that on all exposed accounts`]
    : [];
}
