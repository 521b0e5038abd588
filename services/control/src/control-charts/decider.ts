import type { Decider, Decimal, Fact, Refusal } from '@touchstone/kernel';
import { equals, isSystem, refuse, unreachable } from '@touchstone/kernel';
import {
  chartEstablished, chartPhaseOneBegun, chartPointAdded, chartPointCorrected, controlSignalRaised, limitsBaselined,
} from '@touchstone/contracts/control';
import type { Chart, Point } from './chart.js';
import { evolve, phaseOneOf } from './chart.js';
import type { AddPoint, BaselineChart, ChartCommand, CorrectPoint, EstablishChart, RebaselineChart, SpecifyLimits } from './commands.js';
import type { ChartEvent } from './events.js';
import { chartIdOf } from './events.js';
import { distance, isUsableSigma, linesFor, linesFrom, plotted } from './limits.js';
import type { Fired } from './rules.js';
import { judged, judgedAgain, judgedAlone, newlyFired } from './rules.js';

/** A point that may have left the chart's memory long ago, with the values of its neighbours. */
export interface Place {
  readonly point: Point;
  readonly previous?: Decimal;
  readonly next?: Decimal;
}

export type ChartFacts = {
  /** The sample's values as the inspection holds them; only for correcting. */
  readonly values?: Fact<readonly Decimal[] | null>;
  readonly place?: Fact<Place | null>;
};

type Decision = readonly ChartEvent[] | Refusal;

const FEWEST_SUBGROUPS = 20;

export const controlChart: Decider<Chart | undefined, ChartCommand, ChartEvent, ChartFacts> = {
  name: 'control.chart',
  version: 1,
  initialState: () => undefined,
  evolve,
  decide(state, command, facts, by) {
    if (command.type === 'EstablishChart') return establish(state, command);
    // Most characteristics have no chart: a sample of one is nobody's mistake.
    if (command.type === 'AddPoint') return state ? add(state, command) : [];
    if (command.type === 'CorrectPoint') return state ? correct(state, command, facts) : [];
    if (!state) return refuse('CHART_UNKNOWN', { chartId: command.chartId });
    if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
    switch (command.type) {
      case 'BaselineChart': return baseline(state, command);
      case 'SpecifyLimits': return specify(state, command);
      case 'RebaselineChart': return rebaseline(state, command);
      default: return unreachable(command);
    }
  },
};

function establish(state: Chart | undefined, { type: _, ...settings }: EstablishChart): Decision {
  const { chartId, itemId, characteristicId, kind, sampleSize, unit, onSignal, reaction } = settings;
  const expected = chartIdOf(itemId, characteristicId);
  if (chartId !== expected) return refuse('CHART_ID_DIFFERS', { expected });
  if ((kind === 'individuals') !== (sampleSize === 1)) return refuse('SAMPLE_SIZE_OUT_OF_RANGE', { kind, sampleSize });
  const same = state && state.kind === kind && state.sampleSize === sampleSize && state.unit === unit && state.onSignal === onSignal && state.reaction === reaction;
  return same ? [] : [chartEstablished(settings)];
}

function add(chart: Chart, { lotId, inspectionId, sample, values, unit, represents }: AddPoint): Decision {
  const { chartId, kind, sampleSize, recent, points, settledAfter } = chart;
  if (recent.some((each) => each.inspectionId === inspectionId && each.sample === sample)) return [];
  if (unit !== chart.unit) return refuse('UNIT_MISMATCH', { expected: chart.unit, given: unit });
  if (values.length !== sampleSize) return refuse('SAMPLE_SIZE_DIFFERS', { expected: sampleSize, given: values.length });
  const previous = points > settledAfter ? recent.at(-1)?.value : undefined;
  const point: Point = { point: points + 1, lotId, inspectionId, sample, represents, ...plotted(kind, values, previous) };
  return [chartPointAdded({ chartId, ...point }), ...signals(chart, judged(chart, point).fired)];
}

/** A signal raised before stays raised; what the corrected value shows in addition is raised now. */
function correct(chart: Chart, { inspectionId, sample, index, now }: CorrectPoint, { values, place }: ChartFacts): Decision {
  const { chartId, kind, settledAfter, recent } = chart;
  if (!values?.value || !place?.value || place.value.point.point <= settledAfter) return [];
  const { point: before, previous, next } = place.value;
  if (index >= values.value.length || values.value.length !== chart.sampleSize) return [];
  const after: Point = { ...before, ...plotted(kind, values.value.with(index, now), previous) };
  if (equals(before.value, after.value) && before.range === after.range) return [];
  const event = chartPointCorrected({
    chartId, inspectionId, sample, point: before.point, was: before.value, now: after.value, ...(after.range !== undefined && { range: after.range }),
    ...(kind === 'individuals' && next !== undefined && { nextRange: distance(next, after.value) }),
  });
  const isRecent = recent.some(({ point }) => point === before.point);
  const fired = isRecent
    ? newlyFired(judgedAgain(chart).fired, judgedAgain(evolve(chart, event)).fired)
    : newlyFired(judgedAlone(chart, before), judgedAlone(chart, after));
  return [event, ...signals(chart, fired)];
}

function baseline(chart: Chart, { exclude = [], reason }: BaselineChart): Decision {
  const { chartId, limits } = chart;
  if (limits) return refuse('LIMITS_IN_FORCE', { after: limits.after });
  const points = phaseOneOf(chart);
  const unknown = exclude.filter((number) => !points.some(({ point }) => point === number));
  if (unknown.length > 0) return refuse('POINT_NOT_IN_PHASE_1', { unknown });
  if (exclude.length > 0 && reason === undefined) return refuse('EXCLUSION_NEEDS_REASON', { exclude });
  const excluded = new Set(exclude);
  const subgroups = points.length - excluded.size;
  if (subgroups < FEWEST_SUBGROUPS) return refuse('TOO_FEW_SUBGROUPS', { needed: FEWEST_SUBGROUPS, given: subgroups });
  const lines = linesFrom(chart, points, excluded);
  if (!lines) return refuse('NO_VARIATION', { subgroups });
  return [limitsBaselined({ chartId, ...lines, subgroups, ...(excluded.size > 0 && { excluded: [...excluded].toSorted((a, b) => a - b) }), basis: 'phase-1' })];
}

function specify(chart: Chart, { center, sigma, source }: SpecifyLimits): Decision {
  if (chart.limits) return refuse('LIMITS_IN_FORCE', { after: chart.limits.after });
  if (!isUsableSigma(sigma)) return refuse('NO_VARIATION', { sigma });
  return [limitsBaselined({ chartId: chart.chartId, ...linesFor(chart, center, sigma), subgroups: 0, basis: 'specified', source })];
}

function rebaseline(chart: Chart, { reason }: RebaselineChart): Decision {
  if (!chart.limits) return refuse('NO_LIMITS_IN_FORCE', { chartId: chart.chartId });
  return [chartPhaseOneBegun({ chartId: chart.chartId, after: chart.points, reason })];
}

const signals = ({ chartId, itemId, characteristicId, onSignal, reaction }: Chart, fired: readonly Fired[]): ChartEvent[] =>
  fired.flatMap(({ test, of, points }) => {
    const last = points.at(-1);
    if (!last) return [];
    const refs = points.map(({ inspectionId, sample }) => ({ inspectionId, sample }));
    return [controlSignalRaised({ chartId, itemId, characteristicId, lotId: last.lotId, test, of, points: refs, onSignal, reaction, represents: last.represents })];
  });
