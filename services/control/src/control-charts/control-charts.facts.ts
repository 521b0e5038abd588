import type { Decimal, RecordedEvent } from '@touchstone/kernel';
import type { ChartPointAdded, ChartPointCorrected, MeasurementCorrected, MeasurementsRecorded } from '@touchstone/contracts/control';
import type { Ports } from '@touchstone/event-store';
import type { Chart, Point } from './chart.js';
import type { ChartCommand, CorrectPoint } from './commands.js';
import type { ChartFacts, Place } from './decider.js';
import { chartStream } from './events.js';

/**
 * Correcting needs the other values of the sample and, on the chart, the point with its neighbours: it may lie any number of
 * points back, which the state of the chart does not reach. Corrections are rare; adding a point looks nothing up.
 */
export async function chartFacts(chart: Chart | undefined, command: ChartCommand, ports: Ports): Promise<ChartFacts> {
  if (command.type !== 'CorrectPoint' || !chart) return {};
  const measured = await ports.stream(`inspection-${command.inspectionId}`);
  const plottedSoFar = await ports.stream(chartStream(command.chartId));
  return {
    values: { ...measured, value: valuesOf(measured.value, chart.characteristicId, command) },
    place: { ...plottedSoFar, value: placeOf(plottedSoFar.value, command) },
  };
}

function valuesOf(events: readonly RecordedEvent[], characteristicId: string, { sample }: CorrectPoint): readonly Decimal[] | null {
  let values: readonly Decimal[] | null = null;
  for (const { type, data } of events) {
    const about = data as MeasurementsRecorded['data'] | MeasurementCorrected['data'];
    if (about.characteristicId !== characteristicId || about.sample !== sample) continue;
    if (type === 'control.MeasurementsRecorded.v1') values = (about as MeasurementsRecorded['data']).values;
    if (type === 'control.MeasurementCorrected.v1' && values) values = values.with((about as MeasurementCorrected['data']).index, (about as MeasurementCorrected['data']).now);
  }
  return values;
}

function placeOf(events: readonly RecordedEvent[], { inspectionId, sample }: CorrectPoint): Place | null {
  const points = new Map<number, Point>();
  for (const { type, data } of events) {
    if (type === 'control.ChartPointAdded.v1') {
      const { chartId: _, ...point } = data as ChartPointAdded['data'];
      points.set(point.point, point);
    }
    if (type === 'control.ChartPointCorrected.v1') applyTo(points, data as ChartPointCorrected['data']);
  }
  const point = [...points.values()].find((each) => each.inspectionId === inspectionId && each.sample === sample);
  if (!point) return null;
  // A point that begins its chart has no range, and no neighbour before it.
  const previous = point.range === undefined ? undefined : points.get(point.point - 1)?.value;
  const following = points.get(point.point + 1);
  const next = following?.range === undefined ? undefined : following.value;
  return { point, ...(previous !== undefined && { previous }), ...(next !== undefined && { next }) };
}

function applyTo(points: Map<number, Point>, { point, now, range, nextRange }: ChartPointCorrected['data']): void {
  const known = points.get(point);
  const following = points.get(point + 1);
  if (known) points.set(point, { ...known, value: now, ...(range !== undefined && { range }) });
  if (following && nextRange !== undefined) points.set(point + 1, { ...following, range: nextRange });
}
