import type { Capability, CapabilityIndex, Fallout } from '@touchstone/statistics/capability';
import { shown } from '../analysis.js';
import { table as textTable, wrapped } from '../terminal.js';
import type { CapabilityResult } from './capability.js';

const LEAST_P = 0.05;

export function limitsText({ specification: { lower, upper, target } }: CapabilityResult): string {
  return [['lower limit', lower], ['target', target], ['upper limit', upper]].flatMap(([name, value]) => (typeof value === 'number' ? [`${name} ${shown(value)}`] : [])).join(', ');
}

/** The thresholds that are customary for a process in production (D. C. Montgomery, Introduction to Statistical Quality Control, table 8.4). */
export function judged(cpk: number): string {
  if (cpk < 1) return 'below 1: the process does not fit between the limits';
  return cpk < 1.33 ? 'from 1 to 1.33: it fits, with less room than is customary' : '1.33 or more: capable, as is customary for a process in production';
}

/** Names and indices in the order a report has them; those without a limit left out. */
export function indicesOf({ within, overall }: Capability): (readonly [name: string, index: CapabilityIndex])[] {
  const named: readonly (readonly [string, CapabilityIndex | null | undefined])[] = [
    ['Cp', within?.cp], ['Cpl', within?.cpl], ['Cpu', within?.cpu], ['Cpk', within?.cpk], ['Cpm (within)', within?.cpm],
    ['Pp', overall.pp], ['Ppl', overall.ppl], ['Ppu', overall.ppu], ['Ppk', overall.ppk], ['Cpm', overall.cpm],
  ];
  return named.flatMap(([name, index]) => (index ? [[name, index] as const] : []));
}

export function capabilityText(result: CapabilityResult, width: number): string {
  const body = result.capability === null ? percentileText(result, width) : normalText(result.capability, width);
  return `${wrapped(`capability of ${result.source}: ${limitsText(result)}`, width).join('\n')}\n${body}`;
}

function normalText(capability: Capability, width: number): string {
  const { n, mean, standardDeviation, withinSigma, within, overall, observedPpm, level, transformation } = capability;
  const heading = `${n} values, mean ${shown(mean)}, standard deviation ${shown(standardDeviation)}${withinSigma ? `, within subgroups ${shown(withinSigma.sigma)} (${withinSigma.method})` : ''}`;
  const power = transformation === null ? [] : [`Box-Cox with power ${shown(transformation.lambda)}: mean, standard deviation and indices are those of the transformed values`];
  const ppm = (name: string, fallout: Fallout): string[] => [name, shown(fallout.below, 5), shown(fallout.above, 5), shown(fallout.total, 5)];
  const [named, [, worst] = ['', overall.ppk]] = [within ? 'Cpk' : 'Ppk', indicesOf(capability).find(([name]) => name === (within ? 'Cpk' : 'Ppk'))];
  return [
    `${[heading, ...power].flatMap((line) => wrapped(line, width)).join('\n')}\n`,
    textTable([{ heading: 'index' }, { heading: 'estimate', align: 'right' }, { heading: `${shown(100 * level)} % interval` }],
      indicesOf(capability).map(([name, { estimate, lower, upper }]) => [name, shown(estimate, 5), `${shown(lower, 5)} to ${shown(upper, 5)}`]), width),
    textTable([{ heading: 'parts per million' }, { heading: 'below', align: 'right' }, { heading: 'above', align: 'right' }, { heading: 'together', align: 'right' }],
      [ppm('observed', observedPpm), ...(within ? [ppm('expected within', within.expectedPpm)] : []), ppm('expected overall', overall.expectedPpm)], width),
    `${[`${named} ${judged(worst.estimate)}`, ...stabilityLines(capability), ...normalityLines(capability)].flatMap((line) => wrapped(line, width)).join('\n')}\n`,
  ].join('\n');
}

function stabilityLines({ stability }: Capability): string[] {
  if (stability === null) return ['stability was not looked at: these are indices of performance'];
  if (stability.stable) return [`stable: no signal by run rules ${stability.tests.join(', ')} on the ${stability.chart} chart`];
  const at = [...new Set([...stability.signals.map((signal) => signal.at), ...stability.spreadBeyond])].sort((one, other) => one - other);
  return [`NOT stable: signals at ${stability.chart === 'individuals' ? 'values' : 'subgroups'} ${at.join(', ')} of the ${stability.chart} chart; Cp and Cpk describe no process that exists`];
}

function normalityLines({ normality, transformation }: Capability): string[] {
  if (normality === null) return [];
  const test = `Anderson-Darling A² ${shown(normality.adjusted, 4)}, p ${shown(normality.pValue, 3)}`;
  if (normality.pValue >= LEAST_P) return [`${test}: no departure from a normal distribution shown`];
  return [`${test}: not normally distributed, so the expected fallout misleads${transformation === null ? '; see --method box-cox or percentile' : ' after the transformation too; see --method percentile'}`];
}

function percentileText({ percentile, method }: CapabilityResult, width: number): string {
  if (percentile === null) return '';
  const { n, percentiles, pp, ppl, ppu, ppk, extremesOnly } = percentile;
  const by = method === 'clements' ? 'by a Pearson curve through mean, standard deviation, skewness and kurtosis (Clements)' : 'by percentiles (ISO 22514-2)';
  const shape = 'skewness' in percentile ? [`skewness ${shown(percentile.skewness, 4)}, kurtosis ${shown(percentile.kurtosis, 4)}`] : [];
  const warning = extremesOnly && method === 'percentile' ? ['fewer than 1,000 values: the outer percentiles are little more than the smallest and the largest value'] : [];
  return [
    `${[`${n ?? '-'} values, ${by}: 0.135 % ${shown(percentiles.lower)}, median ${shown(percentiles.median)}, 99.865 % ${shown(percentiles.upper)}`, ...shape].flatMap((line) => wrapped(line, width)).join('\n')}\n`,
    textTable([{ heading: 'index' }, { heading: 'estimate', align: 'right' }], ([['Pp', pp], ['Ppl', ppl], ['Ppu', ppu], ['Ppk', ppk]] as const).flatMap(([name, value]) => (value === null ? [] : [[name, shown(value, 5)]])), width),
    `${[`Ppk ${judged(ppk)}`, ...warning].flatMap((line) => wrapped(line, width)).join('\n')}\n`,
  ].join('\n');
}
