import { StatisticsError, finite } from '../statistics-error.js';
import { PatternWindows, bitsOfPatterns, pointsOf, reachOf } from './patterns.js';
import type { PatternSink } from './patterns.js';
import { chosenRules } from './rule-sets.js';
import type { ChosenRules, RuleNumber, RuleOptions } from './rule-sets.js';
import { assertLimits, middleOf, zoneOf } from './zones.js';
import type { RuleLimits } from './zones.js';

/**
 * What the rules need to know of the points so far: plain JSON, at most 20 points. Each point keeps the zone it had by the
 * limits of its own time: 0 on the center line, otherwise 1 (zone C), 2 (B), 3 (A) or 4 (beyond), negative below the center line.
 */
export interface RuleState {
  readonly seen: number;
  readonly values: readonly number[];
  readonly zones: readonly number[];
}

export const initialRuleState = (): RuleState => ({ seen: 0, values: [], zones: [] });

/** A rule that fired at point `at` because of `points`. Numbers count from 1, missing points included. */
export interface RuleSignal {
  readonly rule: RuleNumber;
  readonly at: number;
  readonly points: readonly number[];
}

/** Rules applied to one point at a time, in constant memory. */
export interface RuleStream {
  /**
   * Takes the next point and says what fires at it. A missing or excluded point is null: it breaks every pattern.
   * @param limits those of this point, where they are not those of the stream
   * @throws StatisticsError `NOT_FINITE`, `BAD_LIMITS`
   */
  push(point: number | null, limits?: RuleLimits): readonly RuleSignal[];
  /** What `restore` continues from; plain JSON. */
  snapshot(): RuleState;
  /** @throws StatisticsError `BAD_OPTION` for what is not a snapshot */
  restore(state: RuleState): void;
}

/** @throws StatisticsError `BAD_LIMITS`, `BAD_OPTION` */
export function createRuleStream(limits: RuleLimits, options?: RuleOptions): RuleStream {
  assertLimits(limits);
  return new Stream({ center: limits.center, sigma: limits.sigma }, chosenRules(options));
}

const LONGEST_STATE = 20;
const SLOTS = 32;
/** By these a zone's middle lies in that zone. */
const UNIT: RuleLimits = { center: 0, sigma: 1 };
const NOTHING: readonly RuleSignal[] = Object.freeze([]);

class Stream implements RuleStream, PatternSink {
  private seen = 0;
  /** Points since the last gap, as far as they are kept. */
  private kept = 0;
  private fired: readonly RuleSignal[] = NOTHING;
  private readonly reach: number;
  // Rings: point number n lies at n % SLOTS.
  private readonly values = new Float64Array(SLOTS);
  private readonly zones = new Int8Array(SLOTS);
  private readonly windows: PatternWindows;
  // What is handed to the windows, one entry long.
  private readonly judged = new Float64Array(1);
  private readonly compared = new Float64Array(1);

  constructor(
    private readonly limits: RuleLimits,
    private readonly chosen: ChosenRules,
  ) {
    this.windows = new PatternWindows(chosen.variant, bitsOfPatterns(chosen.patterns));
    this.reach = reachOf(chosen.variant);
  }

  push(point: number | null, limits?: RuleLimits): readonly RuleSignal[] {
    if (limits !== undefined) assertLimits(limits);
    this.fired = NOTHING;
    if (point === null) {
      this.seen += 1;
      this.kept = 0;
      this.windows.clear();
      return NOTHING;
    }
    const own = limits ?? this.limits;
    this.place(finite(point), zoneOf(point, own), point, own);
    return this.fired;
  }

  /** @param judged lies in `zone` by `limits` */
  private place(value: number, zone: number, judged: number, limits: RuleLimits): void {
    const previous = this.kept === 0 ? value : this.values[this.seen & (SLOTS - 1)];
    this.seen += 1;
    this.values[this.seen & (SLOTS - 1)] = value;
    this.zones[this.seen & (SLOTS - 1)] = zone;
    if (this.kept < this.reach) this.kept += 1;
    this.judged[0] = judged;
    this.compared[0] = value;
    this.windows.take(this.judged, this.compared, 0, 1, limits, previous, this);
  }

  add(age: number, fired: number): void {
    const { rules, patterns } = this.chosen;
    this.fired = rules.flatMap((rule, index) => {
      const pattern = patterns[index];
      if (((fired >> (pattern - 1)) & 1) === 0) return [];
      return [{ rule, at: this.seen, points: pointsOf(this.seen, this.windows.concerned(pattern, age)) }];
    });
  }

  snapshot(): RuleState {
    const values: number[] = [];
    const zones: number[] = [];
    for (let point = this.seen - this.kept + 1; point <= this.seen; point += 1) {
      values.push(this.values[point & (SLOTS - 1)]);
      zones.push(this.zones[point & (SLOTS - 1)]);
    }
    return { seen: this.seen, values, zones };
  }

  restore(state: RuleState): void {
    assertState(state);
    this.windows.clear();
    this.kept = 0;
    this.seen = state.seen - state.values.length;
    for (const [index, value] of state.values.entries()) this.place(value, state.zones[index], middleOf(state.zones[index]), UNIT);
  }
}

function assertState({ seen, values, zones }: RuleState): void {
  const sound =
    Number.isInteger(seen) &&
    seen >= values.length &&
    values.length === zones.length &&
    values.length <= LONGEST_STATE &&
    values.every(Number.isFinite) &&
    zones.every((zone) => Number.isInteger(zone) && Math.abs(zone) <= 4);
  if (!sound) throw new StatisticsError('BAD_OPTION', 'not a state of the run rules');
}
