import { normalDensity } from '@touchstone/statistics';
import type { Capability } from '@touchstone/statistics/capability';
import { boxCox } from '@touchstone/statistics/capability';
import { shown } from '../analysis.js';
import type { Figure, Mark } from '../plot/figure.js';
import type { CapabilityResult } from './capability.js';
import { indicesOf, judged, limitsText } from './capability-text.js';

const CURVE_POINTS = 200;

/** The values as a histogram between the limits, with the fitted normal curves: of all values, and dashed of the spread within subgroups. */
export function capabilityFigure(result: CapabilityResult): Figure {
  const { histogram, specification: { lower, upper, target }, capability, percentile, source } = result;
  const [low, high] = ends(result);
  const limit = (at: number | null, label: string, ink: 'vermillion' | 'green'): Mark[] => (at === null ? [] : [{ kind: 'upright', at, label: `${label} ${shown(at)}`, ink, dashes: ink === 'vermillion' }]);
  const curves = capability === null ? [] : curvesOf(capability, low, high, histogram);
  return {
    title: `Capability of ${source}`,
    notes: [limitsText(result), ...notesOf(result)],
    panels: [{
      xLabel: 'value', yLabel: 'values', height: 330, x: { low, high }, y: { low: 0 },
      marks: [
        { kind: 'bars', x: histogram.map(({ from, to }) => [from, to] as const), y: histogram.map(({ count }) => count), ink: 'blue' },
        ...curves,
        ...limit(lower, 'LSL', 'vermillion'), ...limit(target, 'target', 'green'), ...limit(upper, 'USL', 'vermillion'),
        ...(percentile === null ? [] : [percentile.percentiles.lower, percentile.percentiles.median, percentile.percentiles.upper].map((at, index) => ({ kind: 'upright', at, label: ['0.135 %', '50 %', '99.865 %'][index] ?? '', ink: 'purple', dashes: true } as const))),
      ],
      ...(curves.length > 0 && { legend: [{ text: `normal curve, all values${capability?.transformation ? ' (of their power)' : ''}`, ink: 'black' }, ...(curves.length > 1 ? [{ text: 'within subgroups', ink: 'purple', dashes: true } as const] : [])] }),
    }],
  };
}

function notesOf({ capability, percentile }: CapabilityResult): string[] {
  if (percentile !== null) return [[['Pp', percentile.pp], ['Ppl', percentile.ppl], ['Ppu', percentile.ppu], ['Ppk', percentile.ppk]].flatMap(([name, value]) => (typeof value === 'number' ? [`${name} ${shown(value, 4)}`] : [])).join(', '), `Ppk ${judged(percentile.ppk)}`];
  if (capability === null) return [];
  const { n, mean, standardDeviation, withinSigma, observedPpm, within, overall, stability, transformation } = capability;
  const worst = within?.cpk ?? overall.ppk;
  return [
    `${n} values, mean ${shown(mean)}, standard deviation ${shown(standardDeviation)}${withinSigma ? `, within subgroups ${shown(withinSigma.sigma)} (${withinSigma.method})` : ''}${transformation ? `, after Box-Cox with power ${shown(transformation.lambda)}` : ''}`,
    indicesOf(capability).filter(([name]) => ['Cp', 'Cpk', 'Pp', 'Ppk', 'Cpm'].includes(name)).map(([name, index]) => `${name} ${shown(index.estimate, 4)} (${shown(index.lower, 3)} to ${shown(index.upper, 3)})`).join(', '),
    `${within ? 'Cpk' : 'Ppk'} ${judged(worst.estimate)}; beyond the limits: ${shown(observedPpm.total, 4)} ppm observed, ${shown((within ?? overall).expectedPpm.total, 4)} expected${stability?.stable === false ? '; the process is NOT stable' : ''}`,
  ];
}

/** The bars, the limits and what the curve covers. */
function ends({ histogram, specification: { lower, upper }, capability }: CapabilityResult): [number, number] {
  const spread = capability === null || capability.transformation ? [] : [capability.mean - 3 * capability.standardDeviation, capability.mean + 3 * capability.standardDeviation];
  const all = [...histogram.flatMap(({ from, to }) => [from, to]), ...spread, lower, upper].filter((value) => value !== null);
  const [low, high] = all.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  const margin = (high - low) / 20 || 0.5;
  return [low - margin, high + margin];
}

/** Densities times values a bar. A transformed curve is drawn in the unit of the values: the density times the slope of the power. */
function curvesOf({ n, mean, standardDeviation, withinSigma, transformation }: Capability, low: number, high: number, histogram: CapabilityResult['histogram']): Mark[] {
  const [bar] = histogram;
  const area = n * (bar ? bar.to - bar.from : 1);
  const x = Array.from({ length: CURVE_POINTS + 1 }, (_, at) => low + ((high - low) * at) / CURVE_POINTS).filter((at) => transformation === null || at > 0);
  const density = (at: number, sigma: number): number => {
    const [value, slope] = transformation === null ? [at, 1] : [boxCox(at, transformation.lambda), at ** (transformation.lambda - 1)];
    return (area * slope * normalDensity((value - mean) / sigma)) / sigma;
  };
  const curve = (sigma: number, ink: 'black' | 'purple', dashes: boolean): Mark => ({ kind: 'line', x, y: x.map((at) => density(at, sigma)), ink, dashes });
  return [curve(standardDeviation, 'black', false), ...(withinSigma === null ? [] : [curve(withinSigma.sigma, 'purple', true)])];
}
