import type { Command } from 'commander';
import { Option } from 'commander';
import { kaplanMeier, kaplanMeierByGroup, logRankTest, pairwiseLogRankTests, restrictedMean, survivalAt, survivalQuantiles } from '@touchstone/loyalty/survival';
import type { IntervalScale, Label, LogRankTest, LogRankWeighting, PairwiseLogRank, RestrictedMean, SurvivalAt, SurvivalCurve, SurvivalQuantile } from '@touchstone/loyalty/survival';
import type { Desk } from '../analysis.js';
import { columnName, listOf, number, overTable, shown } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { table as textTable } from '../terminal.js';
import { survivalFigure } from './survival-figure.js';
import { survivalSchema as schema } from './survival-schema.js';
import { eventColumn, given, interval, labels, pShown } from './table-columns.js';

interface SurvivalOptions {
  readonly time: string;
  readonly event: string;
  readonly start?: string;
  readonly weight?: string;
  readonly group?: string;
  readonly strata?: string;
  readonly at?: readonly number[];
  readonly quantiles?: readonly number[];
  readonly until?: number;
  readonly confidence?: number;
  readonly interval: IntervalScale;
  readonly weighting: Exclude<LogRankWeighting, object>;
  readonly rho?: number;
  readonly gamma?: number;
  readonly trend?: boolean;
}

export interface SurvivalResult {
  readonly source: string;
  readonly event: { readonly column: string; readonly value: string | null };
  readonly curves: readonly {
    readonly group: Label | null;
    readonly curve: SurvivalCurve;
    readonly quantiles: readonly SurvivalQuantile[];
    readonly restrictedMean: RestrictedMean;
    readonly at: readonly SurvivalAt[];
  }[];
  readonly logRank: LogRankTest | null;
  readonly pairwise: readonly PairwiseLogRank[];
}

const EXAMPLES = `
Examples:
  touchstone models survival --time T --event E --group group waltons_dataset.csv --svg waltons.svg
  touchstone models survival --time tenure --event Churn=Yes --group Contract --at 12,24,48 Telco-Customer-Churn.csv
`;

export function addSurvival(models: Command, desk: Desk): void {
  const command = models.command('survival').description('how long customers stay: Kaplan–Meier curves with intervals, log-rank test of groups')
    .requiredOption('--time <column>', 'how long each row was observed', columnName).requiredOption('--event <column[=value]>', 'what ended it: column=value, or a column with 1 for the event and 0 for cut off', columnName)
    .option('--start <column>', 'when observation of the row began; from the beginning when left out', columnName).option('--weight <column>', 'how often the row counts', columnName)
    .option('--group <column>', 'groups to compare', columnName).option('--strata <column>', 'compare groups within these only', columnName)
    .option('--at <times>', 'times to read the curves at', listOf(number)).option('--quantiles <shares>', 'shares of which the time is wanted (0.25,0.5,0.75)', listOf(number))
    .option('--until <time>', 'horizon of the mean time; the last time of each group when left out', number)
    .option('--confidence <probability>', 'of the intervals (0.95)', number)
    .addOption(new Option('--interval <scale>', 'on which intervals are symmetric').choices(['plain', 'log', 'log-log', 'logit', 'arcsin']).default('log'))
    .addOption(new Option('--weighting <test>', 'what an event counts in the test').choices(['log-rank', 'gehan', 'tarone-ware']).default('log-rank'))
    .option('--rho <power>', 'instead: S^rho·(1 − S)^gamma (Fleming and Harrington)', number).option('--gamma <power>', 'with --rho (0)', number)
    .option('--trend', 'also test for a trend along the groups in their order')
    .addHelpText('after', EXAMPLES);
  overTable<SurvivalResult, SurvivalOptions>(command, desk, { schema, compute, text, figure: survivalFigure });
}

function compute(table: DataTable, options: SurvivalOptions): SurvivalResult {
  const { group, strata, at = [], until } = options;
  const { column, value, values: event } = eventColumn(table, options.event);
  const observations = {
    time: table.numbers(options.time), event,
    ...(options.start !== undefined && { entry: table.numbers(options.start) }), ...(options.weight !== undefined && { weights: table.numbers(options.weight) }),
  };
  const asked = { interval: options.interval, ...given({ confidence: options.confidence }) };
  const groups = group === undefined ? undefined : labels(table, group);
  const curves = groups === undefined ? [{ group: null, curve: kaplanMeier(observations, asked) }] : kaplanMeierByGroup({ ...observations, group: groups }, asked);
  const result = {
    source: table.source, event: { column, value },
    curves: curves.map((each) => ({
      ...each, quantiles: survivalQuantiles(each.curve, options.quantiles ?? [0.25, 0.5, 0.75]), restrictedMean: restrictedMean(each.curve, until), at: survivalAt(each.curve, at),
    })),
  };
  if (groups === undefined) return { ...result, logRank: null, pairwise: [] };
  const compared = { ...observations, group: groups, ...(strata !== undefined && { strata: labels(table, strata) }) };
  const weighting = weightingOf(options);
  const logRank = logRankTest(compared, { weighting, ...(options.trend && { scores: curves.map((_, index) => index + 1) }) });
  return { ...result, logRank, pairwise: curves.length > 2 ? pairwiseLogRankTests(compared, { weighting }) : [] };
}

function weightingOf({ weighting, rho, gamma }: SurvivalOptions): LogRankWeighting {
  if (rho === undefined && gamma !== undefined) throw new Unusable('--gamma belongs to --rho: give both');
  return rho === undefined ? weighting : { rho, ...(gamma !== undefined && { gamma }) };
}

function text({ source, event, curves, logRank, pairwise }: SurvivalResult, width: number, { time, group, weighting, rho }: SurvivalOptions): string {
  const name = group ?? 'group';
  const heading = `${source}: ${time} until ${event.column}${event.value === null ? '' : ` is ${event.value}`}\n\n`;
  const confidence = `${100 * (curves[0]?.curve.confidence ?? 0.95)} %`;
  const summary = textTable(
    [{ heading: name }, ...['rows', 'events', 'median', `${confidence} interval`, 'mean', 'up to'].map((each) => ({ heading: each, align: 'right' as const }))],
    curves.map(({ group: label, curve, restrictedMean: mean }) => [label === null ? 'all' : String(label), shown(curve.n), shown(curve.events), curve.median.estimate === null ? 'not reached' : shown(curve.median.estimate),
      interval(curve.median.lower, curve.median.upper), shown(mean.estimate, 5), shown(mean.horizon)]), width);
  const reached = curves.flatMap(({ group: label, at }) => at.map(({ time: when, atRisk, survival, lower, upper }) => [label === null ? 'all' : String(label), shown(when), shown(atRisk), shown(survival, 4), interval(lower, upper)]));
  const atTimes = reached.length === 0 ? '' : `\n${textTable([{ heading: name }, { heading: time, align: 'right' }, { heading: 'at risk', align: 'right' }, { heading: 'without the event', align: 'right' }, { heading: `${confidence} interval` }], reached, width)}`;
  return heading + summary + atTimes + (logRank === null ? '' : testText(logRank, name, rho === undefined ? weighting : `Fleming–Harrington (rho ${rho})`, width)) + pairsText(pairwise, width);
}

function testText({ chiSquare, df, pValue, groups, trend }: LogRankTest, name: string, test: string, width: number): string {
  return `\n${test} test of the same hazard in all groups: χ² ${shown(chiSquare)}, ${df} df, p ${pShown(pValue)}\n`
    + (trend === null ? '' : `trend along the groups: z ${shown(trend.z, 4)}, p ${pShown(trend.pValue)}\n`)
    + textTable([{ heading: name }, { heading: 'rows', align: 'right' }, { heading: 'observed', align: 'right' }, { heading: 'expected', align: 'right' }],
      groups.map(({ group, n, observed, expected }) => [String(group), shown(n), shown(observed), expected.toFixed(2)]), width);
}

const pairsText = (pairwise: readonly PairwiseLogRank[], width: number): string => (pairwise.length === 0 ? '' : `\n${textTable(
  [{ heading: 'each two groups' }, { heading: 'χ²', align: 'right' }, { heading: 'p', align: 'right' }, { heading: 'p by Holm', align: 'right' }],
  pairwise.map(({ groups, chiSquare, pValue, adjustedPValue }) => [groups.join(' and '), chiSquare.toFixed(3), pShown(pValue), pShown(adjustedPValue)]), width)}`);
