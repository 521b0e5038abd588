import type { ControlChart, Plotted } from '@touchstone/statistics/charts';
import type { RuleReport } from '@touchstone/statistics';
import { shown } from '../analysis.js';
import type { Figure, Mark, Panel } from '../plot/figure.js';

export const plottedNames: Readonly<Record<Plotted, string>> = {
  mean: 'mean', range: 'range', 'standard-deviation': 'standard deviation', individual: 'individual value', 'moving-range': 'moving range',
  proportion: 'proportion', 'number-defective': 'number defective', count: 'count', rate: 'rate', ewma: 'EWMA', 'cusum-upper': 'upper CUSUM (σ)',
  'cusum-lower': 'lower CUSUM (σ)', t2: 'T²',
};

/** What the limits rest on. */
export function basisOf({ estimates: { points, values, omitted, center, sigma, method } }: ControlChart): string {
  if (method === 'given') return `limits from the given center ${shown(center)} and sigma ${shown(sigma)}`;
  return `limits rest on ${points} points, ${values} values${omitted > 0 ? `, ${omitted} left out` : ''}${sigma === null ? '' : `; sigma ${shown(sigma)} (${method})`}`;
}

/** Limits that say something: those of T² and CUSUM that only bar the side a statistic cannot go to are left out. */
export const drawnLimits = ({ points, plotted }: ControlChart): ('lcl' | 'ucl')[] =>
  (['lcl', 'ucl'] as const).filter((line) => points.some((point) => Number.isFinite(point[line])) && !(plotted === 't2' && line === 'lcl') && points.some((point) => point[line] !== point.center));

/** The chart with its companion below: points beyond a limit as squares, points where a run rule fired as crosses with its number. */
export function chartFigure(chart: ControlChart, rules: RuleReport | null, source: string): Figure {
  const signals = rules?.signals ?? [];
  const found = [...new Set([...chart.beyond, ...signals.map(({ at }) => at)])].sort((a, b) => a - b);
  return {
    title: `${chart.type} chart of ${source}`,
    notes: [
      basisOf(chart),
      found.length === 0 ? 'no point signals' : `points with a signal: ${found.join(', ')}`,
      ...(rules && signals.length > 0 ? [...new Set(signals.map(({ rule }) => rule))].sort((a, b) => a - b).map((rule) => `rule ${rule}: ${rules.rules.find((each) => each.rule === rule)?.text ?? ''}`) : []),
    ],
    panels: [panelOf(chart, rules), ...(chart.companion ? [panelOf(chart.companion, null)] : [])],
  };
}

function panelOf(chart: ControlChart, rules: RuleReport | null): Panel {
  const { points, plotted } = chart;
  const x = points.map(({ index }) => index);
  const fired = new Map<number, number[]>();
  for (const { at, rule } of rules?.signals ?? []) fired.set(at, [...(fired.get(at) ?? []), rule]);
  const only = (chosen: (index: number, beyond: boolean) => boolean) => points.map(({ index, value, beyond }) => (chosen(index, beyond !== null) ? value : null));
  const limit = (line: 'center' | 'lcl' | 'ucl', label: string, dashes: boolean): Mark => {
    const values = points.map((point) => point[line]);
    const [first] = values;
    const { ink } = dashes ? ({ ink: 'vermillion' } as const) : ({ ink: 'green' } as const);
    return first !== undefined && values.every((value) => value === first)
      ? { kind: 'level', at: first, label: `${label} ${shown(first, 5)}`, ink, dashes }
      : { kind: 'steps', x: x.map((at) => at - 0.5).concat(x.length + 0.5), y: [...values, values.at(-1) ?? null].map((value) => (value !== null && Number.isFinite(value) ? value : null)), ink, dashes, label: `${label} ${shown(values.at(-1), 5)}` };
  };
  const limits: readonly string[] = drawnLimits(chart);
  const lines = ([['center', 'CL', false], ['lcl', 'LCL', true], ['ucl', 'UCL', true]] as const).filter(([line]) => (line === 'center' ? points.some(({ center }) => Number.isFinite(center)) : limits.includes(line)));
  const phase2 = points.findIndex(({ phase }) => phase === 2);
  return {
    xLabel: 'point', yLabel: plottedNames[plotted],
    x: { low: 0.5, high: points.length + 0.5 },
    marks: [
      ...lines.map(([line, label, dashes]) => limit(line, label, dashes)),
      ...(phase2 > 0 ? [{ kind: 'upright', at: phase2 + 0.5, label: 'phase 2', ink: 'grey', dashes: true } as const] : []),
      { kind: 'line', x, y: points.map(({ value }) => value), ink: 'blue', thin: points.length > 200 },
      ...(points.length > 400 ? [] : [{ kind: 'points', x, y: only((index, beyond) => !beyond && !fired.has(index)), ink: 'blue' } as const]),
      { kind: 'points', x, y: only((index, beyond) => fired.has(index) && !beyond), ink: 'purple', shape: 'cross', labels: x.map((index) => fired.get(index)?.join(',') ?? '') },
      { kind: 'points', x, y: only((_, beyond) => beyond), ink: 'vermillion', shape: 'square', labels: x.map((index) => fired.get(index)?.join(',') ?? '') },
    ],
  };
}
