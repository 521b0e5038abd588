import { StatisticsError } from '../statistics-error.js';
import { aqlIndex, letterIndex } from './code-letters.js';
import { judgeLot } from './judge-lot.js';
import { limitNumber } from './limit-numbers.js';
import { masterPlan } from './master-tables.js';
import type { SamplingScheme, Severity } from './master-tables.js';
import type { SamplingPlan } from './sampling-plan.js';

// The switching rules: which severity the next lot is inspected with. Pure, the state is plain JSON of bounded size.
// z1.4: MIL-STD-105E 4.7 and 4.8, ANSI/ASQ Z1.4 sections 8 and 9. iso2859-1: ISO 2859-1:1999 clauses 9.3 and 9.4.

export type InspectionStatus = 'inspecting' | 'discontinued';

/** One of the last lots on original inspection, as far as the rules look back. */
export interface LotOnRecord {
  readonly accepted: boolean;
  readonly nonconforming: number;
  readonly inspected: number;
}

export interface SwitchingState {
  readonly scheme: SamplingScheme;
  readonly severity: Severity;
  readonly status: InspectionStatus;
  /** Lots since the present severity began, oldest first: at most the last ten. */
  readonly lots: readonly LotOnRecord[];
  /** Lots since the present severity began. */
  readonly lotsAtSeverity: number;
  /** ISO: the switching score of normal inspection. */
  readonly switchingScore: number;
  /** Lots not accepted since tightened inspection began. */
  readonly rejectedOnTightened: number;
}

export type SwitchingReason =
  | 'two-of-five-rejected'
  | 'five-accepted-on-tightened'
  | 'reduced-inspection-earned'
  | 'rejected-on-reduced'
  | 'between-numbers-of-reduced-plan'
  | 'production-irregular'
  | 'other-conditions'
  | 'too-long-on-tightened'
  | 'too-many-rejected-on-tightened'
  | 'corrective-action-taken';

/** What stands between normal and reduced inspection after this lot; empty on the other severities. */
export type ReducedObstacle =
  | 'fewer-than-ten-lots'
  | 'lot-rejected'
  | 'limit-number-exceeded'
  | 'too-few-sample-units'
  | 'switching-score-below-30'
  | 'production-not-steady'
  | 'not-authorised';

export interface SwitchingOptions {
  /** z1.4: whether reduced inspection also needs the limit number of table VIII: required by MIL-STD-105E (default), optional since Z1.4-2003. */
  readonly limitNumbers?: boolean;
  /**
   * When sampling inspection ends: `lots-on-tightened` after that many lots in a row (MIL-STD-105E 4.8: 10), `rejected-on-tightened`
   * after that many not accepted (ISO 2859-1 9.4 and Z1.4-2003: 5). Default by scheme.
   */
  readonly discontinueAfter?: { readonly rule: 'lots-on-tightened' | 'rejected-on-tightened'; readonly lots: number };
}

export interface InspectedLot {
  /** The plan the lot was inspected with; its severity must be that of the state. */
  readonly plan: SamplingPlan;
  /** Nonconforming items of each sample drawn. */
  readonly counts: readonly number[];
  /** Original inspection; lots submitted again after rejection (false) do not count. Default true. */
  readonly original?: boolean;
  /** Production is steady: needed for reduced inspection, and its end ends it. Default true. */
  readonly productionSteady?: boolean;
  /** The responsible authority wants reduced inspection. Default false. */
  readonly reducedAuthorised?: boolean;
  /** Something else makes normal inspection advisable: ends reduced inspection. Default false. */
  readonly otherConditions?: boolean;
}

export interface SwitchingStep {
  readonly state: SwitchingState;
  readonly accepted: boolean;
  /** The change for the next lot, or null. */
  readonly transition: { readonly from: Severity; readonly to: Severity | 'discontinued'; readonly reason: SwitchingReason } | null;
  readonly reducedObstacles: readonly ReducedObstacle[];
}

const SCORE_FOR_REDUCED = 30;
const LOTS_FOR_REDUCED = 10;
const LOTS_LOOKED_AT = 5;
const DISCONTINUE = {
  'z1.4': { rule: 'lots-on-tightened', lots: 10 },
  'iso2859-1': { rule: 'rejected-on-tightened', lots: 5 },
} as const;

/** Inspection begins with normal severity unless the authority directs otherwise. */
export const initialSwitchingState = (scheme: SamplingScheme, severity: Severity = 'normal'): SwitchingState => ({
  scheme,
  severity,
  status: 'inspecting',
  lots: [],
  lotsAtSeverity: 0,
  switchingScore: 0,
  rejectedOnTightened: 0,
});

/**
 * The state after one more lot, and the change of severity it causes.
 * @throws StatisticsError `BAD_OPTION` for a plan of another scheme or severity or after discontinuation, `BAD_DATA` for a lot without a decision
 */
export function stepSwitching(state: SwitchingState, lot: InspectedLot, options?: SwitchingOptions): SwitchingStep {
  assertBelongs(state, lot);
  const verdict = judgeLot(lot.plan, lot.counts);
  if (verdict.decision === 'continue') throw new StatisticsError('BAD_DATA', `the lot has no decision yet: draw sample ${verdict.stage}`);
  const accepted = verdict.decision === 'accept';
  if (lot.original === false) return { state, accepted, transition: null, reducedObstacles: [] };
  const recorded = record(state, lot, { accepted, nonconforming: verdict.nonconforming, inspected: verdict.inspected });
  const obstacles = recorded.severity === 'normal' ? reducedObstacles(recorded, lot, options) : [];
  const change = changeAfter(recorded, lot, verdict.returnToNormal, obstacles, options);
  if (change === null) return { state: recorded, accepted, transition: null, reducedObstacles: obstacles };
  const transition = { from: recorded.severity, ...change };
  const next: SwitchingState =
    change.to === 'discontinued' ? { ...recorded, status: 'discontinued' } : initialSwitchingState(recorded.scheme, change.to);
  return { state: next, accepted, transition, reducedObstacles: obstacles };
}

/** Inspection after the supplier's corrective action: it resumes tightened. @throws StatisticsError `BAD_OPTION` unless discontinued */
export function resumeInspection(state: SwitchingState): SwitchingStep {
  if (state.status !== 'discontinued') throw new StatisticsError('BAD_OPTION', 'sampling inspection was not discontinued');
  return {
    state: initialSwitchingState(state.scheme, 'tightened'),
    accepted: false,
    transition: { from: 'tightened', to: 'tightened', reason: 'corrective-action-taken' },
    reducedObstacles: [],
  };
}

function record(state: SwitchingState, lot: InspectedLot, found: LotOnRecord): SwitchingState {
  return {
    ...state,
    lots: [...state.lots, found].slice(-LOTS_FOR_REDUCED),
    lotsAtSeverity: state.lotsAtSeverity + 1,
    switchingScore: state.scheme === 'iso2859-1' && state.severity === 'normal' ? scoreAfter(state.switchingScore, lot, found.accepted) : 0,
    rejectedOnTightened: state.severity === 'tightened' && !found.accepted ? state.rejectedOnTightened + 1 : state.rejectedOnTightened,
  };
}

type Change = Omit<NonNullable<SwitchingStep['transition']>, 'from'>;

function changeAfter(
  state: SwitchingState,
  lot: InspectedLot,
  betweenNumbers: boolean,
  obstacles: readonly ReducedObstacle[],
  options: SwitchingOptions | undefined,
): Change | null {
  const recent = state.lots.slice(-LOTS_LOOKED_AT);
  if (state.severity === 'normal') {
    if (recent.filter(({ accepted }) => !accepted).length >= 2) return { to: 'tightened', reason: 'two-of-five-rejected' };
    return obstacles.length === 0 ? { to: 'reduced', reason: 'reduced-inspection-earned' } : null;
  }
  if (state.severity === 'reduced') {
    if (state.lots[state.lots.length - 1]?.accepted === false) return { to: 'normal', reason: 'rejected-on-reduced' };
    if (betweenNumbers) return { to: 'normal', reason: 'between-numbers-of-reduced-plan' };
    if (lot.productionSteady === false) return { to: 'normal', reason: 'production-irregular' };
    return lot.otherConditions === true ? { to: 'normal', reason: 'other-conditions' } : null;
  }
  if (recent.length === LOTS_LOOKED_AT && recent.every(({ accepted }) => accepted))
    return { to: 'normal', reason: 'five-accepted-on-tightened' };
  const { rule, lots } = options?.discontinueAfter ?? DISCONTINUE[state.scheme];
  if (rule === 'lots-on-tightened') return state.lotsAtSeverity >= lots ? { to: 'discontinued', reason: 'too-long-on-tightened' } : null;
  return state.rejectedOnTightened >= lots ? { to: 'discontinued', reason: 'too-many-rejected-on-tightened' } : null;
}

function reducedObstacles(state: SwitchingState, lot: InspectedLot, options: SwitchingOptions | undefined): ReducedObstacle[] {
  const obstacles: ReducedObstacle[] = state.scheme === 'iso2859-1' ? scoreObstacles(state) : recordObstacles(state, lot, options);
  if (lot.productionSteady === false) obstacles.push('production-not-steady');
  if (lot.reducedAuthorised !== true) obstacles.push('not-authorised');
  return obstacles;
}

const scoreObstacles = (state: SwitchingState): ReducedObstacle[] =>
  state.switchingScore < SCORE_FOR_REDUCED ? ['switching-score-below-30'] : [];

function recordObstacles(state: SwitchingState, lot: InspectedLot, options: SwitchingOptions | undefined): ReducedObstacle[] {
  const obstacles: ReducedObstacle[] = [];
  if (state.lots.length < LOTS_FOR_REDUCED) obstacles.push('fewer-than-ten-lots');
  if (state.lots.some(({ accepted }) => !accepted)) obstacles.push('lot-rejected');
  if (options?.limitNumbers === false || obstacles.length > 0) return obstacles;
  const inspected = state.lots.reduce((sum, { inspected: items }) => sum + items, 0);
  const nonconforming = state.lots.reduce((sum, { nonconforming: items }) => sum + items, 0);
  const limit = limitNumber(lot.plan.aql, inspected);
  if (limit === null) obstacles.push('too-few-sample-units');
  else if (nonconforming > limit) obstacles.push('limit-number-exceeded');
  return obstacles;
}

/**
 * ISO 2859-1:1999, 9.3.3.2: with acceptance number 2 or more, 3 points if the lot had also been accepted one AQL stricter; with
 * 0 or 1, 2 points if it was accepted. 9.3.3.3: double sampling, 3 points if accepted at the first sample; multiple, at the third
 * at the latest. Otherwise the score starts again from 0.
 */
function scoreAfter(score: number, { plan, counts }: InspectedLot, accepted: boolean): number {
  if (!accepted) return 0;
  if (plan.type === 'double') return counts.length === 1 ? score + 3 : 0;
  if (plan.type === 'multiple') return counts.length <= 3 ? score + 3 : 0;
  if (plan.ac < 2) return score + 2;
  return (counts[0] as number) <= stricterAcceptanceNumber(plan) ? score + 3 : 0;
}

/** Acceptance number of the plan's row one AQL stricter. With acceptance number 2 or more that cell has a plan, of the same size. */
function stricterAcceptanceNumber(plan: SamplingPlan): number {
  const stricter = aqlIndex(plan.aql) - 1;
  return masterPlan(plan.scheme, 'normal', letterIndex(plan.planLetter), stricter).ac;
}

function assertBelongs(state: SwitchingState, { plan }: InspectedLot): void {
  if (state.status === 'discontinued') {
    throw new StatisticsError('BAD_OPTION', 'sampling inspection is discontinued until the supplier has acted; then resumeInspection');
  }
  if (plan.scheme !== state.scheme)
    throw new StatisticsError('BAD_OPTION', `a plan of ${plan.scheme} under the switching rules of ${state.scheme}`);
  if (plan.severity === state.severity) return;
  throw new StatisticsError('BAD_OPTION', `the next lot is inspected ${state.severity}; this plan is for ${plan.severity} inspection`);
}
