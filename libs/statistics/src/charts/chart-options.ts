import type { ChartType, ControlChartOptions, SigmaMethod } from './chart-shape.js';
import { LARGEST_SUBGROUP, SMALLEST_SUBGROUP } from './constants.js';
import { widthOf } from './control-limits.js';
import { StatisticsError } from '../statistics-error.js';

const OF_SUBGROUPS: readonly SigmaMethod[] = ['UWAVE-R', 'UWAVE-SD', 'MVLUE-R', 'MVLUE-SD', 'RMSDF'];
const OF_INDIVIDUALS: readonly SigmaMethod[] = ['MR', 'MEDIAN-MR', 'SD'];
const METHODS: Readonly<Partial<Record<ChartType, readonly SigmaMethod[]>>> = {
  'xbar-r': OF_SUBGROUPS,
  'xbar-s': OF_SUBGROUPS,
  'i-mr': OF_INDIVIDUALS,
  ewma: [...OF_SUBGROUPS, ...OF_INDIVIDUALS],
  cusum: [...OF_SUBGROUPS, ...OF_INDIVIDUALS],
};

/** Refuses options outside their range, before anything is calculated. @throws StatisticsError `BAD_OPTION` */
export function assertOptions(type: ChartType, options: ControlChartOptions): void {
  widthOf(options);
  const { sigmaMethod, span = 2, lambda = 0.2, k = 0.5, h = 5, headStart = 0, alpha = 0.0027, given } = options;
  if (sigmaMethod !== undefined && METHODS[type]?.includes(sigmaMethod) !== true) {
    refuse(`a chart of type ${type} does not estimate sigma by ${sigmaMethod}; it takes ${METHODS[type]?.join(', ') ?? 'no such method'}`);
  }
  if (!Number.isInteger(span) || span < SMALLEST_SUBGROUP || span > LARGEST_SUBGROUP) {
    refuse(`a moving range spans ${SMALLEST_SUBGROUP} to ${LARGEST_SUBGROUP} values, not ${span}`);
  }
  if (!(lambda > 0 && lambda <= 1)) refuse(`lambda is above 0 and at most 1, not ${lambda}`);
  if (options.start !== undefined && !Number.isFinite(options.start)) refuse('an EWMA starts at a finite number');
  if (!(k >= 0 && Number.isFinite(k))) refuse(`k is not negative, not ${k}`);
  if (!(h > 0 && Number.isFinite(h))) refuse(`h is positive, not ${h}`);
  if (!(headStart >= 0 && headStart <= h)) refuse(`a head start lies between 0 and h, not at ${headStart}`);
  if (!(alpha > 0 && alpha < 1)) refuse(`alpha lies between 0 and 1, not at ${alpha}`);
  if (given?.center != null && !Number.isFinite(given.center)) refuse('a given center line is a finite number');
  if (given?.sigma != null && !(given.sigma >= 0 && Number.isFinite(given.sigma)))
    refuse('a given sigma is a finite number and not negative');
  if (given?.sigmaZ != null && !(given.sigmaZ >= 0 && Number.isFinite(given.sigmaZ)))
    refuse('a given sigma z is a finite number and not negative');
}

/** How many points are phase 1, and which of them take no part. @throws StatisticsError `BAD_OPTION` */
export function estimatedRange({ phase1, excluded = [] }: ControlChartOptions, count: number): { end: number; excluded: Set<number> } {
  const end = phase1 ?? count;
  if (!Number.isInteger(end) || end < 0 || end > count) refuse(`phase 1 has 0 to ${count} points, not ${end}`);
  for (const number of excluded) {
    if (!Number.isInteger(number) || number < 1 || number > count)
      refuse(`points are counted from 1 to ${count}; there is no point ${number} to exclude`);
  }
  return { end, excluded: new Set(excluded) };
}

function refuse(message: string): never {
  throw new StatisticsError('BAD_OPTION', message);
}
