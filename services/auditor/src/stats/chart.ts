import type { Command } from 'commander';
import { Option } from 'commander';
import { Type } from '@sinclair/typebox';
import { CHART_TYPES, controlChart } from '@touchstone/statistics/charts';
import { runRules } from '@touchstone/statistics';
import type { ChartData, ChartType, ControlChart, ControlChartOptions, SigmaMethod } from '@touchstone/statistics/charts';
import type { RuleReport } from '@touchstone/statistics';
import type { Desk } from '../analysis.js';
import { columnName, listOf, number, overTable, shown, wholeNumber } from '../analysis.js';
import type { DataTable } from '../columns/data-table.js';
import { table as textTable, wrapped } from '../terminal.js';
import { chartData } from './chart-data.js';
import type { ChartColumns } from './chart-data.js';
import { basisOf, chartFigure, drawnLimits, plottedNames } from './chart-figure.js';
import { chartSchema } from './chart-schema.js';
import { ruleOptions, ruleReportSchema, signalColumns, signalRows, withRuleOptions } from './run-rule-options.js';
import type { AskedRules } from './run-rule-options.js';

interface ChartOptions extends ChartColumns, AskedRules {
  readonly type: ChartType;
  readonly phase1?: number;
  readonly exclude?: readonly number[];
  readonly width?: number;
  readonly center?: number;
  readonly sigma?: number;
  readonly sigmaMethod?: SigmaMethod;
  readonly tabulated?: boolean;
  readonly span?: number;
  readonly lambda?: number;
  readonly steady?: boolean;
  readonly k?: number;
  readonly h?: number;
  readonly headStart?: number;
  readonly reset?: boolean;
  readonly alpha?: number;
  readonly points?: boolean;
}

export interface ChartResult {
  readonly source: string;
  readonly chart: ControlChart;
  /** Null on charts that run rules do not apply to, and where none are asked for. */
  readonly rules: RuleReport | null;
}

const schema = Type.Object({
  source: Type.String({ description: 'what was read' }),
  chart: chartSchema,
  rules: Type.Union([ruleReportSchema, Type.Null()], { description: 'null where run rules do not apply (CUSUM, T², EWMA) or none were asked for' }),
});

const EXAMPLES = `
Examples:
  touchstone stats chart --type xbar-r --subgroup 5 pistonrings.csv --svg rings.svg
  touchstone stats chart --type i-mr --columns thickness --phase1 20 --rules western-electric plating.csv
  touchstone stats chart --type p --count defectives --size inspected daily.tsv --json
  touchstone stats chart --type cusum --columns x --center 325 --sigma 1.27 --k 0.5 --h 4 filling.csv
`;

export function addChart(stats: Command, desk: Desk): void {
  const command = stats.command('chart').description('a control chart: limits, points beyond them, run rules')
    .addOption(new Option('--type <type>', 'kind of chart').choices(CHART_TYPES).makeOptionMandatory())
    .option('--columns <columns>', 'names or numbers of the columns with the values; all when left out', listOf(columnName))
    .option('--subgroup <size>', 'values that belong together, taken row by row; a row when left out', wholeNumber)
    .option('--by <column>', 'rows with the same text here belong together')
    .option('--count <column>', 'defectives or defects, on charts of attributes').option('--size <column>', 'items or units inspected')
    .option('--size-each <number>', 'items or units inspected, the same at every point', number)
    .option('--phase1 <points>', 'limits rest on the first so many points; all when left out', wholeNumber)
    .option('--exclude <points>', 'numbers of points that limits do not rest on', listOf(wholeNumber))
    .option('--center <value>', 'center line that is known', number).option('--sigma <value>', 'standard deviation of single values that is known', number)
    .option('--sigma-method <method>', 'how sigma is estimated: UWAVE-R, UWAVE-SD, MVLUE-R, MVLUE-SD, RMSDF; individuals MR, MEDIAN-MR, SD')
    .option('--tabulated', 'factors as printed in tables (d2 to three decimals), not exact')
    .option('--width <sigmas>', 'distance of the limits in standard deviations (3)', number)
    .option('--span <values>', 'individuals: values in a moving range (2)', wholeNumber)
    .option('--lambda <weight>', 'EWMA: weight of the newest point (0.2)', number).option('--steady', 'EWMA: limits as they become in the long run')
    .option('--k <sigmas>', 'CUSUM: allowance (0.5)', number).option('--h <sigmas>', 'CUSUM: decision interval (5)', number)
    .option('--head-start <sigmas>', 'CUSUM: where both sums begin (0)', number).option('--reset', 'CUSUM: begin anew after a signal')
    .option('--alpha <probability>', 'T²: false alarms a point (0.0027)', number)
    .option('--points', 'list every point, not only those with a signal')
    .addHelpText('after', EXAMPLES);
  overTable<ChartResult, ChartOptions>(withRuleOptions(command), desk, { schema, compute, text, figure: ({ chart, rules, source }) => chartFigure(chart, rules, source) });
}

function compute(from: DataTable, options: ChartOptions): ChartResult {
  const { type } = options;
  const chart = controlChart(type, chartData(type, from, options) as ChartData<ChartType>, libraryOptions(options));
  return { source: from.source, chart, rules: rulesOf(chart, options) };
}

function libraryOptions(options: ChartOptions): ControlChartOptions {
  const { phase1, exclude, width, center, sigma, sigmaMethod, tabulated, span, lambda, steady, k, h, headStart, reset, alpha } = options;
  const given = center !== undefined || sigma !== undefined ? { given: { center, sigma } } : {};
  const asked = { phase1, excluded: exclude, widthSigmas: width, sigmaMethod, span, lambda, k, h, headStart, reset, alpha };
  const present = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return { ...present, ...given, ...(tabulated && { factors: 'tabulated' as const }), ...(steady && { limits: 'steady' as const }) };
}

/** Run rules count in the σ of what is plotted; neighbours of EWMA, CUSUM and T² are not independent, so there they mean nothing. */
function rulesOf({ type, points }: ControlChart, options: ChartOptions): RuleReport | null {
  if (options.rules === 'none' || type === 'ewma' || type === 'cusum' || type === 't2') return null;
  const judged = points.map(({ value, sigma }) => (sigma === null || sigma <= 0 ? null : value));
  const limits = { center: points.map(({ center }) => center), sigma: points.map(({ sigma }) => (sigma === null || sigma <= 0 ? 1 : sigma)) };
  return runRules(judged, limits, ruleOptions(options));
}

function text({ chart, rules, source }: ChartResult, width: number, { points: every }: ChartOptions): string {
  const panels = [chart, ...(chart.companion ? [chart.companion] : [])];
  const heading = `${wrapped(`${chart.type} chart of ${source}: ${chart.points.length} points; ${basisOf(chart)}`, width).join('\n')}\n\n`;
  const limits = textTable([{ heading: 'plotted' }, { heading: 'center', align: 'right' }, { heading: 'lower limit', align: 'right' }, { heading: 'upper limit', align: 'right' }, { heading: 'points beyond' }],
    panels.map((panel) => [plottedNames[panel.plotted], ...limitsShown(panel), panel.beyond.length === 0 ? 'none' : panel.beyond.join(', ')]), width);
  const signals = rules === null ? '' : rules.signals.length === 0 ? `\nno rule of ${rules.set} fires\n` : `\n${textTable(signalColumns, signalRows(rules), width)}`;
  return heading + limits + runsText(panels, width) + signals + (every ? `\n${pointsText(panels, width)}` : '');
}

const limitsShown = (panel: ControlChart): string[] => (['center', 'lcl', 'ucl'] as const).map((line) => {
  if (line !== 'center' && !drawnLimits(panel).includes(line)) return '-';
  const values = panel.points.map((point) => point[line]).filter(Number.isFinite);
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  return values.length === 0 ? '-' : shown(low) === shown(high) ? shown(low) : `${shown(low)} to ${shown(high)}`;
});

/** CUSUM: where the run that signals began, and the process mean it estimates. */
function runsText(panels: readonly ControlChart[], width: number): string {
  const rows = panels.flatMap(({ points, plotted }) => points.filter(({ beyond, since }) => beyond !== null && since !== undefined)
    .map(({ index, since, estimatedMean }) => [String(index), plottedNames[plotted], String(since), shown(estimatedMean)]));
  return rows.length === 0 ? '' : `\n${textTable([{ heading: 'signal at', align: 'right' }, { heading: 'of' }, { heading: 'run began at', align: 'right' }, { heading: 'mean since then', align: 'right' }], rows, width)}`;
}

const pointsText = (panels: readonly ControlChart[], width: number): string => panels.map((panel) => textTable(
  [{ heading: plottedNames[panel.plotted] }, { heading: 'n', align: 'right' }, { heading: 'value', align: 'right' }, { heading: 'center', align: 'right' }, { heading: 'lower', align: 'right' }, { heading: 'upper', align: 'right' }, { heading: '' }],
  panel.points.map(({ index, n, value, center, lcl, ucl, beyond, excluded }) =>
    [String(index), String(n), shown(value), shown(center), shown(lcl), shown(ucl), [beyond, excluded ? 'excluded' : undefined].filter(Boolean).join(', ')]), width)).join('\n');
