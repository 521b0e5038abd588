import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { InspectionEvent } from './events.js';

@Entity('inspection')
@Index(['lotId'])
export class InspectionRow {
  @PrimaryColumn('text') inspectionId!: string;
  @Column('text') lotId!: string;
  @Column('text') itemId!: string;
  @Column('text') stage!: string;
  @Column('int') planRevision!: number;
  @Column('text') status!: string;
  @Column('int') samples!: number;
  @Column('int') outOfSpecification!: number;
  @Column('int') corrections!: number;
  @Column('text') startedAt!: string;
}

export const inspectionList = projection({
  name: 'inspection-list',
  version: 1,
  tables: [InspectionRow],
  on: [
    'control.InspectionStarted.v1', 'control.MeasurementsRecorded.v1', 'control.ResultOutOfSpecification.v1', 'control.MeasurementCorrected.v1',
    'control.InspectionCompleted.v1', 'control.InspectionVoided.v1',
  ],
  async apply(events, rows) {
    const table = rows(InspectionRow);
    await table.load(events.map(({ stream }) => ({ inspectionId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<InspectionEvent>[]) {
      const row = next(table.get({ inspectionId: entityOf(event.stream) }), event);
      if (row) table.put(row);
    }
  },
});

function next(row: InspectionRow | undefined, event: RecordedEvent<InspectionEvent>): InspectionRow | undefined {
  if (event.type === 'control.InspectionStarted.v1') {
    const { inspectionId, lotId, itemId, stage, planRevision } = event.data;
    return { inspectionId, lotId, itemId, stage, planRevision, status: 'open', samples: 0, outOfSpecification: 0, corrections: 0, startedAt: event.meta.occurredAt };
  }
  if (!row) return undefined;
  switch (event.type) {
    case 'control.MeasurementsRecorded.v1': return { ...row, samples: row.samples + 1 };
    case 'control.ResultOutOfSpecification.v1': return { ...row, outOfSpecification: row.outOfSpecification + 1 };
    case 'control.MeasurementCorrected.v1': return { ...row, corrections: row.corrections + 1 };
    case 'control.InspectionCompleted.v1': return { ...row, status: event.data.outcome };
    default: return { ...row, status: 'voided' };
  }
}
