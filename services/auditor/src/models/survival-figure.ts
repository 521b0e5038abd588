import { shown } from '../analysis.js';
import type { Figure, Ink, Mark, Panel } from '../plot/figure.js';
import { ticksOf } from '../plot/scale.js';
import type { SurvivalResult } from './survival.js';
import { pShown } from './table-columns.js';

const INKS: readonly Ink[] = ['blue', 'vermillion', 'green', 'purple', 'black', 'grey'];
const inkOf = (index: number): Ink => INKS[index % INKS.length] ?? 'black';

/** Kaplan–Meier curves with their intervals, cut-off rows as crosses where they are few, and below how many were still at risk. */
export function survivalFigure(result: SurvivalResult, { time }: { readonly time: string }): Figure {
  const { source, curves, logRank } = result;
  const last = Math.max(...curves.flatMap(({ curve }) => curve.points.map(({ time: at }) => at)));
  const first = Math.min(0, ...curves.map(({ curve }) => curve.points[0]?.time ?? 0));
  const low = first - (last - first) / 25;
  return {
    title: `Survival curves of ${source}`,
    notes: [
      `Kaplan–Meier with ${100 * (curves[0]?.curve.confidence ?? 0.95)} % intervals`,
      ...curves.map(({ group, curve }) => `${group ?? 'all'}: ${shown(curve.n)} rows, ${shown(curve.events)} events, median ${curve.median.estimate === null ? 'not reached' : shown(curve.median.estimate)}`),
      ...(logRank === null ? [] : [`test of the same hazard: χ² ${shown(logRank.chiSquare)}, ${logRank.df} df, p ${pShown(logRank.pValue)}`]),
    ],
    panels: [curvesPanel(result, time, low, last), atRisk(result, low, last)],
  };
}

function curvesPanel({ curves, event }: SurvivalResult, time: string, low: number, last: number): Panel {
  return {
    xLabel: time, yLabel: `without ${event.value === null ? event.column : `${event.column} ${event.value}`}`, x: { low, high: last }, y: { low: 0, high: 1.02 }, height: 330,
    marks: curves.flatMap(({ curve: { points } }, index): Mark[] => {
      const cut = points.filter(({ censored }) => censored > 0);
      const ink = inkOf(index);
      const known = points.filter(({ lower, upper }) => lower !== null && upper !== null);
      return [
        { kind: 'band', x: [low, ...known.map(({ time: at }) => at)], low: [1, ...known.map(({ lower }) => lower ?? 0)], high: [1, ...known.map(({ upper }) => upper ?? 1)], ink, steps: true },
        { kind: 'steps', x: [low, ...points.map(({ time: at }) => at)], y: [1, ...points.map(({ survival }) => survival)], ink, dashes: index % 2 === 1 },
        ...(cut.length > 40 ? [] : [{ kind: 'points', shape: 'cross', ink, x: cut.map(({ time: at }) => at), y: cut.map(({ survival }) => survival) } as const]),
      ];
    }),
    legend: curves.map(({ group }, index) => ({ text: group === null ? 'all rows' : String(group), ink: inkOf(index), dashes: index % 2 === 1 })),
  };
}

function atRisk(result: SurvivalResult, low: number, last: number): Panel {
  const curves = result.curves.map((curve, index) => ({ ...curve, ink: inkOf(index) })).reverse();
  const times = ticksOf(low, last).map(({ value }) => value);
  const still = (points: SurvivalResult['curves'][number]['curve']['points'], at: number): number => points.find((point) => point.time >= at)?.atRisk ?? 0;
  return {
    xLabel: 'rows at risk', yLabel: '', x: { low, high: last }, yNames: curves.map(({ group }) => String(group ?? 'all')), height: 40 + 26 * curves.length,
    marks: curves.map(({ curve, ink }, index): Mark => ({
      kind: 'points', shape: 'dot', ink, x: times, y: times.map(() => index + 1), labels: times.map((at) => shown(still(curve.points, at))),
    })),
  };
}
