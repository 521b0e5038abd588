import type { Command } from 'commander';
import { Option } from 'commander';
import type { RuleNumber, RuleOptions, RuleReport, RuleSet } from '@touchstone/statistics';
import { Type } from '@sinclair/typebox';
import { listOf, wholeNumber } from '../analysis.js';

export interface AskedRules {
  readonly rules: RuleSet | 'none';
  readonly tests?: readonly number[];
  readonly runLength?: number;
  readonly window?: boolean;
  readonly oneSide?: boolean;
}

/** The options that choose run rules and their version. */
export const withRuleOptions = (command: Command): Command =>
  command
    .addOption(new Option('--rules <set>', 'run rules to apply').choices(['nelson', 'western-electric', 'none']).default('nelson'))
    .option('--tests <numbers>', 'only these rules of the set, e.g. 1,2,5', listOf(wholeNumber))
    .option('--run-length <points>', 'points on one side that make a run (9 by Nelson, 8 by Western Electric)', wholeNumber)
    .option('--window', 'rules of two in three and four in five fire at any point of the window, not only at one beyond the zone')
    .option('--one-side', 'points avoiding the middle zone need not lie on both sides');

export const ruleOptions = ({ rules, tests, runLength, window, oneSide }: AskedRules): RuleOptions => ({
  set: rules === 'none' ? undefined : rules,
  ...(tests && { rules: tests as readonly RuleNumber[] }), ...(runLength !== undefined && { runLength }), ...(window && { lastPointBeyond: false }), ...(oneSide && { bothSides: false }),
});

/** `RuleReport` as JSON. */
export const ruleReportSchema = Type.Object({
  set: Type.String({ description: 'nelson or western-electric' }),
  rules: Type.Array(Type.Object({ rule: Type.Integer(), text: Type.String({ description: 'exact wording' }), signals: Type.Integer({ description: 'how often it fired' }) })),
  variant: Type.Object({
    runLength: Type.Integer({ description: 'points on one side that make a run' }),
    lastPointBeyond: Type.Boolean({ description: 'whether rules of two in three and four in five need the last point beyond the zone' }),
    bothSides: Type.Boolean({ description: 'whether avoiding the middle zone needs points on both sides' }),
  }),
  n: Type.Integer({ description: 'points on the chart' }),
  judged: Type.Integer({ description: 'points neither missing nor excluded' }),
  signals: Type.Array(Type.Object({
    rule: Type.Integer(), at: Type.Integer({ description: 'point it fired at, from 1' }), points: Type.Array(Type.Integer(), { description: 'points concerned, from 1' }),
  })),
});

/** One line a signal. */
export const signalRows = ({ rules, signals }: RuleReport): string[][] =>
  signals.map(({ rule, at, points }) => [String(at), String(rule), rules.find((each) => each.rule === rule)?.text ?? '', points.join(', ')]);

export const signalColumns = [{ heading: 'point', align: 'right' }, { heading: 'rule', align: 'right' }, { heading: 'what it says' }, { heading: 'points concerned' }] as const;
