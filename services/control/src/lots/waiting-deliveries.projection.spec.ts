import type { DomainEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { deliveryPlanned, deliveryReconfirmed, quantityAllocated } from '@touchstone/contracts/control';
import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { waitingDeliveries, WaitingDeliveryRow } from './waiting-deliveries.projection.js';

const [lotId, itemId, accountId, first, second, unknown] = ['lot', 'item', 'account', 'first', 'second', 'unknown'].map((name) => derivedId(name)) as [string, string, string, string, string, string];
const [the10th, the12th] = ['2026-03-10T16:00:00.000Z', '2026-03-12T16:00:00.000Z'] as const;
const planned = (deliveryId: string) =>
  on('delivery', deliveryId)(deliveryPlanned({ deliveryId, orderId: 'SO-1', line: 1, accountId, lotId, itemId, quantity: '250', requestedFor: the10th, confirmedFor: the10th }));
const reconfirmed = (deliveryId: string) =>
  on('delivery', deliveryId)(deliveryReconfirmed({ deliveryId, accountId, confirmedFor: the12th, requestedByCustomer: true, promisedFor: the12th }));
const allocated = (deliveryId: string) => on('lot', lotId)(quantityAllocated({ lotId, deliveryId, quantity: '250' }));
const on = (category: string, id: string) => ({ type, data }: DomainEvent) => recorded(type, data as object, { stream: `${category}-${id}` });

/** Starting a PostgreSQL takes its time on a busy machine. */
const MOST_MS = 60_000;

describe('the deliveries that wait for their lot', () => {
  const log = projectionSpec(waitingDeliveries, { database: testDatabase() })
    .given(planned(first), planned(second), allocated(unknown), reconfirmed(second), allocated(first), reconfirmed(first));

  it('are those for which nothing is set aside, with the promise that holds', () =>
    log.thenRows(WaitingDeliveryRow, [{ deliveryId: second, lotId, quantity: '250', promisedFor: the12th }]), MOST_MS);
  it('are the same however the log is cut into batches', () => log.survivesRandomBatches(), MOST_MS);
  it('are the same when built again from nothing', () => log.rebuildEqualsLive(), MOST_MS);
});
