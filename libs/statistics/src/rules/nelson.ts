import type { RuleVariant } from './patterns.js';
import { NELSON_1984, RULE_NUMBERS } from './rule-sets.js';
import { createRuleStream, initialRuleState } from './rule-stream.js';
import type { RuleSignal, RuleState } from './rule-stream.js';
import { runRules } from './run-rules.js';
import type { RuleLimits } from './zones.js';

/**
 * The eight tests of L. S. Nelson, The Shewhart Control Chart: Tests for Special Causes, Journal of Quality Technology 16
 * (1984). Zones: C within 1σ of the center line, B between 1σ and 2σ, A between 2σ and 3σ; a line belongs to the zone inside it.
 *
 * 1. one point beyond zone A (further than 3σ from the center line)
 * 2. nine points in a row on one side of the center line
 * 3. six points in a row steadily increasing or decreasing
 * 4. fourteen points in a row alternating up and down
 * 5. two of three points in a row in zone A or beyond, on one side
 * 6. four of five points in a row in zone B or beyond, on one side
 * 7. fifteen points in a row in zone C, above and below the center line
 * 8. eight points in a row on both sides of the center line with none in zone C
 *
 * A point on the center line ends a run of test 2; equal neighbours end a trend and an alternation. A test fires at the last
 * point of its pattern, and again at each further point that continues it. In tests 5 and 6 that point must itself lie
 * beyond the zone; they fire as soon as enough points do, also before three or five points exist.
 *
 * Each test has its false alarms: on a process in control test 1 fires about every 370 points, all eight together about
 * every 73. Choose few.
 */
export type NelsonTest = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export const ALL_NELSON_TESTS: readonly NelsonTest[] = RULE_NUMBERS;

/** Where published versions of the tests differ. */
export type NelsonVariant = RuleVariant;

/** A test that fired at point `at` because of `points`. Numbers count from 1, missing points included. */
export interface Signal {
  readonly test: NelsonTest;
  readonly at: number;
  readonly points: readonly number[];
}

/**
 * The state after one more point, and what fires at it. Pure. A missing or excluded point is null: it breaks every pattern,
 * because the points around it are not consecutive.
 *
 * @throws StatisticsError `BAD_LIMITS` unless sigma is positive, `NOT_FINITE`, `BAD_OPTION`
 */
export function stepRules(
  state: RuleState,
  point: number | null,
  limits: RuleLimits,
  tests: readonly NelsonTest[] = ALL_NELSON_TESTS,
  variant: NelsonVariant = NELSON_1984,
): { readonly state: RuleState; readonly signals: readonly Signal[] } {
  const stream = createRuleStream(limits, { ...variant, rules: tests });
  stream.restore(state);
  const signals = stream.push(point).map(signalOf);
  return { state: stream.snapshot(), signals };
}

/** The signals of a whole series, in the order of the points. @throws as `stepRules` */
export function nelsonTests(
  points: ArrayLike<number | null>,
  limits: RuleLimits,
  options: { readonly tests?: readonly NelsonTest[]; readonly variant?: NelsonVariant } = {},
): Signal[] {
  return runRules(points, limits, { ...options.variant, rules: options.tests }).signals.map(signalOf);
}

export interface RuleWatcher {
  /** Takes the next point and says what fires at it. `limits` are those of this point, where they are not those of the watcher. */
  push(point: number | null, limits?: RuleLimits): readonly Signal[];
  /** What `restore` continues from; plain JSON. */
  snapshot(): RuleState;
  /** @throws StatisticsError `BAD_OPTION` for what is not a snapshot */
  restore(state: RuleState): void;
}

const NOTHING: readonly Signal[] = Object.freeze([]);

/** The tests for one point at a time, for callers that may keep something mutable; a decider uses `stepRules`. */
export function createRuleWatcher(
  options: RuleLimits & { readonly tests?: readonly NelsonTest[]; readonly variant?: NelsonVariant },
): RuleWatcher {
  const stream = createRuleStream(options, { ...options.variant, rules: options.tests });
  return {
    push(point, limits) {
      const signals = stream.push(point, limits);
      return signals.length === 0 ? NOTHING : signals.map(signalOf);
    },
    snapshot: () => stream.snapshot(),
    restore: (state) => stream.restore(state),
  };
}

const signalOf = ({ rule, at, points }: RuleSignal): Signal => ({ test: rule, at, points });

export { NELSON_1984, initialRuleState };
export type { RuleLimits, RuleState };
