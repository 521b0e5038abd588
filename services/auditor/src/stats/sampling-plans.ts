import { customPlan, initialSwitchingState, rectifyingPlan, resumeInspection, samplingPlan, stepSwitching, twoPointPlan } from '@touchstone/statistics/sampling';
import type { CountModel, RectifyingPlan, SamplingPlan, Severity, Stages, SwitchingState, SwitchingStep, TwoPointPlan } from '@touchstone/statistics/sampling';
import { Unusable } from '../api.js';
import type { SamplingOptions } from './sampling-options.js';

export type PlanKind = 'tables' | 'own' | 'two-point' | 'rectifying';

export type AnyPlan = Stages & Partial<SamplingPlan> & Partial<TwoPointPlan> & Partial<RectifyingPlan>;

const perUnit = (percent: number): number => percent / 100;

/** The plan the options ask for, and where it comes from. @throws Unusable */
export function planOf(options: SamplingOptions, model: CountModel | undefined): { readonly kind: PlanKind; readonly plan: AnyPlan } {
  if (options.n !== undefined) return { kind: 'own', plan: ownPlan(options) };
  if (options.find) return { kind: 'two-point', plan: foundPlan(options, model) };
  if (options.average !== undefined || options.aoql !== undefined) return { kind: 'rectifying', plan: rectifying(options) };
  return { kind: 'tables', plan: tablePlan(options, options.severity) };
}

export function tablePlan({ scheme, lot, letter, level, aql, type, defects }: SamplingOptions, severity: Severity): SamplingPlan {
  if (aql === undefined) throw new Unusable('a plan of the tables needs --aql; --n, --find and --average make plans without them');
  if (lot === undefined && letter === undefined) throw new Unusable('a plan of the tables needs --lot, the items in the lot, or --letter');
  return samplingPlan({
    scheme, aql, severity, type, ...(lot !== undefined && { lotSize: lot }), ...(letter && { codeLetter: letter }), ...(level && { level }),
    ...(defects && { measure: 'nonconformities-per-hundred' as const }),
  });
}

function ownPlan({ n = [], ac = [], re }: SamplingOptions): Stages {
  const rejection = re ?? (n.length === 1 && ac.length === 1 ? [(ac[0] ?? 0) + 1] : []);
  if (ac.length !== n.length || rejection.length !== n.length) throw new Unusable(`--n names ${n.length} samples, --ac ${ac.length} and --re ${rejection.length}: each needs one number a sample`);
  return customPlan(n.map((size, index) => ({ n: size, ac: ac[index] ?? 0, re: rejection[index] ?? 1 })));
}

function foundPlan({ aql, alpha, ltpd, beta, lot }: SamplingOptions, model: CountModel | undefined): TwoPointPlan {
  if (aql === undefined || ltpd === undefined) throw new Unusable('--find needs --aql, the quality to accept, and --ltpd, the quality to reject, both in percent');
  return twoPointPlan({ producerP: perUnit(aql), alpha, consumerP: perUnit(ltpd), beta, ...(model && { model }), ...(lot !== undefined && { lotSize: lot }) });
}

function rectifying({ lot, average, aoql, ltpd, beta }: SamplingOptions): RectifyingPlan {
  if (lot === undefined || average === undefined) throw new Unusable('a plan by Dodge and Romig needs --lot and --average, the quality usually delivered in percent');
  if ((aoql === undefined) === (ltpd === undefined)) throw new Unusable('a plan by Dodge and Romig protects either by --aoql or by --ltpd');
  const protection = aoql === undefined
    ? { kind: 'lot-tolerance' as const, p: perUnit(ltpd ?? 0), consumersRisk: beta }
    : { kind: 'average-outgoing-quality-limit' as const, p: perUnit(aoql) };
  return rectifyingPlan({ lotSize: lot, processAverage: perUnit(average), protection });
}

export interface LotInHistory {
  readonly lot: number;
  readonly severity: Severity;
  readonly counts: readonly number[];
  readonly accepted: boolean;
  readonly transition: SwitchingStep['transition'];
}

export interface SwitchingHistory {
  readonly lots: readonly LotInHistory[];
  readonly state: SwitchingState;
  /** What stands between normal and reduced inspection after the last lot. */
  readonly reducedObstacles: SwitchingStep['reducedObstacles'];
  /** Whether a lot was given by a word: accepted lots then count as many nonconforming as were allowed, the least favourable to reduced inspection. */
  readonly countsAssumed: boolean;
}

/** The switching rules lot by lot, from the severity of the options on. @throws Unusable, and StatisticsError of the rules */
export function historyOf(options: SamplingOptions, entries: readonly string[]): SwitchingHistory {
  let state = initialSwitchingState(options.scheme, options.severity);
  let obstacles: SwitchingStep['reducedObstacles'] = [];
  const lots: LotInHistory[] = [];
  const rules = {
    limitNumbers: options.limitNumbers,
    ...(options.discontinue && { discontinueAfter: { rule: options.discontinue, lots: options.discontinue === 'lots-on-tightened' ? 10 : 5 } }),
  };
  for (const [index, entry] of entries.entries()) {
    if (entry === 'resumed') {
      ({ state } = resumeInspection(state));
      continue;
    }
    const { severity } = state;
    const plan = tablePlan(options, severity);
    const counts = countsIn(entry, plan, index + 1);
    const step = stepSwitching(state, { plan, counts, productionSteady: options.steady, reducedAuthorised: options.authorised === true }, rules);
    lots.push({ lot: index + 1, severity, counts, accepted: step.accepted, transition: step.transition });
    ({ state, reducedObstacles: obstacles } = step);
  }
  return { lots, state, reducedObstacles: obstacles, countsAssumed: entries.some((entry) => WORDS.test(entry)) };
}

const WORDS = /^(accepted|rejected)$/;

function countsIn(entry: string, plan: SamplingPlan, lot: number): number[] {
  if (/^\d{1,9}(\+\d{1,9})*$/.test(entry)) return entry.split('+').map(Number);
  if (!WORDS.test(entry)) throw new Unusable(`lot ${lot} of the history is "${entry}": accepted, rejected, resumed or counts such as 2 or 1+0 belong there`);
  if (plan.type !== 'single') throw new Unusable(`lot ${lot} of the history is "${entry}", and with several samples the rules need to know which of them decided: give counts such as 1+0`);
  return [entry === 'accepted' ? plan.ac : plan.re];
}
