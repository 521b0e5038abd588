import type { EstimatedRange } from './chart-method.js';
import type { ChartEstimates, ChartType, ControlChartOptions, Measurements } from './chart-shape.js';
import { addToIndividuals, allIndividuals, individualsEstimates, noIndividuals } from './individuals-estimates.js';
import type { IndividualsEstimation } from './individuals-estimates.js';
import { addToSubgroups, noSubgroups, statisticsOf, subgroupEstimates, subgroupMethod } from './subgroup-estimates.js';
import type { SubgroupEstimation } from './subgroup-estimates.js';
import { StatisticsError, finite } from '../statistics-error.js';

/** A point of a chart that adds up or averages over time: one value, or the values of a subgroup. */
export type Location = number | null | Measurements;

/** `kind` is decided by the first point that is not missing. */
export interface LocationEstimation {
  readonly kind: 'individuals' | 'subgroups' | null;
  readonly individuals: IndividualsEstimation;
  readonly subgroups: SubgroupEstimation;
}

export const noLocations: LocationEstimation = { kind: null, individuals: noIndividuals, subgroups: noSubgroups };

const isSubgroup = (datum: Location): datum is Measurements => datum !== null && typeof datum !== 'number';

export function addLocation(type: ChartType, soFar: LocationEstimation, datum: Location, options: ControlChartOptions): LocationEstimation {
  const kind = datum === null ? soFar.kind : isSubgroup(datum) ? 'subgroups' : 'individuals';
  if (soFar.kind !== null && kind !== soFar.kind)
    throw new StatisticsError('BAD_DATA', 'points are either single values or subgroups, not both');
  const { individuals, subgroups } = soFar;
  if (kind === null)
    return {
      kind,
      individuals: { ...individuals, omitted: individuals.omitted + 1 },
      subgroups: { ...subgroups, omitted: subgroups.omitted + 1 },
    };
  if (kind === 'subgroups') {
    return {
      kind,
      individuals,
      subgroups: addToSubgroups(subgroups, datum as Measurements | null, subgroupMethod(type, options), options),
    };
  }
  return { kind, individuals: addToIndividuals(individuals, datum as number | null, options), subgroups };
}

export function locationEstimates(
  type: ChartType,
  { kind, individuals, subgroups }: LocationEstimation,
  options: ControlChartOptions,
): ChartEstimates {
  if (kind === 'subgroups') return subgroupEstimates(type, subgroups, subgroupMethod(type, options), options);
  return individualsEstimates(type, individuals, options);
}

export function allLocations(
  type: ChartType,
  data: ArrayLike<Location>,
  range: EstimatedRange,
  options: ControlChartOptions,
): ChartEstimates {
  let first = 0;
  while (first < data.length && data[first] === null) first += 1;
  if (first === data.length || !isSubgroup(data[first])) {
    for (let index = first; index < range.end; index += 1) {
      if (isSubgroup(data[index])) throw new StatisticsError('BAD_DATA', 'points are either single values or subgroups, not both');
    }
    return allIndividuals(type, data as ArrayLike<number | null>, range, options);
  }
  let soFar = noLocations;
  for (let index = 0; index < range.end; index += 1)
    soFar = addLocation(type, soFar, range.excluded.has(index + 1) ? null : data[index], options);
  return locationEstimates(type, soFar, options);
}

/** Mean and size of a point; null where nothing was measured. `planned` is the size limits are drawn for. */
export function locationOf(datum: Location): { n: number; mean: number | null; planned: number } {
  if (!isSubgroup(datum)) return { n: datum === null ? 0 : 1, mean: datum === null ? null : finite(datum), planned: 1 };
  const statistics = statisticsOf(datum);
  return { n: statistics?.n ?? 0, mean: statistics?.mean ?? null, planned: statistics?.n ?? (datum.length || 1) };
}
