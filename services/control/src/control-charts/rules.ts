import type { RuleState } from '@touchstone/statistics';
import { initialRuleState, stepRules } from '@touchstone/statistics';
import type { Chart, Point } from './chart.js';
import type { Limits } from './limits.js';

/** What fired at the last of `points`, and because of all of them. */
export interface Fired {
  readonly test: number;
  readonly of: 'value' | 'range';
  readonly points: readonly Point[];
}

interface Judgement {
  readonly rules: RuleState;
  readonly fired: readonly Fired[];
}

/** The next point against the limits; in phase 1 nothing is judged. Costs the same however many points there were. */
export function judged(chart: Pick<Chart, 'kind' | 'recent' | 'limits' | 'rules'>, point: Point): Judgement {
  const { kind, recent, limits, rules } = chart;
  if (!limits) return { rules, fired: [] };
  const { state, signals } = step(limits, rules, point);
  const points = [...recent, point];
  const fired = signals.map(({ test, at, points: concerned }): Fired =>
    ({ test, of: 'value', points: concerned.flatMap((number) => points.at(number - at - 1) ?? []) }));
  return { rules: state, fired: isRangeBeyond(limits, point) ? [...fired, { test: 1, of: 'range', points: points.slice(kind === 'individuals' ? -2 : -1) }] : fired };
}

export const steppedBy = ({ limits, rules }: Pick<Chart, 'limits' | 'rules'>, point: Point): RuleState => (limits ? step(limits, rules, point).state : rules);

/** Points of the longest pattern, of test 7. */
const LONGEST_PATTERN = 15;

/**
 * The points that are still known and lie under the present limits, judged once more from the first of them on. Where points
 * before the known ones are forgotten, a pattern that might have reached back to them is left alone: it may have been raised.
 */
export function judgedAgain(chart: Chart): Judgement {
  const { recent, limits } = chart;
  if (!limits) return { rules: chart.rules, fired: [] };
  const first = recent.findIndex(({ point }) => point > limits.after);
  const isWhole = recent[first]?.point === limits.after + 1;
  let rules = initialRuleState();
  const fired: Fired[] = [];
  for (let index = first; index >= 0 && index < recent.length; index += 1) {
    const point = recent[index];
    if (!point) break;
    const next = judged({ ...chart, rules, recent: recent.slice(0, index) }, point);
    rules = next.rules;
    fired.push(...next.fired.filter(({ test }) => isWhole || test === 1 || index - first >= LONGEST_PATTERN - 1));
  }
  return { rules, fired };
}

/** What a single point says on its own, without those before it: test 1. */
export function judgedAlone(chart: Pick<Chart, 'limits'>, point: Point): Fired[] {
  const { limits } = chart;
  if (!limits || point.point <= limits.after) return [];
  const { signals } = stepRules(initialRuleState(), Number(point.value), rulesOf(limits), [1]);
  return [
    ...signals.map((): Fired => ({ test: 1, of: 'value', points: [point] })),
    ...(isRangeBeyond(limits, point) ? [{ test: 1, of: 'range' as const, points: [point] }] : []),
  ];
}

/** Those of `after` that are not in `before`: a signal is raised once for a test and a point. */
export function newlyFired(before: readonly Fired[], after: readonly Fired[]): Fired[] {
  const known = new Set(before.map(nameOf));
  return after.filter((each) => !known.has(nameOf(each)));
}

const nameOf = ({ test, of, points }: Fired): string => `${test}/${of}/${points.at(-1)?.point}`;

const rulesOf = ({ center, plottedSigma }: Limits) => ({ center, sigma: plottedSigma });

const step = (limits: Limits, rules: RuleState, point: Point) => stepRules(rules, Number(point.value), rulesOf(limits));

const isRangeBeyond = ({ rangeLcl, rangeUcl }: Limits, { range }: Point): boolean =>
  range !== undefined && (Number(range) > rangeUcl || Number(range) < rangeLcl);
