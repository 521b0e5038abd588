import type { Command } from 'commander';
import { Option } from 'commander';
import { lag1Autocorrelation } from '@touchstone/statistics';
import { changePoint, changePoints } from '@touchstone/statistics/inference';
import type { ChangePoint, ChangePointMethod, ChangePoints, Segment } from '@touchstone/statistics/inference';
import type { Desk } from '../analysis.js';
import { number, overTable, shown, wholeNumber } from '../analysis.js';
import type { DataTable } from '../columns/data-table.js';
import type { Figure } from '../plot/figure.js';
import { table as textTable, wrapped } from '../terminal.js';
import { list, number as described, oneOf, record, sourceSchema, whole } from './described-values.js';

interface ChangeCommandOptions {
  readonly column: string;
  readonly method: ChangePointMethod;
  readonly alpha: number;
  readonly resamples: number;
  readonly seed: number;
  readonly leastSegment: number;
  readonly single?: boolean;
}

interface ChangeResult {
  readonly source: string;
  readonly values: readonly number[];
  readonly alpha: number;
  /** Of neighbouring values, about the means of the segments. */
  readonly autocorrelation: number;
  readonly changes: ChangePoints['changes'];
  readonly segments: readonly Segment[];
}

const part = record({ n: whole('values'), mean: described('their mean') });

const schema = record({
  source: sourceSchema, values: list(described('value'), 'in the order of time'), alpha: described('largest p-value that counts as a change'), autocorrelation: described('of neighbouring values about the means of their segments; the test presumes 0'),
  changes: list(record({
    method: oneOf(['cusum', 'likelihood-ratio'], 'statistic'), lastBefore: whole('last point before the change, from 1'), firstAfter: whole('first point after it'), statistic: described('the statistic'),
    pValue: described('share of the random orders at least as extreme'), confidence: described('share of the random orders less extreme (Taylor)'), before: part, after: part,
    squares: record({ one: described('about one mean'), two: described('about two') }, 'sums of squares'), level: whole('1: found in the whole series, 2 in a part of it, …'),
  })), segments: list(record({ first: whole('first point'), last: whole('last point'), n: whole('points'), mean: described('their mean') })),
});

export function addChangePoint(stats: Command, desk: Desk): void {
  const command = stats.command('change-point').description('when the mean of a series changed, with a permutation test')
    .option('--column <column>', 'values in the order of time', '1')
    .addOption(new Option('--method <method>', 'statistic: cumulated sums (Taylor), or likelihood ratio').choices(['cusum', 'likelihood-ratio']).default('likelihood-ratio'))
    .option('--alpha <p>', 'largest p-value that counts as a change', number, 0.05).option('--resamples <number>', 'random orders to compare with', wholeNumber, 999).option('--seed <number>', 'the same seed gives the same orders', wholeNumber, 1)
    .option('--least-segment <values>', 'fewest values on either side of a change', wholeNumber, 2).option('--single', 'the most likely single change, whatever its p-value')
    .addHelpText('after', '\nExamples:\n  touchstone stats change-point --column flow nile.csv --svg nile.svg\n  touchstone stats change-point --column scrap --method cusum --alpha 0.01 weekly.csv --json\n');
  overTable<ChangeResult, ChangeCommandOptions>(command, desk, { schema, compute, text, figure });
}

function compute(table: DataTable, { column, method, alpha, resamples, seed, leastSegment, single }: ChangeCommandOptions): ChangeResult {
  const values = [...table.numbers(column)];
  const options = { method, resamples, seed, minimumSegment: leastSegment };
  const found = single ? alone(values, changePoint(values, options)) : changePoints(values, { ...options, alpha });
  const about = found.segments.flatMap(({ first, last, mean }) => values.slice(first - 1, last).map((value) => value - mean));
  return { source: table.source, values, alpha, autocorrelation: about.length < 3 || about.every((each) => each === 0) ? 0 : lag1Autocorrelation(about), ...found };
}

const alone = (values: readonly number[], change: ChangePoint): ChangePoints => ({
  changes: [{ ...change, level: 1 }],
  segments: [{ first: 1, last: change.lastBefore, ...change.before }, { first: change.firstAfter, last: values.length, ...change.after }],
});

const summary = ({ changes, values, alpha }: ChangeResult): string =>
  changes.length === 0 ? `${values.length} values, no change of the mean shown (alpha ${shown(alpha)})` : `${values.length} values, the mean changes after ${changes.length === 1 ? 'point' : 'points'} ${changes.map(({ lastBefore }) => lastBefore).join(', ')}`;

const LARGE = 0.3;

function text(result: ChangeResult, width: number): string {
  const { source, changes, segments, autocorrelation } = result;
  const right = (heading: string) => ({ heading, align: 'right' as const });
  return [
    `${wrapped(`change points of ${source}: ${summary(result)}`, width).join('\n')}\n`,
    ...(changes.length > 0 ? [textTable([right('last before'), right('first after'), right('mean before'), right('mean after'), right('p'), right('confidence'), right('level')],
      changes.map((change) => [String(change.lastBefore), String(change.firstAfter), shown(change.before.mean), shown(change.after.mean), shown(change.pValue, 3), `${shown(100 * change.confidence, 4)} %`, String(change.level)]), width)] : []),
    textTable([right('from'), right('to'), right('values'), right('mean')], segments.map(({ first, last, n, mean }) => [String(first), String(last), String(n), shown(mean)]), width),
    ...(Math.abs(autocorrelation) > LARGE ? [`${wrapped(`neighbouring values are correlated (${shown(autocorrelation, 3)}) within the segments: the test presumes that they are not, and can find changes that are none`, width).join('\n')}\n`] : []),
  ].join('\n');
}

function figure(result: ChangeResult): Figure {
  const { source, values, segments, changes } = result;
  const x = values.map((_, index) => index + 1);
  return {
    title: `Change points of ${source}`, notes: [summary(result), ...(changes.length > 0 ? [changes.map(({ lastBefore, pValue, before, after }) => `after ${lastBefore}: ${shown(before.mean, 4)} to ${shown(after.mean, 4)}, p ${shown(pValue, 3)}`).slice(0, 4).join('; ')] : [])],
    panels: [{
      xLabel: 'point', yLabel: 'value', height: 300, x: { low: 0.5, high: values.length + 0.5 },
      marks: [
        { kind: 'line', x, y: values, ink: 'blue', thin: true }, ...(values.length > 400 ? [] : [{ kind: 'points', x, y: values, ink: 'blue' } as const]),
        ...segments.map(({ first, last, mean }) => ({ kind: 'line', x: [first - 0.5, last + 0.5], y: [mean, mean], ink: 'vermillion' } as const)),
        ...changes.map(({ lastBefore }) => ({ kind: 'upright', at: lastBefore + 0.5, label: `after ${lastBefore}`, ink: 'grey', dashes: true } as const)),
      ],
      legend: [{ text: 'mean of the segment', ink: 'vermillion' }],
    }],
  };
}
