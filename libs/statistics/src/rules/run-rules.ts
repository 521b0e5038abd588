import { StatisticsError } from '../statistics-error.js';
import { BLOCK, PatternWindows, bitsOfPatterns, pointsOf } from './patterns.js';
import type { PatternSink, RuleVariant } from './patterns.js';
import { chosenRules, ruleText } from './rule-sets.js';
import type { ChosenRules, RuleNumber, RuleOptions, RuleSet } from './rule-sets.js';
import type { RuleSignal } from './rule-stream.js';
import { assertLimits } from './zones.js';
import type { RuleLimits } from './zones.js';

/**
 * Limits of a finished chart: one center line and σ for all points, or a column of either with one entry a point, as on charts of
 * unequal subgroups. A point is then judged by its own limits, that is by its z-score.
 */
export interface ChartRuleLimits {
  readonly center: number | ArrayLike<number>;
  readonly sigma: number | ArrayLike<number>;
}

export interface RunRulesOptions extends RuleOptions {
  /** Points left out, counted from 1; like a missing point they break every pattern. */
  readonly excluded?: readonly number[];
  /**
   * What trends and alternations compare: the values as plotted (default), or each point's distance from its own center line in its
   * own σ. Montgomery (Introduction to Statistical Quality Control, section 7.3.2) advises the latter where sample sizes vary.
   */
  readonly trendOf?: 'plotted' | 'standardized';
}

/** Signals in columns: entry i says that `rule[i]` fired at point `at[i]`; bit k of `concerned[i]` stands for point `at[i]` − k. */
export interface SignalColumns {
  readonly rule: Uint8Array;
  readonly at: Uint32Array;
  readonly concerned: Uint32Array;
}

/** What the rules say about a chart. */
export interface RuleReport {
  readonly set: RuleSet;
  /** The rules applied, with their wording and how often each fired. */
  readonly rules: readonly { readonly rule: RuleNumber; readonly text: string; readonly signals: number }[];
  readonly variant: Required<RuleVariant>;
  /** Points on the chart, and how many of them were judged (neither missing nor excluded). */
  readonly n: number;
  readonly judged: number;
  /** In the order of the points. */
  readonly signals: readonly RuleSignal[];
}

/**
 * A whole chart against a set of run rules.
 *
 * @param points in the order of time, in the unit of the limits; null where one is missing
 * @throws StatisticsError `BAD_LIMITS` unless every sigma is positive, `NOT_FINITE`, `BAD_DATA` for limits of another number than the
 * points, `BAD_OPTION`
 */
export function runRules(points: ArrayLike<number | null>, limits: ChartRuleLimits, options: RunRulesOptions = {}): RuleReport {
  const chosen = chosenRules(options);
  const { columns, judged } = scan(points, limits, options, chosen);
  const signals: RuleSignal[] = [];
  const fired = new Map<number, number>(chosen.rules.map((rule) => [rule, 0]));
  for (let index = 0; index < columns.at.length; index += 1) {
    const rule = columns.rule[index] as RuleNumber;
    fired.set(rule, (fired.get(rule) ?? 0) + 1);
    signals.push({ rule, at: columns.at[index], points: pointsOf(columns.at[index], columns.concerned[index]) });
  }
  const rules = chosen.rules.map((rule) => ({ rule, text: ruleText(rule, options), signals: fired.get(rule) ?? 0 }));
  return { set: chosen.set, rules, variant: chosen.variant, n: points.length, judged, signals };
}

/** As `runRules`, but in columns of nine bytes a signal, for charts of millions of points. */
export function scanRules(points: ArrayLike<number | null>, limits: ChartRuleLimits, options: RunRulesOptions = {}): SignalColumns {
  return scan(points, limits, options, chosenRules(options)).columns;
}

function scan(
  points: ArrayLike<number | null>,
  limits: ChartRuleLimits,
  options: RunRulesOptions,
  chosen: ChosenRules,
): { columns: SignalColumns; judged: number } {
  const { excluded = [], trendOf = 'plotted' } = options;
  if (trendOf !== 'plotted' && trendOf !== 'standardized') throw new StatisticsError('BAD_OPTION', 'trendOf is plotted or standardized');
  const collected = new Collected(chosen);
  const { center, sigma } = limits;
  const judged =
    points instanceof Float64Array && typeof center === 'number' && typeof sigma === 'number' && excluded.length === 0
      ? scanDoubles(points, { center, sigma }, collected)
      : scanAny(points, limits, new Set(excluded), trendOf === 'standardized', collected);
  return { columns: collected.columns(), judged };
}

/** For doubles under one pair of limits: nothing is looked up or allocated per point. */
function scanDoubles(points: Float64Array, limits: RuleLimits, collected: Collected): number {
  assertLimits(limits);
  for (let start = 0; start < points.length; start += BLOCK) {
    const count = Math.min(BLOCK, points.length - start);
    if (!collected.take(points, points, start, count, start + count, limits, points[Math.max(0, start - 1)])) {
      throw notFinite(points.findIndex((point) => !Number.isFinite(point)));
    }
  }
  return points.length;
}

function scanAny(
  points: ArrayLike<number | null>,
  limits: ChartRuleLimits,
  excluded: ReadonlySet<number>,
  isStandardized: boolean,
  collected: Collected,
): number {
  const centerOf = columnOf(limits.center, points.length, 'center lines');
  const sigmaOf = columnOf(limits.sigma, points.length, 'sigmas');
  const [judgedPoint, compared] = [new Float64Array(1), new Float64Array(1)];
  let previous: number | null = null;
  let judged = 0;
  for (let index = 0; index < points.length; index += 1) {
    const value = points[index];
    if (value === null || excluded.has(index + 1)) {
      collected.clear();
      previous = null;
      continue;
    }
    if (!Number.isFinite(value)) throw notFinite(index);
    const own = { center: centerOf(index), sigma: sigmaOf(index) };
    assertLimits(own);
    judgedPoint[0] = value;
    compared[0] = isStandardized ? (value - own.center) / own.sigma : value;
    collected.take(judgedPoint, compared, 0, 1, index + 1, own, previous ?? compared[0]);
    previous = compared[0];
    judged += 1;
  }
  return judged;
}

function columnOf(limit: number | ArrayLike<number>, length: number, what: string): (index: number) => number {
  if (typeof limit === 'number') {
    assertLimits({ center: limit, sigma: 1 });
    return () => limit;
  }
  if (limit.length !== length)
    throw new StatisticsError('BAD_DATA', `${limit.length} ${what} for ${length} points; give one a point, or one for all`);
  return (index) => limit[index];
}

const notFinite = (index: number): StatisticsError => new StatisticsError('NOT_FINITE', `point ${index + 1} is not a finite number`);

/** Columns that grow by doubling. */
class Collected implements PatternSink {
  private readonly windows: PatternWindows;
  private latest = 0;
  private length = 0;
  private rule = new Uint8Array(256);
  private at = new Uint32Array(256);
  private concerned = new Uint32Array(256);

  constructor(private readonly chosen: ChosenRules) {
    this.windows = new PatternWindows(chosen.variant, bitsOfPatterns(chosen.patterns));
  }

  clear(): void {
    this.windows.clear();
  }

  /** As `PatternWindows.take`; the last of the points has the number `latest`. */
  take(
    values: Float64Array,
    compared: Float64Array,
    start: number,
    count: number,
    latest: number,
    limits: RuleLimits,
    previous: number,
  ): boolean {
    this.latest = latest;
    return this.windows.take(values, compared, start, count, limits, previous, this);
  }

  add(age: number, fired: number): void {
    const { rules, patterns } = this.chosen;
    for (let place = 0, left = fired; left !== 0; place += 1) {
      const pattern = patterns[place];
      if (((fired >> (pattern - 1)) & 1) === 0) continue;
      left ^= 1 << (pattern - 1);
      if (this.length === this.at.length) this.grow();
      this.rule[this.length] = rules[place];
      this.at[this.length] = this.latest - age;
      this.concerned[this.length] = this.windows.concerned(pattern, age);
      this.length += 1;
    }
  }

  private grow(): void {
    const { rule, at, concerned } = this;
    this.rule = new Uint8Array(2 * this.length);
    this.at = new Uint32Array(2 * this.length);
    this.concerned = new Uint32Array(2 * this.length);
    this.rule.set(rule);
    this.at.set(at);
    this.concerned.set(concerned);
  }

  columns(): SignalColumns {
    return { rule: this.rule.slice(0, this.length), at: this.at.slice(0, this.length), concerned: this.concerned.slice(0, this.length) };
  }
}
