import type { DomainEvent } from '@touchstone/kernel';
import { fold } from '@touchstone/kernel';
import {
  holdLifted, lotAccepted, lotRegistered, lotRejected, quantityAllocated, quantityDispositioned, quantityHeld, quantityReleased, stagePassed,
} from '@touchstone/contracts/control';
import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import type { LotEvent } from './events.js';
import { lotStream } from './events.js';
import { evolve } from './lot.js';
import { lotList, LotRow } from './lot-list.projection.js';

const lotIds = ['0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', '1c6d9f1f-7b5c-5a4b-8b48-1e2a5a7a3d22', '2d7e0a2a-8c6d-5b5c-9c59-2f3b6b8b4e33', '3e8f1b3b-9d7e-5c6d-8d60-3a4c7c9c5f44'] as const;
const itemId = '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02';
const [inspectionId, holdId, deliveryId, nonconformityId] = [
  '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', '5a1f8f0d-0d5c-5b0e-9a0f-8b1c2d3e4f50', '3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e',
];

const registered = (lotId: string) => lotRegistered({ lotId, number: `L-${lotId.slice(0, 4)}`, itemId, quantity: '500', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] });
const accepted = (lotId: string): LotEvent[] => [
  stagePassed({ lotId, inspectionId, stage: 'final', gaugesValid: true }), lotAccepted({ lotId, inspectionId, stage: 'final', quantity: '500' }),
];
const held = (lotId: string) => quantityHeld({ lotId, holdId, quantity: '40', cause: 'person', causeId: 'inspector-1', reason: 'burr' });
const shipped = (lotId: string): LotEvent[] => [
  registered(lotId), held(lotId), ...accepted(lotId), quantityReleased({ lotId, quantity: '460' }), quantityAllocated({ lotId, deliveryId, quantity: '250' }),
  holdLifted({ lotId, holdId, quantity: '40', reason: 'conforms' }), quantityReleased({ lotId, quantity: '40' }),
];
const rejected = (lotId: string): LotEvent[] => [
  registered(lotId),
  lotRejected({ lotId, number: 'L', itemId, inspectionId, stage: 'final', quantity: '500', characteristicIds: ['diameter'], inspectorId: 'inspector-1', inspectorName: 'Ada Muster' }),
  quantityDispositioned({ lotId, nonconformityId, disposition: 'scrap', quantity: '100', rejected: '100' }),
];
const waiting = (lotId: string): LotEvent[] => [registered(lotId), held(lotId)];
const partly = (lotId: string): LotEvent[] => [registered(lotId), ...accepted(lotId), held(lotId), quantityReleased({ lotId, quantity: '200' })];

const histories = [shipped(lotIds[0]), rejected(lotIds[1]), waiting(lotIds[2]), partly(lotIds[3])];
const onStream = (events: readonly DomainEvent[], lotId: string) => events.map(({ type, data }) => recorded(type, data as object, { stream: lotStream(lotId) }));
/** One event of each lot in turn, so that batches cut through all of them. */
const interleaved = Array.from({ length: Math.max(...histories.map(({ length }) => length)) }, (_, turn) =>
  histories.flatMap((events, index) => onStream(events.slice(turn, turn + 1), lotIds[index] ?? ''))).flat();
const row = (index: 0 | 1 | 2 | 3, rest: object) => {
  const state = fold({ evolve }, undefined as Parameters<typeof evolve>[0], histories[index] ?? []);
  return { lotId: lotIds[index], number: `L-${lotIds[index].slice(0, 4)}`, itemId, unit: 'pcs', site: 'ulm', quantity: '500', state, ...rest };
};

/** Starting a PostgreSQL takes its time on a busy machine. */
const MOST_MS = 60_000;

describe('the list of lots', () => {
  const log = projectionSpec(lotList, { database: testDatabase() }).given(...interleaved);

  it('shows what is free, held, released, set aside and rejected, and what the lot waits for', () => log.thenRows(LotRow, [
    row(0, { status: 'released', free: '0', held: '0', released: '500', allocated: '250', rejected: '0' }),
    row(1, { status: 'rejected', free: '0', held: '0', released: '0', allocated: '0', rejected: '400' }),
    row(2, { status: 'pending inspection', free: '0', held: '40', released: '0', allocated: '0', rejected: '0' }),
    row(3, { status: 'partly released', free: '260', held: '40', released: '200', allocated: '0', rejected: '0' }),
  ]), MOST_MS);
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(), MOST_MS);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), MOST_MS);
});
