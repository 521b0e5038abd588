import { StatisticsError } from '../statistics-error.js';

/** The three lines of a control chart, in the unit of what is plotted. A point on a limit is not beyond it. */
export interface ControlLimits {
  readonly center: number;
  readonly lcl: number;
  readonly ucl: number;
}

export type Side = 'below' | 'above';

/** A plotted value and the limit it lies beyond, if any. */
export interface Verdict {
  readonly value: number;
  readonly beyond: Side | null;
}

export interface ChartOptions {
  /** Distance of the limits from the center line in standard deviations of what is plotted. Default 3 (Shewhart). */
  readonly widthSigmas?: number;
  /** Numbers of the points, counted from 1, that take no part in the estimates: their assignable cause was found and removed. */
  readonly excluded?: readonly number[];
}

export const SHEWHART_WIDTH_SIGMAS = 3;

export function judge(value: number, limits: ControlLimits): Verdict {
  if (value > limits.ucl) return { value, beyond: 'above' };
  if (value < limits.lcl) return { value, beyond: 'below' };
  return { value, beyond: null };
}

/** Limits around `center`; for ranges, which cannot be negative, pass `floor` 0. */
export function limitsAround(center: number, distance: number, floor = -Infinity): ControlLimits {
  return { center, lcl: Math.max(floor, center - distance), ucl: center + distance };
}

export function widthOf(options: ChartOptions | undefined): number {
  const width = options?.widthSigmas ?? SHEWHART_WIDTH_SIGMAS;
  if (Number.isFinite(width) && width > 0) return width;
  throw new StatisticsError('BAD_OPTION', 'the width of control limits is a positive number of sigmas');
}
