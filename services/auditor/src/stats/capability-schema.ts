import { Type } from '@sinclair/typebox';
import { estimateSchema, list, number, numberOrNull, oneOf, orNull, record, sourceSchema, truth, whole, word } from './described-values.js';

const specification = (description: string) => record({ lower: numberOrNull('lower limit'), upper: numberOrNull('upper limit'), target: numberOrNull('target') }, description);
const index = estimateSchema('index with its interval');
const fallout = (description: string) => record({ below: numberOrNull('below the lower limit'), above: numberOrNull('above the upper limit'), total: number('together') }, description);

const common = {
  cpm: orNull(index, 'by the spread about the target'), cpmShorterSide: numberOrNull('Cpm with twice the shorter way from the target to a limit'),
  zLower: numberOrNull('standard deviations from the mean to the lower limit'), zUpper: numberOrNull('and to the upper'), zBench: number('z whose upper tail is the whole expected fallout'),
  expectedPpm: fallout('parts per million expected by a normal distribution'),
};

const likelihood = record({
  n: whole('values'), estimate: number('power where the likelihood is greatest'), lower: number('lower end'), upper: number('upper end'), level: number('confidence'),
  logLikelihood: number('at the estimate'), rounded: number('the nearest half'),
});

const capability = record({
  n: whole('values'), mean: number('of the values, transformed where they were'), standardDeviation: number('of all values'),
  withinSigma: orNull(record({ method: word('how it was estimated'), sigma: number('standard deviation within subgroups'), degreesOfFreedom: number('of the estimate') })),
  specification: specification('the limits the indices were taken from: transformed where the values were'),
  within: orNull(record({ cp: orNull(index), cpl: orNull(index), cpu: orNull(index), cpk: index, ...common }), 'by the spread within subgroups'),
  overall: record({ pp: orNull(index), ppl: orNull(index), ppu: orNull(index), ppk: index, ...common }, 'by the standard deviation of all values'),
  observedPpm: fallout('parts per million of the values'), observed: record({ below: orNull(Type.Integer()), above: orNull(Type.Integer()) }, 'values beyond the limits'),
  stability: orNull(record({
    chart: oneOf(['individuals', 'xbar-r', 'xbar-s'], 'chart that was looked at'), tests: list(Type.Integer(), 'run rules'), stable: truth('no signal'),
    signals: list(Type.Object({ test: whole('rule'), at: whole('value or subgroup, from 1'), points: list(Type.Integer(), 'points concerned') })), spreadBeyond: list(Type.Integer(), 'subgroups whose spread is beyond its limits'),
  })),
  normality: orNull(record({ n: whole('values'), statistic: number('A²'), adjusted: number('A² adjusted for the sample size'), pValue: number('of a normal distribution') }, 'Anderson-Darling; null below eight values')),
  transformation: orNull(record({ lambda: number('power that was used'), fit: orNull(likelihood) }), 'Box-Cox'), level: number('confidence of the intervals'),
});

const percentile = record({
  n: orNull(Type.Integer(), 'values'), percentiles: record({ lower: number('0.135 %'), median: number('50 %'), upper: number('99.865 %') }, 'where ±3σ lie on a normal distribution'),
  pp: numberOrNull('tolerance over the distance of the outer percentiles'), ppl: numberOrNull('lower side'), ppu: numberOrNull('upper side'), ppk: number('the smaller side'),
  extremesOnly: truth('fewer than 1,000 values: the outer percentiles are little more than the extremes'),
  skewness: Type.Optional(number('Clements: of the values')), kurtosis: Type.Optional(number('Clements: of the values; 3 for a normal distribution')),
});

export const capabilitySchema = record({
  source: sourceSchema, method: oneOf(['normal', 'box-cox', 'percentile', 'clements'], 'what the indices rest on'), specification: specification('as given, in the unit of the values'),
  histogram: list(record({ from: number('lower edge'), to: number('upper edge'), count: whole('values') })),
  capability: orNull(capability), percentile: orNull(percentile),
});
