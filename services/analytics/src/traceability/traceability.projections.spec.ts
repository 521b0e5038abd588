import fc from 'fast-check';
import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { derivedId } from '@touchstone/kernel';
import { exposureIdentified } from '@touchstone/contracts/analytics';
import { deliveryArrived, deliveryDispatched, nonconformityReported, nonconformityVoided } from '@touchstone/contracts/control';
import { interleaved } from '../interleaved.spec-kit.js';
import { accountExposure, AccountExposureRow } from './account-exposure.projection.js';
import { deliveriesByLot, DeliveryByLotRow, NonconformityByLotRow } from './deliveries-by-lot.projection.js';

const STARTS_WITHIN_MS = 60_000;
const database = testDatabase();
beforeAll(() => database.empty(), STARTS_WITHIN_MS);
const id = (name: string) => derivedId('traceability', name);
const at = (day: number) => ({ meta: { occurredAt: `2026-03-${String(day).padStart(2, '0')}T08:00:00.000Z` } });
const first = { deliveryId: id('d1'), accountId: id('ada'), lotId: id('lot'), quantity: '40' };
const second = { deliveryId: id('d2'), accountId: id('bob'), lotId: id('lot'), quantity: '60' };
const reported = {
  nonconformityId: id('n1'), lotId: id('lot'), lotNumber: 'L-1', itemId: id('item'), requirement: 'diameter', quantity: '100', severity: 'major' as const,
  source: 'late-inspection' as const, sourceId: id('inspection'),
};
const delivery = (name: string) => `control/delivery-${id(name)}`;
const log = [
  recorded('control.DeliveryDispatched.v1', deliveryDispatched(first).data, { stream: delivery('d1'), ...at(2) }),
  recorded('control.DeliveryDispatched.v1', deliveryDispatched(second).data, { stream: delivery('d2'), ...at(3) }),
  recorded('control.DeliveryArrived.v1', deliveryArrived({ ...first, quantity: '39', itemId: id('item'), promisedFor: '2026-03-04T08:00:00.000Z', onTime: true, inFull: false }).data, { stream: delivery('d1'), ...at(4) }),
  recorded('control.NonconformityReported.v1', nonconformityReported(reported).data, { stream: `control/nonconformity-${id('n1')}`, ...at(5) }),
  recorded('control.NonconformityReported.v1', nonconformityReported({ ...reported, nonconformityId: id('n2'), severity: 'minor' }).data, { stream: `control/nonconformity-${id('n2')}`, ...at(5) }),
  recorded('control.NonconformityReported.v1', nonconformityReported({ ...reported, nonconformityId: id('n3'), source: 'inspection' }).data, { stream: `control/nonconformity-${id('n3')}`, ...at(5) }),
  recorded('control.NonconformityVoided.v1', nonconformityVoided({ nonconformityId: id('n2'), lotId: id('lot'), reason: 'measured with the wrong gauge' }).data, { stream: `control/nonconformity-${id('n2')}`, ...at(6) }),
];
const deliveryRows = [
  { ...first, dispatchedAt: '2026-03-02T08:00:00.000Z', arrivedAt: '2026-03-04T08:00:00.000Z' },
  { ...second, dispatchedAt: '2026-03-03T08:00:00.000Z', arrivedAt: null },
];
const nonconformityRows = [
  { nonconformityId: id('n1'), lotId: id('lot'), itemId: id('item'), severity: 'major', voided: false },
  { nonconformityId: id('n2'), lotId: id('lot'), itemId: id('item'), severity: 'minor', voided: true },
];

describe('where lots went', () => {
  const spec = projectionSpec(deliveriesByLot, { database });
  it('tells each delivery with the quantity that left, even if less arrived', () => spec.given(...log).thenRows(DeliveryByLotRow, deliveryRows));
  it('tells the nonconformities that concern what left, and which of them were none', () => spec.given(...log).thenRows(NonconformityByLotRow, nonconformityRows));
  it('is the same however the streams of the other service are interleaved', () =>
    fc.assert(fc.asyncProperty(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), async (choices) => {
      const mixed = spec.given(...interleaved(log, choices));
      await mixed.thenRows(DeliveryByLotRow, deliveryRows);
      await mixed.thenRows(NonconformityByLotRow, nonconformityRows);
    }), { numRuns: 6 }), 60_000);
  it('is the same however the log is cut into batches', () => spec.given(...log).survivesRandomBatches(), 60_000);
  it('is the same when built again from nothing', () => spec.given(...log).rebuildEqualsLive(), 60_000);
});

describe('what accounts were exposed to', () => {
  const spec = projectionSpec(accountExposure, { database });
  const account = ({ accountId, deliveryId, quantity }: typeof first) => ({ accountId, deliveryId, quantity });
  const about = { nonconformityId: id('n1'), lotId: id('lot'), severity: 'major' as const };
  const events = [first, second].map((each, day) =>
    recorded('analytics.ExposureIdentified.v1', exposureIdentified({ ...about, known: 'certain', accounts: [account(each)] }).data, { stream: `exposure-${id('n1')}`, ...at(5 + day) }));
  const row = (each: typeof first, day: number) => ({ exposureId: `${id('n1')}/${each.deliveryId}`, ...about, ...account(each), identifiedAt: at(day).meta.occurredAt });

  it('is a row for each delivery of each nonconformity', () => spec.given(...events).thenRows(AccountExposureRow, [row(first, 5), row(second, 6)]));
  it('is the same however the log is cut into batches', () => spec.given(...events).survivesRandomBatches(2), 60_000);
  it('is the same when built again from nothing', () => spec.given(...events).rebuildEqualsLive(), 60_000);
});
