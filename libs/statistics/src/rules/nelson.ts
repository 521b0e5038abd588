import { StatisticsError, finite } from '../statistics-error.js';

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

export const ALL_NELSON_TESTS: readonly NelsonTest[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Where published versions of the tests differ. */
export interface NelsonVariant {
  /** Test 2: points on one side. 9 by Nelson; 8 in the Western Electric rules; 7 in some software. 2 to 20. */
  readonly runLength: number;
  /** Tests 5 and 6: whether the point they fire at must itself lie beyond the zone. Some software only looks at the window. */
  readonly lastPointBeyond: boolean;
  /** Test 8: whether there must be points on both sides. Some software lets eight on one side pass for it. */
  readonly bothSides: boolean;
}

export const NELSON_1984: NelsonVariant = { runLength: 9, lastPointBeyond: true, bothSides: true };

/** Center line and standard deviation of what is plotted: on an X̄ chart σ/√n. */
export interface RuleLimits {
  readonly center: number;
  readonly sigma: number;
}

/** A test that fired at point `at` because of `points`. Numbers count from 1, missing points included. */
export interface Signal {
  readonly test: NelsonTest;
  readonly at: number;
  readonly points: readonly number[];
}

/**
 * What the tests need to know of the points so far: plain JSON, at most 20 points. Each point keeps the zone it had by the
 * limits of its own time: 0 on the center line, otherwise 1 (zone C), 2 (B), 3 (A) or 4 (beyond), negative below the center line.
 */
export interface RuleState {
  readonly seen: number;
  readonly values: readonly number[];
  readonly zones: readonly number[];
}

const LONGEST_PATTERN = 15;
const LONGEST_RUN = 20;

export const initialRuleState = (): RuleState => ({ seen: 0, values: [], zones: [] });

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
  assertUsable(limits, tests, variant);
  const seen = state.seen + 1;
  if (point === null) return { state: { seen, values: [], zones: [] }, signals: [] };
  const kept = Math.max(LONGEST_PATTERN, variant.runLength);
  const values = [...state.values, finite(point)].slice(-kept);
  const zones = [...state.zones, zoneOf(point, limits)].slice(-kept);
  const signals: Signal[] = [];
  for (const test of tests) {
    const ages = concerned(test, values, zones, variant);
    if (ages !== null) signals.push({ test, at: seen, points: ages.map((age) => seen - age) });
  }
  return { state: { seen, values, zones }, signals };
}

/** The signals of a whole series, in the order of the points. @throws as `stepRules` */
export function nelsonTests(
  points: readonly (number | null)[],
  limits: RuleLimits,
  options: { readonly tests?: readonly NelsonTest[]; readonly variant?: NelsonVariant } = {},
): Signal[] {
  const watcher = createRuleWatcher({ ...limits, ...options });
  return points.flatMap((point) => watcher.push(point));
}

export interface RuleWatcher {
  /** Takes the next point and says what fires at it. */
  push(point: number | null): readonly Signal[];
  /** What `restore` continues from; plain JSON. */
  snapshot(): RuleState;
  /** @throws StatisticsError `BAD_OPTION` for what is not a snapshot */
  restore(state: RuleState): void;
}

/** The tests for one point at a time, for callers that may keep something mutable; a decider uses `stepRules`. */
export function createRuleWatcher(
  options: RuleLimits & { readonly tests?: readonly NelsonTest[]; readonly variant?: NelsonVariant },
): RuleWatcher {
  const { center, sigma, tests = ALL_NELSON_TESTS, variant = NELSON_1984 } = options;
  assertUsable({ center, sigma }, tests, variant);
  let state = initialRuleState();
  return {
    push(point) {
      const step = stepRules(state, point, { center, sigma }, tests, variant);
      state = step.state;
      return step.signals;
    },
    snapshot: () => state,
    restore(from) {
      assertState(from);
      state = from;
    },
  };
}

function zoneOf(value: number, { center, sigma }: RuleLimits): number {
  const distance = Math.abs(value - center);
  if (distance === 0) return 0;
  const zone = distance > 3 * sigma ? 4 : distance > 2 * sigma ? 3 : distance > sigma ? 2 : 1;
  return value > center ? zone : -zone;
}

/** How many points ago the points of a pattern lie that ends now, oldest first; null if it does not. */
function concerned(test: NelsonTest, values: readonly number[], zones: readonly number[], variant: NelsonVariant): number[] | null {
  switch (test) {
    case 1:
      return inRow(1, zones, (zone) => Math.abs(zone) === 4);
    case 2:
      return inRow(variant.runLength, zones, (zone) => zone > 0) ?? inRow(variant.runLength, zones, (zone) => zone < 0);
    case 3:
      return steady(6, values, 1) ?? steady(6, values, -1);
    case 4:
      return alternating(14, values);
    case 5:
      return beyondOnOneSide(2, 3, zones, 3, variant);
    case 6:
      return beyondOnOneSide(4, 5, zones, 2, variant);
    case 7:
      return inRow(15, zones, (zone) => Math.abs(zone) <= 1);
    case 8:
      if (variant.bothSides && !(zones.slice(-8).some((zone) => zone > 0) && zones.slice(-8).some((zone) => zone < 0))) return null;
      return inRow(8, zones, (zone) => Math.abs(zone) >= 2);
  }
}

function inRow(count: number, zones: readonly number[], holds: (zone: number) => boolean): number[] | null {
  return zones.length >= count && zones.slice(-count).every(holds) ? lastAges(count) : null;
}

function steady(count: number, values: readonly number[], direction: 1 | -1): number[] | null {
  if (values.length < count) return null;
  const window = values.slice(-count);
  return window.every((value, index) => index === 0 || (value - window[index - 1]) * direction > 0) ? lastAges(count) : null;
}

function alternating(count: number, values: readonly number[]): number[] | null {
  if (values.length < count) return null;
  const window = values.slice(-count);
  const directions = window.slice(1).map((value, index) => Math.sign(value - window[index]));
  return directions.every((direction, index) => direction !== 0 && direction !== directions[index - 1]) ? lastAges(count) : null;
}

function beyondOnOneSide(
  needed: number,
  span: number,
  zones: readonly number[],
  zone: number,
  { lastPointBeyond }: NelsonVariant,
): number[] | null {
  const window = zones.slice(-span);
  for (const side of [1, -1]) {
    const isBeyond = (of: number): boolean => of * side >= zone;
    if (lastPointBeyond && !isBeyond(window[window.length - 1])) continue;
    const ages = window.flatMap((of, index) => (isBeyond(of) ? [window.length - 1 - index] : []));
    if (ages.length >= needed) return ages;
  }
  return null;
}

/** count − 1, …, 1, 0 */
function lastAges(count: number): number[] {
  return Array.from({ length: count }, (_, index) => count - 1 - index);
}

function assertUsable({ center, sigma }: RuleLimits, tests: readonly NelsonTest[], { runLength }: NelsonVariant): void {
  if (!Number.isFinite(center) || !Number.isFinite(sigma) || sigma <= 0) {
    throw new StatisticsError('BAD_LIMITS', 'run rules need a finite center line and a positive sigma');
  }
  if (!tests.every((test) => ALL_NELSON_TESTS.includes(test)) || new Set(tests).size !== tests.length) {
    throw new StatisticsError('BAD_OPTION', 'tests are numbers from 1 to 8, each once');
  }
  if (!Number.isInteger(runLength) || runLength < 2 || runLength > LONGEST_RUN) {
    throw new StatisticsError('BAD_OPTION', `a run has 2 to ${LONGEST_RUN} points`);
  }
}

function assertState({ seen, values, zones }: RuleState): void {
  const sound =
    Number.isInteger(seen) &&
    seen >= values.length &&
    values.length === zones.length &&
    values.length <= LONGEST_RUN &&
    values.every(Number.isFinite) &&
    zones.every((zone) => Number.isInteger(zone) && Math.abs(zone) <= 4);
  if (!sound) throw new StatisticsError('BAD_OPTION', 'not a state of the run rules');
}
