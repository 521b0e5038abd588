import type { DomainEvent } from '@touchstone/kernel';
import { deliveryArrived, deliveryDispatched, deliveryPlanned, deliveryReconfirmed, quantityAllocated } from '@touchstone/contracts/control';
import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { deliveryList, DeliveryRow } from './delivery-list.projection.js';
import { deliveryStream } from './events.js';

const [first, second] = ['3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', '4e7a1b63-8d2f-5c9b-8f32-6d1a8e2c3b72'] as const;
const [accountId, lotId, itemId] = ['8c2a5d10-4e7b-5f16-8a3c-2b9d6e0f1c72', '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02'] as const;
const [the9th, the10th, the12th] = ['2026-03-09T16:00:00.000Z', '2026-03-10T16:00:00.000Z', '2026-03-12T16:00:00.000Z'] as const;
const [left, came] = ['2026-03-08T06:00:00.000Z', '2026-03-11T10:00:00.000Z'] as const;

const order = (deliveryId: string, line: number) => ({ deliveryId, orderId: 'SO-10231', line, accountId, lotId, itemId, quantity: '250', requestedFor: the9th });
const row = (deliveryId: string, line: number) => ({
  ...order(deliveryId, line), status: 'allocated', firstConfirmedFor: the10th, lastConfirmedFor: the10th, promisedFor: the10th,
  dispatchedAt: null, arrivedAt: null, arrivedQuantity: null, onTime: null, inFull: null,
});
const on = (stream: string) => <T extends string, D extends object>({ type, data }: DomainEvent<T, D>, occurredAt?: string) =>
  recorded(type, data, { stream, ...(occurredAt !== undefined && { meta: { occurredAt } }) });
const [onFirst, onSecond, onLot] = [on(deliveryStream(first)), on(deliveryStream(second)), on(`lot-${lotId}`)];

/** Starting a PostgreSQL takes its time on a busy machine. */
const MOST_MS = 60_000;

describe('the list of deliveries', () => {
  const spec = projectionSpec(deliveryList, { database: testDatabase() });
  const log = spec.given(
    onFirst(deliveryPlanned({ ...order(first, 1), confirmedFor: the10th })),
    onSecond(deliveryPlanned({ ...order(second, 2), confirmedFor: the10th })),
    onLot(quantityAllocated({ lotId, deliveryId: first, quantity: '250' })),
    onLot(quantityAllocated({ lotId, deliveryId: second, quantity: '250' })),
    onLot(quantityAllocated({ lotId, deliveryId: '5f8b2c74-9e3a-5dac-9a43-7e2b9f3d4c83', quantity: '1' })),
    onFirst(deliveryReconfirmed({ deliveryId: first, accountId, confirmedFor: the12th, requestedByCustomer: false, promisedFor: the10th })),
    onFirst(deliveryDispatched({ deliveryId: first, accountId, lotId, quantity: '250' }), left),
    onFirst(deliveryArrived({ deliveryId: first, accountId, lotId, itemId, quantity: '240', promisedFor: the10th, onTime: false, inFull: false }), came),
  );

  it('shows where each stands, the three dates, and what became of the promise', () => log.thenRows(DeliveryRow, [
    { ...row(first, 1), status: 'arrived', lastConfirmedFor: the12th, dispatchedAt: left, arrivedAt: came, arrivedQuantity: '240', onTime: false, inFull: false },
    row(second, 2),
  ]), MOST_MS);
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(), MOST_MS);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), MOST_MS);
});
