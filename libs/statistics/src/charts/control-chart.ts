import { cChart, npChart, pChart, uChart } from './attribute-chart.js';
import type { ChartMethod, Place } from './chart-method.js';
import { assertOptions, estimatedRange } from './chart-options.js';
import { CHART_TYPES } from './chart-shape.js';
import type {
  Attributes,
  ChartEstimates,
  ChartPoint,
  ChartType,
  CompactChart,
  ControlChart,
  ControlChartOptions,
  Measurements,
} from './chart-shape.js';
import { cusumChart } from './cusum-chart.js';
import { ewmaChart } from './ewma-chart.js';
import { hotellingChart } from './hotelling-chart.js';
import { compactImr, imrChart } from './imr-chart.js';
import { laneyPChart, laneyUChart } from './laney-chart.js';
import type { Location } from './location-estimates.js';
import type { VectorPoint } from './vector-estimates.js';
import { xbarRChart, xbarSChart } from './xbar-chart.js';
import { StatisticsError } from '../statistics-error.js';

/** What a point of each type is made of. */
export interface ChartDatum {
  'xbar-r': Measurements;
  'xbar-s': Measurements;
  'i-mr': number | null;
  p: Attributes;
  np: Attributes;
  c: Attributes;
  u: Attributes;
  'laney-p': Attributes;
  'laney-u': Attributes;
  ewma: Location;
  cusum: Location;
  t2: VectorPoint;
}

/** The points of a chart in the order of time; see `rationalSubgroups` and `attributesOf` for columns of numbers. */
export type ChartData<Type extends ChartType> = ArrayLike<ChartDatum[Type]>;

type Method = ChartMethod<unknown, unknown, unknown>;

const METHODS: Readonly<Record<ChartType, Method>> = {
  'xbar-r': xbarRChart as Method,
  'xbar-s': xbarSChart as Method,
  'i-mr': imrChart as Method,
  p: pChart as Method,
  np: npChart as Method,
  c: cChart as Method,
  u: uChart as Method,
  'laney-p': laneyPChart as Method,
  'laney-u': laneyUChart as Method,
  ewma: ewmaChart as Method,
  cusum: cusumChart as Method,
  t2: hotellingChart as Method,
};

/** @throws StatisticsError `BAD_OPTION` for a type that does not exist */
export function methodOf(type: ChartType): Method {
  if (!CHART_TYPES.includes(type))
    throw new StatisticsError('BAD_OPTION', `no chart of type ${String(type)}; there are ${CHART_TYPES.join(', ')}`);
  return METHODS[type];
}

/**
 * What the limits of a chart rest on: the estimates from its phase 1, without excluded points.
 * @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `SIZE_OUT_OF_RANGE`, `BAD_DATA`, `BAD_OPTION`
 */
export function chartEstimates<Type extends ChartType>(
  type: Type,
  data: ChartData<Type>,
  options: ControlChartOptions = {},
): ChartEstimates {
  const method = methodOf(type);
  assertOptions(type, options);
  const range = estimatedRange(options, data.length);
  if (method.estimateAll !== undefined) return method.estimateAll(data, range, options);
  let state = method.begin(options);
  for (let index = 0; index < range.end; index += 1) state = method.add(state, range.excluded.has(index + 1) ? null : data[index], options);
  return method.estimate(state, options);
}

/**
 * A control chart of a whole series: estimates from phase 1, every point judged by the limits of its size and time, and
 * the chart of its dispersion beside it. Definitions and sources are with each type (`xbar-chart.ts`, `imr-chart.ts`, …).
 * @throws StatisticsError as `chartEstimates`
 */
export function controlChart<Type extends ChartType>(type: Type, data: ChartData<Type>, options: ControlChartOptions = {}): ControlChart {
  const estimates = chartEstimates(type, data, options);
  const points: ChartPoint[] = [];
  const companions: ChartPoint[] = [];
  eachPoint(type, data, estimates, options, (point, companion) => {
    points.push(point);
    if (companion !== null) companions.push(companion);
  });
  const [plotted, besides] = methodOf(type).plots;
  const panel = { type, estimates };
  const companion =
    besides === undefined ? null : { ...panel, plotted: besides, points: companions, beyond: beyondOf(companions), companion: null };
  return { ...panel, plotted, points, beyond: beyondOf(points), companion };
}

/**
 * The same for long series: columns instead of objects. A chart of individuals keeps the array it was given and takes a few nanoseconds a point.
 * @throws StatisticsError as `chartEstimates`
 */
export function compactChart<Type extends ChartType>(type: Type, data: ChartData<Type>, options: ControlChartOptions = {}): CompactChart {
  const estimates = chartEstimates(type, data, options);
  if (type === 'i-mr') return compactImr(data as ArrayLike<number | null>, estimates, options);
  const { plots } = methodOf(type);
  const panels = plots.map((plotted) => columnsOf(type, plotted, estimates, data.length));
  eachPoint(type, data, estimates, options, (point, companion) => {
    panels[0].write(point);
    if (companion !== null) panels[1].write(companion);
  });
  return { ...panels[0].chart, companion: panels.length > 1 ? panels[1].chart : null };
}

function eachPoint(
  type: ChartType,
  data: ArrayLike<unknown>,
  estimates: ChartEstimates,
  options: ControlChartOptions,
  take: (point: ChartPoint, companion: ChartPoint | null) => void,
): void {
  const method = methodOf(type);
  const { end, excluded } = estimatedRange(options, data.length);
  let memory = method.monitor(estimates, options);
  for (let index = 0; index < data.length; index += 1) {
    const at: Place = { index: index + 1, phase: index < end ? 1 : 2, excluded: excluded.has(index + 1) };
    const step = method.step(memory, data[index], at, estimates, options);
    memory = step.memory;
    take(step.point, step.companion);
  }
}

const beyondOf = (points: readonly ChartPoint[]): number[] => points.flatMap(({ index, beyond }) => (beyond === null ? [] : [index]));

function columnsOf(
  type: ChartType,
  plotted: CompactChart['plotted'],
  estimates: ChartEstimates,
  length: number,
): { chart: CompactChart; write: (point: ChartPoint) => void } {
  const column = (): Float64Array => new Float64Array(length).fill(NaN);
  const columns = { values: column(), center: column(), lcl: column(), ucl: column(), sigma: column() };
  const beyond: number[] = [];
  return {
    chart: { type, plotted, ...columns, beyond, estimates, companion: null },
    write({ index, value, center, lcl, ucl, sigma, beyond: side }) {
      columns.values[index - 1] = value ?? NaN;
      columns.center[index - 1] = center;
      columns.lcl[index - 1] = lcl;
      columns.ucl[index - 1] = ucl;
      columns.sigma[index - 1] = sigma ?? NaN;
      if (side !== null) beyond.push(index);
    },
  };
}
