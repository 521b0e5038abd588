import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { purchaseRecorded } from '@touchstone/contracts/feedback';
import { purchaseStream } from './events.js';
import { purchaseList, PurchaseRow } from './purchase-list.projection.js';

const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const first = { purchaseId: '5c7e9a1b-3d5f-5b7c-8e9a-1c3e5a7b9d04', accountId, source: 'cdnow', externalId: 'a', units: '2', amount: '29.33', currency: 'USD' };
const second = { ...first, purchaseId: '9a8b7c6d-5e4f-5a3b-9c2d-1e0f9a8b7c6d', externalId: 'b', amount: '0' };
const inLog = (data: typeof first, occurredAt: string) =>
  recorded(purchaseRecorded(data).type, data, { stream: purchaseStream(data.purchaseId), meta: { occurredAt } });

describe('the list of purchases', () => {
  const spec = projectionSpec(purchaseList, { database: testDatabase() });
  const log = spec.given(inLog(first, '1997-01-01T00:00:00.000Z'), inLog(second, '1997-01-18T00:00:00.000Z'));

  it('has a row for each, at the time it was bought', () =>
    log.thenRows(PurchaseRow, [{ ...first, boughtAt: '1997-01-01T00:00:00.000Z' }, { ...second, boughtAt: '1997-01-18T00:00:00.000Z' }]));
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches());
  it('is the same when built again from nothing', () => log.rebuildEqualsLive());
});
