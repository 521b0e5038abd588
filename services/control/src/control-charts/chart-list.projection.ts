import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import type { RowSet } from '@touchstone/event-store';
import { projection } from '@touchstone/event-store';
import type { ChartEvent } from './events.js';

/** A chart as people see it in a list: its settings, its limits, and how often it has signalled. */
@Entity('chart')
@Index(['itemId'])
export class ChartRow {
  @PrimaryColumn('text') chartId!: string;
  @Column('text') itemId!: string;
  @Column('text') characteristicId!: string;
  @Column('text') kind!: string;
  @Column('int') sampleSize!: number;
  @Column('text') unit!: string;
  @Column('text') onSignal!: string;
  /** 1: collecting points for limits; 2: judging by limits. */
  @Column('int') phase!: number;
  @Column('int') points!: number;
  @Column('int') signals!: number;
  @Column('text', { nullable: true }) center!: string | null;
  @Column('text', { nullable: true }) sigma!: string | null;
  @Column('text', { nullable: true }) lcl!: string | null;
  @Column('text', { nullable: true }) ucl!: string | null;
  @Column('text', { nullable: true }) rangeCenter!: string | null;
  @Column('text', { nullable: true }) rangeLcl!: string | null;
  @Column('text', { nullable: true }) rangeUcl!: string | null;
  @Column('text', { nullable: true }) basis!: string | null;
  @Column('text', { nullable: true }) baselinedAt!: string | null;
}

/** A point; `pointId` sorts as the points follow. */
@Entity('chart_point')
@Index(['chartId'])
export class ChartPointRow {
  @PrimaryColumn('text') pointId!: string;
  @Column('text') chartId!: string;
  @Column('int') point!: number;
  @Column('text') lotId!: string;
  @Column('text') inspectionId!: string;
  @Column('int') sample!: number;
  @Column('text') value!: string;
  @Column('text', { nullable: true }) range!: string | null;
  @Column('boolean') corrected!: boolean;
  @Column('text') measuredAt!: string;
}

@Entity('chart_signal')
@Index(['chartId'])
export class ChartSignalRow {
  @PrimaryColumn('text') signalId!: string;
  @Column('text') chartId!: string;
  @Column('text') lotId!: string;
  @Column('int') test!: number;
  @Column('text') of!: string;
  /** The points that form the pattern, oldest first. */
  @Column('jsonb') points!: readonly { readonly inspectionId: string; readonly sample: number }[];
  @Column('text') raisedAt!: string;
}

const pointIdOf = (chartId: string, point: number): string => `${chartId}/${String(point).padStart(9, '0')}`;
const withoutLimits = { center: null, sigma: null, lcl: null, ucl: null, rangeCenter: null, rangeLcl: null, rangeUcl: null, basis: null, baselinedAt: null };

export const chartList = projection({
  name: 'chart-list',
  version: 1,
  tables: [ChartRow, ChartPointRow, ChartSignalRow],
  on: [
    'control.ChartEstablished.v1', 'control.ChartPointAdded.v1', 'control.ChartPointCorrected.v1', 'control.LimitsBaselined.v1',
    'control.ChartPhaseOneBegun.v1', 'control.ControlSignalRaised.v1',
  ],
  async apply(batch, rows) {
    const events = batch as readonly RecordedEvent<ChartEvent>[];
    const charts = rows(ChartRow);
    const points = rows(ChartPointRow);
    await charts.load(events.map(({ stream }) => ({ chartId: entityOf(stream) })));
    await points.load(events.flatMap((event) => (event.type === 'control.ChartPointCorrected.v1' ? touched(event.data) : [])));
    for (const event of events) {
      const row = chartAfter(charts.get({ chartId: entityOf(event.stream) }), event);
      if (row) charts.put(row);
      plot(points, event);
      if (event.type === 'control.ControlSignalRaised.v1') {
        const { chartId, lotId, test, of, points: concerned } = event.data;
        rows(ChartSignalRow).put({ signalId: event.id, chartId, lotId, test, of, points: concerned, raisedAt: event.meta.occurredAt });
      }
    }
  },
});

const touched = ({ chartId, point }: { chartId: string; point: number }) => [{ pointId: pointIdOf(chartId, point) }, { pointId: pointIdOf(chartId, point + 1) }];

function chartAfter(row: ChartRow | undefined, event: RecordedEvent<ChartEvent>): ChartRow | undefined {
  if (event.type === 'control.ChartEstablished.v1') {
    const { reaction: _, ...settings } = event.data;
    const comparable = row && row.kind === settings.kind && row.sampleSize === settings.sampleSize && row.unit === settings.unit;
    return comparable ? { ...row, ...settings } : { ...settings, phase: 1, points: row?.points ?? 0, signals: row?.signals ?? 0, ...withoutLimits };
  }
  if (!row) return undefined;
  switch (event.type) {
    case 'control.ChartPointAdded.v1': return { ...row, points: event.data.point };
    case 'control.ControlSignalRaised.v1': return { ...row, signals: row.signals + 1 };
    case 'control.ChartPhaseOneBegun.v1': return { ...row, phase: 1, ...withoutLimits };
    case 'control.LimitsBaselined.v1': {
      const { center, sigma, lcl, ucl, rangeCenter = null, rangeLcl = null, rangeUcl = null, basis } = event.data;
      return { ...row, phase: 2, center, sigma, lcl, ucl, rangeCenter, rangeLcl, rangeUcl, basis, baselinedAt: event.meta.occurredAt };
    }
    default: return row;
  }
}

function plot(points: RowSet<ChartPointRow>, event: RecordedEvent<ChartEvent>): void {
  if (event.type === 'control.ChartPointAdded.v1') {
    const { chartId, point, lotId, inspectionId, sample, value, range = null } = event.data;
    points.put({ pointId: pointIdOf(chartId, point), chartId, point, lotId, inspectionId, sample, value, range, corrected: false, measuredAt: event.meta.occurredAt });
  }
  if (event.type === 'control.ChartPointCorrected.v1') {
    const { chartId, point, now, range, nextRange } = event.data;
    const row = points.get({ pointId: pointIdOf(chartId, point) });
    const next = points.get({ pointId: pointIdOf(chartId, point + 1) });
    if (row) points.put({ ...row, value: now, range: range ?? row.range, corrected: true });
    if (next && nextRange !== undefined) points.put({ ...next, range: nextRange });
  }
}
