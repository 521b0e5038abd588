import type { Place } from './chart-method.js';
import { assertOptions } from './chart-options.js';
import type { ChartEstimates, ChartPoint, ChartType, ControlChartOptions } from './chart-shape.js';
import { methodOf } from './control-chart.js';
import type { ChartDatum } from './control-chart.js';

/** The estimates of a chart in the making: plain JSON, its size independent of the number of points. */
export interface EstimationState<Type extends ChartType = ChartType> {
  readonly type: Type;
  readonly options: ControlChartOptions;
  readonly soFar: unknown;
}

/** `phase1` and `excluded` of the options mean nothing here: what takes no part is added as null. @throws StatisticsError `BAD_OPTION` */
export function beginEstimation<Type extends ChartType>(type: Type, options: ControlChartOptions = {}): EstimationState<Type> {
  const method = methodOf(type);
  assertOptions(type, options);
  return { type, options, soFar: method.begin(options) };
}

/**
 * The state with one more point; null is a missing or excluded one. Pure.
 * @throws StatisticsError `NOT_FINITE`, `SIZE_OUT_OF_RANGE`, `BAD_DATA`; `BAD_OPTION` where constant memory cannot hold what the estimate
 *   needs: `MEDIAN-MR`, and Laney charts with sizes that differ and no given center
 */
export function addObservation<Type extends ChartType>(
  state: EstimationState<Type>,
  datum: ChartDatum[Type] | null,
): EstimationState<Type> {
  return { ...state, soFar: methodOf(state.type).add(state.soFar, datum, state.options) };
}

/** The estimates from the points so far. @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_DATA`, `BAD_OPTION` */
export function estimatesOf({ type, options, soFar }: EstimationState): ChartEstimates {
  return methodOf(type).estimate(soFar, options);
}

/** A chart being watched with frozen limits: plain JSON, its size independent of the number of points. */
export interface MonitoringState<Type extends ChartType = ChartType> {
  readonly type: Type;
  readonly estimates: ChartEstimates;
  readonly options: ControlChartOptions;
  readonly seen: number;
  readonly memory: unknown;
}

/** Phase 2 from estimates of phase 1. @throws StatisticsError `BAD_OPTION`, `BAD_DATA` */
export function startMonitoring<Type extends ChartType>(
  type: Type,
  estimates: ChartEstimates,
  options: ControlChartOptions = {},
): MonitoringState<Type> {
  const method = methodOf(type);
  assertOptions(type, options);
  return { type, estimates, options, seen: 0, memory: method.monitor(estimates, options) };
}

/** The next point and what is drawn of it: pure, and the same as the batch draws. A point is of phase 2 unless `at` says otherwise. */
export function observe<Type extends ChartType>(
  state: MonitoringState<Type>,
  datum: ChartDatum[Type],
  at: Partial<Pick<Place, 'phase' | 'excluded'>> = {},
): { readonly state: MonitoringState<Type>; readonly point: ChartPoint; readonly companion: ChartPoint | null } {
  const { type, estimates, options, memory } = state;
  const seen = state.seen + 1;
  const step = methodOf(type).step(
    memory,
    datum,
    { index: seen, phase: at.phase ?? 2, excluded: at.excluded ?? false },
    estimates,
    options,
  );
  return { state: { type, estimates, options, seen, memory: step.memory }, point: step.point, companion: step.companion };
}
