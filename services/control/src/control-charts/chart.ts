import type { Decimal } from '@touchstone/kernel';
import { unreachable } from '@touchstone/kernel';
import type { ChartEstablished, ChartPointCorrected } from '@touchstone/contracts/control';
import type { RuleState } from '@touchstone/statistics';
import { initialRuleState } from '@touchstone/statistics';
import type { ChartEvent } from './events.js';
import type { Limits } from './limits.js';
import { limitsOf } from './limits.js';
import { judgedAgain, steppedBy } from './rules.js';

/** What a chart knows: of bounded size, however many points it has had. */
export interface Chart {
  readonly chartId: string;
  readonly itemId: string;
  readonly characteristicId: string;
  readonly kind: 'xbar-r' | 'individuals';
  readonly sampleSize: number;
  readonly unit: string;
  readonly onSignal: 'task' | 'task-and-hold';
  readonly reaction: string;
  /** Points so far; they are numbered through, whatever phases the chart goes through. */
  readonly points: number;
  /** Number of the last point taken with another kind, sample size or unit: it says nothing about this chart any more. */
  readonly settledAfter: number;
  /** Number of the last point before phase 1 began. */
  readonly phaseOneAfter: number;
  /** The newest points: in phase 1 what limits will be computed from, in phase 2 what patterns may reach back to. */
  readonly recent: readonly Point[];
  /** Without limits the chart is in phase 1. */
  readonly limits?: Limits;
  readonly rules: RuleState;
}

export interface Point {
  readonly point: number;
  readonly lotId: string;
  readonly inspectionId: string;
  readonly sample: number;
  readonly value: Decimal;
  readonly range?: Decimal;
  readonly represents: Decimal;
}

/** Limits rest on the newest points of phase 1: older ones tell of a process that may be gone. */
export const PHASE_ONE_POINTS = 300;
/** Twice the longest pattern, so that a corrected point of the last pattern can be judged with all that lies before it. */
export const PHASE_TWO_POINTS = 30;

export const phaseOneOf = ({ recent, phaseOneAfter }: Chart): readonly Point[] => recent.filter(({ point }) => point > phaseOneAfter);

/** The chart after the event; undefined is a chart that nobody established. */
export function evolve(chart: Chart | undefined, event: ChartEvent): Chart {
  if (event.type === 'control.ChartEstablished.v1') return established(chart, event.data);
  if (!chart) throw new Error(`${event.type} before the chart was established`);
  switch (event.type) {
    case 'control.ChartPointAdded.v1': {
      const { chartId: _, ...point } = event.data;
      const kept = chart.limits ? PHASE_TWO_POINTS : PHASE_ONE_POINTS;
      return { ...chart, points: point.point, recent: [...chart.recent.slice(1 - kept), point], rules: steppedBy(chart, point) };
    }
    case 'control.ChartPointCorrected.v1': return corrected(chart, event.data);
    case 'control.LimitsBaselined.v1':
      return { ...chart, limits: limitsOf(event.data, chart), recent: chart.recent.slice(-PHASE_TWO_POINTS), rules: initialRuleState() };
    case 'control.ChartPhaseOneBegun.v1':
      return { ...chart, limits: undefined, phaseOneAfter: event.data.after, rules: initialRuleState() };
    case 'control.ControlSignalRaised.v1': return chart;
    default: return unreachable(event);
  }
}

function established(chart: Chart | undefined, settings: ChartEstablished['data']): Chart {
  const comparable = chart && chart.kind === settings.kind && chart.sampleSize === settings.sampleSize && chart.unit === settings.unit;
  if (comparable) return { ...chart, ...settings };
  const points = chart?.points ?? 0;
  return { ...settings, points, settledAfter: points, phaseOneAfter: points, recent: [], rules: initialRuleState() };
}

function corrected(chart: Chart, { point, now, range, nextRange }: ChartPointCorrected['data']): Chart {
  const recent = chart.recent.map((each) => {
    if (each.point === point) return { ...each, value: now, ...(range !== undefined && { range }) };
    return each.point === point + 1 && nextRange !== undefined ? { ...each, range: nextRange } : each;
  });
  const after = { ...chart, recent };
  return { ...after, rules: judgedAgain(after).rules };
}
