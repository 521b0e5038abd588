import type { Command } from 'commander';
import { Option } from 'commander';
import { sampleSizeForMean, sampleSizeForProportion, sampleSizeToCompareMeans, sampleSizeToCompareProportions, sampleSizeToDetect, sampleSizeToTestProportion } from '@touchstone/statistics/inference';
import type { SampleSize } from '@touchstone/statistics/inference';
import type { Desk } from '../analysis.js';
import { number, overOptions, shown, wholeNumber } from '../analysis.js';
import { Unusable } from '../api.js';
import { wrapped } from '../terminal.js';
import { number as described, oneOf, record, whole } from './described-values.js';

const PURPOSES = ['estimate-mean', 'estimate-proportion', 'compare-means', 'compare-proportions', 'test-proportion', 'detect'] as const;

interface SizeOptions {
  readonly to: (typeof PURPOSES)[number];
  readonly margin?: number;
  readonly sigma?: number;
  readonly sigmaEstimated?: boolean;
  readonly proportion?: number;
  readonly population?: number;
  readonly delta?: number;
  readonly samples: string;
  readonly normal?: boolean;
  readonly first?: number;
  readonly second?: number;
  readonly share?: number;
  readonly allowed: number;
  readonly lot?: number;
  readonly confidence: number;
  readonly alpha: number;
  readonly power: number;
  readonly oneSided?: boolean;
}

interface SizeResult extends SampleSize {
  readonly to: SizeOptions['to'];
  /** Samples of that size. */
  readonly samples: number;
  readonly achieves: 'margin' | 'power' | 'confidence';
}

const schema = record({
  to: oneOf(PURPOSES, 'what the sample is for'), n: whole('items to take; with two samples, in each'), exact: described('before rounding up'), achieved: described('what n achieves'),
  samples: whole('samples of that size'), achieves: oneOf(['margin', 'power', 'confidence'], 'what `achieved` is'),
});

const EXAMPLES = `
Needed: estimate-mean --margin --sigma; estimate-proportion --margin; compare-means --delta --sigma; compare-proportions --first
--second; test-proportion --first (expected) --second (to be found); detect --share (defective, or 1 minus reliability).

Examples:
  touchstone stats sample-size --to estimate-proportion --margin 0.03 --confidence 0.95 --population 5000
  touchstone stats sample-size --to compare-means --delta 1.5 --sigma 2 --power 0.8
  touchstone stats sample-size --to detect --share 0.05 --confidence 0.9
`;

export function addSampleSize(stats: Command, desk: Desk): void {
  const command = stats.command('sample-size').description('how large a sample must be: to estimate, to compare, to test, to detect')
    .addOption(new Option('--to <purpose>', 'what the sample is for').choices(PURPOSES).makeOptionMandatory())
    .option('--margin <value>', 'largest error of the estimate, to either side', number).option('--sigma <value>', 'standard deviation of single values', number).option('--sigma-estimated', 'sigma is estimated from the sample: by the t distribution')
    .option('--proportion <value>', 'proportion that is expected; 0.5, the worst case, when left out', number).option('--population <items>', 'size of the population', wholeNumber)
    .option('--delta <value>', 'difference of means to find', number).addOption(new Option('--samples <number>', 'compare-means: one sample against a known value, or two').choices(['1', '2']).default('2')).option('--normal', 'compare-means: sigma is known')
    .option('--first <proportion>', 'first proportion', number).option('--second <proportion>', 'second proportion', number)
    .option('--share <value>', 'detect: share of defectives', number).option('--allowed <number>', 'detect: defectives at which the demonstration still succeeds', wholeNumber, 0).option('--lot <items>', 'detect: items in the lot', wholeNumber)
    .option('--confidence <level>', 'of estimates and detection', number, 0.95).option('--alpha <risk>', 'of comparisons and tests: probability of a false alarm', number, 0.05).option('--power <probability>', 'of comparisons and tests: probability of finding the difference', number, 0.9)
    .option('--one-sided', 'comparisons and tests to one side only')
    .addHelpText('after', EXAMPLES);
  overOptions<SizeResult, SizeOptions>(command, desk, { schema, compute, text });
}

function compute(options: SizeOptions): SizeResult {
  const { to, confidence, alpha, power, population } = options;
  const given = (name: 'margin' | 'sigma' | 'delta' | 'first' | 'second' | 'share'): number => {
    const value = options[name];
    if (value === undefined) throw new Unusable(`a sample to ${to.replace('-', ' a ').replace('a means', 'means').replace('a proportions', 'proportions')} needs --${name}`);
    return value;
  };
  const estimation = { confidence, ...(population !== undefined && { population }) };
  const test = { alpha, power, alternative: options.oneSided ? 'one-sided' as const : 'two-sided' as const };
  switch (to) {
    case 'estimate-mean': return { to, ...sampleSizeForMean(given('margin'), given('sigma'), { ...estimation, sigmaKnown: !options.sigmaEstimated }), samples: 1, achieves: 'margin' };
    case 'estimate-proportion': return { to, ...sampleSizeForProportion(given('margin'), options.proportion, estimation), samples: 1, achieves: 'margin' };
    case 'compare-means': {
      const samples = options.samples === '1' ? 1 : 2;
      return { to, ...sampleSizeToCompareMeans(given('delta'), given('sigma'), { ...test, samples, distribution: options.normal ? 'normal' : 't' }), samples, achieves: 'power' };
    }
    case 'compare-proportions': return { to, ...sampleSizeToCompareProportions(given('first'), given('second'), test), samples: 2, achieves: 'power' };
    case 'test-proportion': return { to, ...sampleSizeToTestProportion(given('first'), given('second'), test), samples: 1, achieves: 'power' };
    case 'detect': return { to, ...sampleSizeToDetect(given('share'), { confidence, allowedFailures: options.allowed, ...(options.lot !== undefined && { lotSize: options.lot }) }), samples: 1, achieves: 'confidence' };
  }
}

function text({ n, exact, achieved, samples, achieves }: SizeResult, width: number): string {
  const achieving = achieves === 'margin' ? `estimates within ± ${shown(achieved)}` : `has a ${achieves} of ${shown(achieved, 5)}`;
  return `${wrapped(`take ${n} ${samples === 2 ? 'in each of two samples' : 'items'}: that ${achieving}${Number.isInteger(exact) ? '' : ` (${shown(exact)} before rounding)`}`, width).join('\n')}\n`;
}
