import type { Command } from 'commander';
import { Option } from 'commander';
import { linearTrend, mannKendall, senSlope } from '@touchstone/statistics/inference';
import type { Alternative, LinearTrend, MannKendall, SenSlope } from '@touchstone/statistics/inference';
import type { Desk } from '../analysis.js';
import { listOf, number, overTable, shown } from '../analysis.js';
import type { DataTable } from '../columns/data-table.js';
import type { Figure } from '../plot/figure.js';
import { table as textTable, wrapped } from '../terminal.js';
import { list, number as described, numberOrNull, oneOf, record, sourceSchema, whole, intervalSchema } from './described-values.js';

interface TrendCommandOptions {
  readonly column: string;
  readonly time?: string;
  readonly alternative: Alternative;
  readonly confidence: number;
  readonly exact?: boolean;
  readonly continuity: boolean;
  readonly predict?: readonly number[];
}

interface TrendResult {
  readonly source: string;
  readonly points: readonly { readonly time: number; readonly value: number | null }[];
  readonly mannKendall: MannKendall;
  readonly senSlope: SenSlope;
  readonly linear: LinearTrend;
}

const alternative = oneOf(['two-sided', 'less', 'greater'], 'what was tested: any trend, a falling or a rising one');
const coefficient = record({ estimate: described('estimate'), standardError: described('standard error'), t: numberOrNull('t; null for a perfect fit'), pValue: numberOrNull('two-sided'), lower: described('lower end'), upper: described('upper end') });

const schema = record({
  source: sourceSchema, points: list(record({ time: described('when'), value: numberOrNull('null where missing') })),
  mannKendall: record({
    n: whole('values'), s: described('pairs that rise minus pairs that fall'), variance: described('of S without a trend'), z: described('z'), tau: described('rank correlation with time'), pValue: described('of no trend'), alternative,
    method: oneOf(['exact', 'normal'], 'where the p-value comes from'), ties: list(whole('size'), 'groups of equal values'),
  }),
  senSlope: record({ n: whole('values'), slope: described('median slope of all pairs, for one unit of time'), intercept: described('median of value minus slope times time'), lower: numberOrNull('lower end; null where there is none'), upper: numberOrNull('upper end'), confidence: described('of the interval') }),
  linear: record({
    n: whole('values'), slope: coefficient, intercept: coefficient, confidence: described('of the intervals'), degreesOfFreedom: whole('n minus 2'), residualStandardDeviation: described('about the line'), rSquared: described('share explained'),
    f: numberOrNull('F'), pValue: numberOrNull('of F'), predictions: list(record({ x: described('time'), fitted: described('value of the line'), mean: intervalSchema('of the mean there'), observation: intervalSchema('of one further value') })),
  }),
});

export function addTrend(stats: Command, desk: Desk): void {
  const command = stats.command('trend').description('whether values rise or fall with time: Mann-Kendall, Sen\'s slope, and a straight line')
    .option('--column <column>', 'values in the order of time', '1').option('--time <column>', 'when each was taken, as a number; 1, 2, … when left out')
    .addOption(new Option('--alternative <which>', 'trend that is looked for').choices(['two-sided', 'less', 'greater']).default('two-sided'))
    .option('--confidence <level>', 'of the intervals', number, 0.95).option('--exact', 'p-value from the distribution of S (at most 50 values, no ties)').option('--no-continuity', 'normal p-value without continuity correction')
    .option('--predict <times>', 'times to continue the line to', listOf(number))
    .addHelpText('after', '\nExamples:\n  touchstone stats trend --column complaints --time month complaints.csv --svg trend.svg\n  touchstone stats trend --column wear --alternative greater --predict 30,40 tool.csv\n');
  overTable<TrendResult, TrendCommandOptions>(command, desk, { schema, compute, text, figure });
}

function compute(table: DataTable, { column, time, exact, predict, ...options }: TrendCommandOptions): TrendResult {
  const values = table.numbersOrNull(column);
  const times = time === undefined ? undefined : table.numbers(time);
  const { alternative: which, confidence, continuity } = options;
  const timed = times === undefined ? {} : { times };
  return {
    source: table.source, points: values.map((value, row) => ({ time: times?.[row] ?? row + 1, value })),
    mannKendall: mannKendall(values, { ...timed, alternative: which, confidence, continuity, exact: exact === true }),
    senSlope: senSlope(values, { ...timed, confidence, alternative: which }),
    linear: linearTrend(values, { confidence, ...(times && { x: times }), ...(predict && { predictAt: predict }) }),
  };
}

const ofNull = (lower: number | null, upper: number | null): string => `${lower === null ? 'no lower end' : shown(lower)} to ${upper === null ? 'no upper end' : shown(upper)}`;

function finding({ mannKendall: { pValue, s, alternative: which }, senSlope: { confidence } }: TrendResult): string {
  if (pValue > 1 - confidence) return `no ${which === 'less' ? 'falling ' : which === 'greater' ? 'rising ' : ''}trend shown at ${shown(100 * confidence)} % confidence`;
  return `a ${s > 0 ? 'rising' : 'falling'} trend at ${shown(100 * confidence)} % confidence`;
}

function text(result: TrendResult, width: number): string {
  const { source, mannKendall: test, senSlope: sen, linear } = result;
  const rows = [
    ['Sen\'s slope', shown(sen.slope), ofNull(sen.lower, sen.upper), `p ${shown(test.pValue, 4)} (Mann-Kendall, ${test.method})`],
    ['least squares', shown(linear.slope.estimate), ofNull(linear.slope.lower, linear.slope.upper), `p ${shown(linear.slope.pValue, 4)} (t), R² ${shown(linear.rSquared, 4)}`],
  ];
  const lines = [`trend of ${source}: ${test.n} values; ${finding(result)}`, `Mann-Kendall S ${shown(test.s)}, z ${shown(test.z, 5)}, tau ${shown(test.tau, 4)}${test.ties.length > 0 ? `, ${test.ties.length} groups of equal values` : ''}`];
  const predictions = linear.predictions.length === 0 ? '' : `\n${textTable([{ heading: 'time', align: 'right' }, { heading: 'line', align: 'right' }, { heading: 'mean there' }, { heading: 'one further value' }],
    linear.predictions.map(({ x, fitted, mean, observation }) => [shown(x), shown(fitted), ofNull(mean.lower, mean.upper), ofNull(observation.lower, observation.upper)]), width)}`;
  return `${lines.flatMap((line) => wrapped(line, width)).join('\n')}\n\n${textTable([{ heading: '' }, { heading: 'slope', align: 'right' }, { heading: `${shown(100 * sen.confidence)} % interval` }, { heading: 'test' }], rows, width)}${predictions}`;
}

function figure(result: TrendResult): Figure {
  const { source, points, senSlope: sen, linear, mannKendall: test } = result;
  const x = points.map(({ time }) => time);
  const ends = [x[0] ?? 0, x.at(-1) ?? 1, ...linear.predictions.map((each) => each.x)].sort((one, other) => one - other);
  const across = [ends[0] ?? 0, ends.at(-1) ?? 1];
  return {
    title: `Trend of ${source}`, notes: [finding(result), `Mann-Kendall p ${shown(test.pValue, 4)}; Sen's slope ${shown(sen.slope)} (${ofNull(sen.lower, sen.upper)}); least squares ${shown(linear.slope.estimate)}, R² ${shown(linear.rSquared, 4)}`],
    panels: [{
      xLabel: 'time', yLabel: 'value', height: 300,
      marks: [
        { kind: 'line', x, y: points.map(({ value }) => value), ink: 'grey', thin: true }, { kind: 'points', x, y: points.map(({ value }) => value), ink: 'blue' },
        { kind: 'line', x: across, y: across.map((at) => sen.intercept + sen.slope * at), ink: 'vermillion' },
        { kind: 'line', x: across, y: across.map((at) => linear.intercept.estimate + linear.slope.estimate * at), ink: 'green', dashes: true },
        ...linear.predictions.map((each) => ({ kind: 'points', x: [each.x, each.x, each.x], y: [each.observation.lower, each.fitted, each.observation.upper], ink: 'green', shape: 'ring' } as const)),
      ],
      legend: [{ text: "Sen's slope", ink: 'vermillion' }, { text: 'least squares', ink: 'green', dashes: true }],
    }],
  };
}
