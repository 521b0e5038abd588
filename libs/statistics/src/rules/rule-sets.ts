import { StatisticsError } from '../statistics-error.js';
import { assertVariant } from './patterns.js';
import type { Pattern, RuleVariant } from './patterns.js';

/**
 * Which numbering and counts apply.
 *
 * `nelson`: the eight tests of L. S. Nelson, Journal of Quality Technology 16 (1984); see `NelsonTest` for their wording.
 *
 * `western-electric`: Western Electric Company, Statistical Quality Control Handbook (1956). The four tests for instability, by
 * default; each half of the chart is looked at on its own, and the odd point of tests 2 and 3 may lie anywhere:
 *
 * 1. one point beyond 3σ
 * 2. two of three points in a row beyond 2σ, on one side
 * 3. four of five points in a row beyond 1σ, on one side
 * 4. eight points in a row on one side of the center line
 *
 * and its further unnatural patterns, off unless asked for, since each adds false alarms:
 *
 * 5. trend: points in a row steadily rising or falling
 * 6. stratification: fifteen points in a row within 1σ
 * 7. mixture: eight points in a row on both sides of the center line with none within 1σ
 * 8. systematic variation: points in a row alternating up and down
 *
 * For 5 and 8 the handbook speaks of a long series without counting; Nelson's 6 and 14 are used unless another length is given.
 */
export type RuleSet = 'nelson' | 'western-electric';

/** Nelson's eight are all of his set; of Western Electric's, 5 to 8 are the supplementary patterns. */
export type RuleNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The tests as Nelson published them. */
export const NELSON_1984: RuleVariant = { runLength: 9, lastPointBeyond: true, bothSides: true };

/** The rules as the Western Electric handbook gives them. */
export const WESTERN_ELECTRIC_1956: RuleVariant = { runLength: 8, lastPointBeyond: true, bothSides: true };

/** Every rule number there is. */
export const RULE_NUMBERS: readonly RuleNumber[] = [1, 2, 3, 4, 5, 6, 7, 8];

interface RuleSetDefinition {
  readonly byDefault: readonly RuleNumber[];
  readonly variant: RuleVariant;
  /** Pattern of rule 1, 2, … */
  readonly patterns: readonly Pattern[];
}

const RULE_SETS: Readonly<Record<RuleSet, RuleSetDefinition>> = {
  nelson: { byDefault: RULE_NUMBERS, variant: NELSON_1984, patterns: [1, 2, 3, 4, 5, 6, 7, 8] },
  'western-electric': { byDefault: [1, 2, 3, 4], variant: WESTERN_ELECTRIC_1956, patterns: [1, 5, 6, 2, 3, 7, 8, 4] },
};

/** Which rules to apply and in which version. */
export interface RuleOptions extends Partial<RuleVariant> {
  /** Default `nelson`. */
  readonly set?: RuleSet;
  /** Default all eight of Nelson, the first four of Western Electric. Signals at one point come in this order. */
  readonly rules?: readonly RuleNumber[];
}

/** Options with everything decided. */
export interface ChosenRules {
  readonly set: RuleSet;
  readonly rules: readonly RuleNumber[];
  readonly patterns: readonly Pattern[];
  readonly variant: Required<RuleVariant>;
}

/** @throws StatisticsError `BAD_OPTION` for an unknown set or rule, a rule named twice, a length outside 2 to 20 */
export function chosenRules(options: RuleOptions = {}): ChosenRules {
  const { set = 'nelson' } = options;
  if (!Object.hasOwn(RULE_SETS, set)) throw new StatisticsError('BAD_OPTION', 'the sets of rules are nelson and western-electric');
  const { byDefault, variant: published, patterns } = RULE_SETS[set];
  const rules = options.rules ?? byDefault;
  if (!rules.every((rule) => RULE_NUMBERS.includes(rule)) || new Set(rules).size !== rules.length) {
    throw new StatisticsError('BAD_OPTION', 'tests are numbers from 1 to 8, each once');
  }
  const variant = {
    runLength: options.runLength ?? published.runLength,
    lastPointBeyond: options.lastPointBeyond ?? published.lastPointBeyond,
    bothSides: options.bothSides ?? published.bothSides,
    trendLength: options.trendLength ?? 6,
    alternationLength: options.alternationLength ?? 14,
    stratificationLength: options.stratificationLength ?? 15,
    mixtureLength: options.mixtureLength ?? 8,
  };
  assertVariant(variant);
  return { set, rules, patterns: rules.map((rule) => patterns[rule - 1]), variant };
}

/** What a rule looks for, in words, with the counts in force: "9 points in a row on one side of the center line". */
export function ruleText(rule: RuleNumber, options: RuleOptions = {}): string {
  const { patterns, variant } = chosenRules({ ...options, rules: [rule] });
  const texts: Record<Pattern, string> = {
    1: 'a point beyond 3σ',
    2: `${variant.runLength} points in a row on one side of the center line`,
    3: `${variant.trendLength} points in a row steadily rising or falling`,
    4: `${variant.alternationLength} points in a row alternating up and down`,
    5: '2 of 3 points in a row beyond 2σ on one side',
    6: '4 of 5 points in a row beyond 1σ on one side',
    7: `${variant.stratificationLength} points in a row within 1σ`,
    8: `${variant.mixtureLength} points in a row beyond 1σ${variant.bothSides ? ', on both sides' : ''}`,
  };
  return texts[patterns[0]];
}
