import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { StatisticsError } from '@touchstone/statistics';
import type { NelsonTest } from '@touchstone/statistics';
import { capability, clementsCapability, percentileCapability, specificationOf } from '@touchstone/statistics/capability';
import type { Capability, CapabilityOptions, ClementsCapability, PercentileCapability, QuantileType, Specification, WithinMethod } from '@touchstone/statistics/capability';
import type { Desk } from '../analysis.js';
import { columnName, listOf, number, overTable, wholeNumber } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { capabilityFigure } from './capability-figure.js';
import { capabilitySchema } from './capability-schema.js';
import { capabilityText } from './capability-text.js';
import { histogramOf } from './histogram.js';
import type { Bin } from './histogram.js';

interface CapabilityCommandOptions {
  readonly lower?: number;
  readonly upper?: number;
  readonly target?: number;
  readonly columns?: readonly string[];
  readonly subgroup?: number;
  readonly by?: string;
  readonly method: 'normal' | 'box-cox' | 'percentile' | 'clements';
  readonly lambda: number | 'rounded' | 'estimate';
  readonly quantile: string;
  readonly within?: WithinMethod | 'none';
  readonly unbiased: NonNullable<CapabilityOptions['unbiased']>;
  readonly degreesOfFreedom: NonNullable<CapabilityOptions['degreesOfFreedom']>;
  readonly confidence: number;
  readonly allowUnstable?: boolean;
  readonly tests?: readonly number[];
  readonly bins?: number;
}

export interface CapabilityResult {
  readonly source: string;
  readonly method: CapabilityCommandOptions['method'];
  /** In the unit of the values. */
  readonly specification: Specification;
  readonly histogram: readonly Bin[];
  /** Null for percentiles. */
  readonly capability: Capability | null;
  /** Null unless by percentiles of the values, or of the Pearson curve through their moments (Clements). */
  readonly percentile: PercentileCapability | ClementsCapability | null;
}

const EXAMPLES = `
Examples:
  touchstone stats capability --lower 73.95 --upper 74.05 --subgroup 5 pistonrings.csv --svg rings.svg
  touchstone stats capability --upper 0.5 --columns radiation --method box-cox doors.csv
  touchstone stats capability --lower 740 --upper 760 --target 750 --columns volume --confidence 0.99 bottles.tsv
`;

export function addCapability(stats: Command, desk: Desk): void {
  const command = stats.command('capability').description('whether a process fits between its limits: Cp, Cpk, Pp, Ppk, Cpm with intervals; refused while it is unstable')
    .option('--lower <limit>', 'lower specification limit', number).option('--upper <limit>', 'upper specification limit', number)
    .option('--target <value>', 'target; the middle of two limits when left out', number)
    .option('--columns <columns>', 'names or numbers of the columns with the values; all when left out', listOf(columnName))
    .option('--subgroup <size>', 'values that belong together, taken row by row; with several columns a row when left out, with one individuals', wholeNumber)
    .option('--by <column>', 'rows with the same text here belong together')
    .addOption(new Option('--method <method>', 'normal distribution, power of Box and Cox, percentiles of the values, or of a Pearson curve (Clements)').choices(['normal', 'box-cox', 'percentile', 'clements']).default('normal'))
    .option('--lambda <power>', 'Box-Cox: the power, estimate, or rounded to the nearest half', power, 'rounded')
    .addOption(new Option('--quantile <type>', 'percentile: type by Hyndman and Fan').choices(['6', '7', '8']).default('7'))
    .addOption(new Option('--within <method>', 'spread within subgroups; none: performance only').choices(['range', 'standard-deviation', 'pooled', 'moving-range', 'none']))
    .addOption(new Option('--unbiased <which>', 'standard deviations divided by c4').choices(['none', 'pooled', 'overall', 'both']).default('none'))
    .addOption(new Option('--degrees-of-freedom <kind>', 'of the spread within subgroups: those it has, or n - 1 as some software takes').choices(['effective', 'values']).default('effective'))
    .option('--confidence <level>', 'of the intervals', number, 0.95)
    .option('--allow-unstable', 'show Cpk of an unstable process all the same').option('--tests <numbers>', 'run rules that must not fire (1,2)', listOf(wholeNumber))
    .option('--bins <number>', 'bars of the histogram', wholeNumber)
    .addHelpText('after', EXAMPLES);
  overTable<CapabilityResult, CapabilityCommandOptions>(command, desk, { schema: capabilitySchema, compute, text: capabilityText, figure: capabilityFigure });
}

function power(text: string): number | 'rounded' | 'estimate' {
  if (text === 'rounded' || text === 'estimate') return text;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number, estimate or rounded.');
  return value;
}

function compute(table: DataTable, options: CapabilityCommandOptions): CapabilityResult {
  const { lower, upper, target, method } = options;
  const limits = { ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }), ...(target !== undefined && { target }) };
  const specification = specificationOf(limits);
  const columns = options.columns ?? table.names.filter((name) => name !== options.by);
  const values = table.byRow(columns).flat();
  const known = values.filter((value) => value !== null);
  const percentile = method === 'percentile' ? percentileCapability(known, limits, { quantileType: Number(options.quantile) as QuantileType })
    : method === 'clements' ? clements(known, limits) : null;
  return {
    source: table.source, method, specification,
    capability: percentile === null ? stable(() => capability(values, limits, { ...libraryOptions(options), subgroups: subgroups(table, columns.length, options) })) : null,
    percentile, histogram: histogramOf(known, options.bins),
  };
}

/** The library names its own functions where a Pearson curve fits badly; here it is a method of the command. */
function clements(values: readonly number[], limits: Parameters<typeof clementsCapability>[1]): ClementsCapability {
  try {
    return clementsCapability(values, limits);
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    throw new Unusable(error.message.replace('percentileCapability', '--method percentile').replace('a transformation', '--method box-cox'));
  }
}

function libraryOptions({ method, lambda, within, unbiased, degreesOfFreedom, confidence, allowUnstable, tests }: CapabilityCommandOptions): CapabilityOptions {
  return {
    level: confidence, unbiased, degreesOfFreedom, allowUnstable: allowUnstable === true, ...(within && { within }),
    ...(tests && { stabilityTests: tests as readonly NelsonTest[] }), ...(method === 'box-cox' && { boxCox: lambda }),
  };
}

function subgroups(table: DataTable, width: number, { subgroup, by }: CapabilityCommandOptions): number | readonly string[] {
  if (by !== undefined) return table.texts(by).flatMap((name) => Array.from({ length: width }, () => name));
  return subgroup ?? width;
}

/** The library names its own options where it refuses an unstable process; here they are those of the command. */
function stable<R>(compute: () => R): R {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StatisticsError) || error.code !== 'UNSTABLE_PROCESS') throw error;
    throw new Unusable(`${error.message.replace(/;.*$/, '')}; find the causes, ask for performance only (--within none), or show Cpk all the same (--allow-unstable)`);
  }
}
