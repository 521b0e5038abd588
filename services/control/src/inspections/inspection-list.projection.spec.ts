import type { DomainEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { sampleCharacteristic } from '@touchstone/contracts';
import {
  inspectionCompleted, inspectionStarted, measurementCorrected, measurementsRecorded, resultOutOfSpecification,
} from '@touchstone/contracts/control';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import type { InspectionEvent } from './events.js';
import { inspectionStream } from './events.js';
import { inspectionList, InspectionRow } from './inspection-list.projection.js';

const [lotId, itemId] = [derivedId('lot'), derivedId('item')];
const inspectionIds = [derivedId('one'), derivedId('two'), derivedId('three')] as const;
const values = ['74.03', '74.002', '74.062', '73.992', '74.008'];

const about = (inspectionId: string) => ({ inspectionId, lotId, itemId, characteristicId: 'diameter' });
const started = (inspectionId: string) => inspectionStarted({ inspectionId, lotId, itemId, stage: 'final', planRevision: 4, characteristics: [sampleCharacteristic], site: 'ulm' });
const measured = (inspectionId: string, sample: number) =>
  measurementsRecorded({ ...about(inspectionId), sample, values, unit: 'mm', represents: '100', gaugeId: 'MIC-07', gaugeValid: true });
const out = (inspectionId: string, sample: number) =>
  resultOutOfSpecification({ ...about(inspectionId), sample, values: ['74.062'], unit: 'mm', lower: '73.95', upper: '74.05', severity: 'major', represents: '100' });
const corrected = (inspectionId: string) => measurementCorrected({ ...about(inspectionId), sample: 1, index: 2, was: '74.062', now: '74.026', reason: 'digits swapped' });
const completed = (inspectionId: string) => inspectionCompleted({
  inspectionId, lotId, itemId, stage: 'final', outcome: 'rejected', samples: 2, outOfSpecification: ['diameter'], gaugesValid: true, inspectorId: 'inspector-1', inspectorName: 'Ada Muster',
});
const voided = (inspectionId: string): InspectionEvent => ({ type: 'control.InspectionVoided.v1', data: { inspectionId, reason: 'the wrong lot' } });
const on = (event: DomainEvent) => recorded(event.type, event.data as object, { stream: inspectionStream((event.data as { inspectionId: string }).inspectionId) });
const row = (inspectionId: string, rest: object) =>
  ({ inspectionId, lotId, itemId, stage: 'final', planRevision: 4, samples: 0, outOfSpecification: 0, corrections: 0, startedAt: atFirst, ...rest });

/** Starting a PostgreSQL takes its time on a busy machine. */
const MOST_MS = 60_000;

describe('the list of inspections', () => {
  const [one, two, three] = inspectionIds;
  const log = projectionSpec(inspectionList, { database: testDatabase() }).given(...[
    started(one), started(two), measured(one, 1), out(one, 1), started(three), measured(two, 1), measured(one, 2), out(one, 2), corrected(one), voided(two), completed(one),
  ].map(on));

  it('counts samples, results out of specification and corrections, and shows the outcome', () => log.thenRows(InspectionRow, [
    row(one, { status: 'rejected', samples: 2, outOfSpecification: 2, corrections: 1 }),
    row(two, { status: 'voided', samples: 1 }),
    row(three, { status: 'open' }),
  ]), MOST_MS);
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(), MOST_MS);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), MOST_MS);
});
