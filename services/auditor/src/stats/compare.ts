import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { compareProportions, compareRates, poissonRate, proportion } from '@touchstone/statistics/inference';
import type { Alternative, ProportionAnalysis, ProportionComparison, RateAnalysis, RateComparison } from '@touchstone/statistics/inference';
import type { Desk } from '../analysis.js';
import { number, overOptions } from '../analysis.js';
import { Unusable } from '../api.js';
import { compareFigure, compareText } from './compare-shown.js';
import { compareSchema } from './compare-schema.js';

export interface CountOf {
  readonly count: number;
  readonly of: number;
}

interface CompareOptions {
  readonly of: 'proportion' | 'rate';
  readonly first: CountOf;
  readonly second?: CountOf;
  readonly against?: number;
  readonly alternative: Alternative;
  readonly confidence: number;
}

export interface CompareResult {
  readonly of: 'proportion' | 'rate';
  readonly first: ProportionAnalysis | RateAnalysis;
  /** Null without a second sample, as are the comparisons; of them the one that was not asked for is null as well. */
  readonly second: ProportionAnalysis | RateAnalysis | null;
  readonly proportions: ProportionComparison | null;
  readonly rates: RateComparison | null;
}

const EXAMPLES = `
A proportion counts items (12/200: 12 of 200), a rate counts events over an exposure (7/1250.5: 7 in 1250.5 hours, units or m²).

Examples:
  touchstone stats compare --of proportion --first 12/200 --second 3/180
  touchstone stats compare --of proportion --first 4/50 --against 0.02 --alternative greater
  touchstone stats compare --of rate --first 11/800 --second 3/3011 --confidence 0.99 --svg rates.svg
`;

export function addCompare(stats: Command, desk: Desk): void {
  const command = stats.command('compare').description('proportions and rates with exact intervals: one, against a given value, or two against each other')
    .addOption(new Option('--of <what>', 'what is counted').choices(['proportion', 'rate']).makeOptionMandatory())
    .addOption(new Option('--first <count/of>', 'first sample: count and size, or events and exposure').argParser(countOf).makeOptionMandatory())
    .option('--second <count/of>', 'second sample', countOf)
    .option('--against <value>', 'proportion or rate to test the first sample against; of two rates, their ratio (1)', number)
    .addOption(new Option('--alternative <which>', 'whether the first is tested to differ, or to be less or greater').choices(['two-sided', 'less', 'greater']).default('two-sided'))
    .option('--confidence <level>', 'of the intervals', number, 0.95)
    .addHelpText('after', EXAMPLES);
  overOptions<CompareResult, CompareOptions>(command, desk, { schema: compareSchema, compute, text: compareText, figure: compareFigure });
}

function countOf(text: string): CountOf {
  const [, count, of] = /^\s*(\d{1,15})\s*\/\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*$/.exec(text) ?? [];
  if (count === undefined || of === undefined) throw new InvalidArgumentError('It must be a count and what it is of, such as 12/200.');
  return { count: Number(count), of: Number(of) };
}

function compute({ of, first, second, against, alternative, confidence }: CompareOptions): CompareResult {
  const options = { alternative, confidence };
  if (second === undefined) {
    const given = against === undefined ? {} : of === 'proportion' ? { nullProportion: against } : { nullRate: against };
    return { of, first: of === 'proportion' ? proportion(first.count, first.of, { ...options, ...given }) : poissonRate(first.count, first.of, { ...options, ...given }), second: null, proportions: null, rates: null };
  }
  const each = { confidence };
  if (of === 'rate') {
    const rates = compareRates(first.count, first.of, second.count, second.of, { ...options, ...(against !== undefined && { nullRatio: against }) });
    return { of, first: poissonRate(first.count, first.of, each), second: poissonRate(second.count, second.of, each), proportions: null, rates };
  }
  if (against !== undefined) throw new Unusable('--against goes with one proportion, or as the ratio of two rates; two proportions are tested to be equal');
  return { of, first: proportion(first.count, first.of, each), second: proportion(second.count, second.of, each), proportions: compareProportions(first.count, first.of, second.count, second.of, options), rates: null };
}
