import fc from 'fast-check';
import { LogFeed, MemoryKeys, MemoryStore, noUpcasting, ReadModel } from '@touchstone/event-store';
import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { derivedId } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import { exposureIdentified } from '@touchstone/contracts/analytics';
import { deliveryArrived, deliveryPlanned, deliveryReconfirmed, nonconformityVoided } from '@touchstone/contracts/control';
import {
  accountRegistered, complaintAssessed, complaintClosed, complaintReceived, complaintResolved, purchaseRecorded, satisfactionStated,
} from '@touchstone/contracts/feedback';
import { interleaved } from '../interleaved.spec-kit.js';
import { accountFacts, AccountRow, ComplaintRow, ExposureRow, PromiseRow, PurchaseRow, VoidedNonconformityRow } from './account-facts.projection.js';
import { accountHistory } from './account-history.query.js';

const STARTS_WITHIN_MS = 60_000;
const database = testDatabase();
beforeAll(() => database.empty(), STARTS_WITHIN_MS);
const id = (name: string) => derivedId('account-facts', name);
const at = (day: number) => `2026-03-${String(day).padStart(2, '0')}T08:00:00.000Z`;
const put = ({ type, data }: { type: string; data: unknown }, stream: string, day: number, migrated = false) =>
  recorded(type, data as object, { stream, meta: { occurredAt: at(day), ...(migrated && { provenance: ['migrated' as const] }) } });
const ada = { accountId: id('ada') };
const promise = { ...ada, lotId: id('lot'), itemId: id('item'), quantity: '40' };
const planned = (deliveryId: string, day: number) => deliveryPlanned({ ...promise, deliveryId, orderId: 'SO-1', line: 1, requestedFor: at(day), confirmedFor: at(day) });
const feedback = (kind: string, name: string) => `feedback/${kind}-${id(name)}`;
const delivery = (name: string) => `control/delivery-${id(name)}`;
const about = (complaintId: string) => ({ ...ada, complaintId });
const limits = { acknowledgeBy: at(13), respondBy: at(21) };

const log = [
  put(accountRegistered({ ...ada, name: 'Ada' }), feedback('account', 'ada'), 1, true),
  put(satisfactionStated({ ...ada, score: 9 }), feedback('account', 'ada'), 5),
  put(satisfactionStated({ ...ada, score: 3 }), feedback('account', 'ada'), 4),
  put(purchaseRecorded({ ...ada, purchaseId: id('p1'), source: 'cdnow', externalId: '1', units: '1', amount: '0', currency: 'USD' }), feedback('purchase', 'p1'), 2, true),
  put(planned(id('d1'), 10), delivery('d1'), 2),
  put(deliveryReconfirmed({ ...ada, deliveryId: id('d1'), confirmedFor: at(12), promisedFor: at(10), requestedByCustomer: false }), delivery('d1'), 3),
  put(planned(id('d2'), 10), delivery('d2'), 2),
  put(deliveryReconfirmed({ ...ada, deliveryId: id('d2'), confirmedFor: at(15), promisedFor: at(15), requestedByCustomer: true }), delivery('d2'), 3),
  put(planned(id('d3'), 10), delivery('d3'), 2),
  put(deliveryArrived({ ...promise, deliveryId: id('d3'), promisedFor: at(10), onTime: true, inFull: true }), delivery('d3'), 9),
  put(planned(id('d4'), 10), delivery('d4'), 2),
  put(deliveryArrived({ ...promise, deliveryId: id('d4'), promisedFor: at(10), onTime: true, inFull: false }), delivery('d4'), 10),
  put(exposureIdentified({ nonconformityId: id('n1'), lotId: id('lot'), severity: 'major', known: 'certain', accounts: [{ ...ada, deliveryId: id('d3'), quantity: '40' }] }), `exposure-${id('n1')}`, 11),
  put(nonconformityVoided({ nonconformityId: id('n1'), lotId: id('lot'), reason: 'wrong gauge' }), `control/nonconformity-${id('n1')}`, 12),
  put(complaintReceived({ ...about(id('c1')), channel: 'phone', category: 'late', lotId: id('lot'), ...limits }), feedback('complaint', 'c1'), 11),
  put(complaintAssessed({ ...about(id('c1')), severity: 'major', about: 'quality', team: 'south' }), feedback('complaint', 'c1'), 12),
  put(complaintResolved({ ...about(id('c1')), customerAgrees: true, recovery: 'replaced' }), feedback('complaint', 'c1'), 13),
  put(complaintClosed({ ...about(id('c1')), outcome: 'confirmed' }), feedback('complaint', 'c1'), 14),
  put(complaintReceived({ ...about(id('c2')), channel: 'mail', category: 'rude', ...limits }), feedback('complaint', 'c2'), 11),
  put(complaintReceived({ complaintId: id('c3'), accountId: UNASSIGNED_ACCOUNT_ID, channel: 'regulator', category: 'x', ...limits }), feedback('complaint', 'c3'), 11, true),
  put(complaintClosed({ complaintId: id('c3'), accountId: UNASSIGNED_ACCOUNT_ID, outcome: 'no-response' }), feedback('complaint', 'c3'), 12, true),
];
const open = { ...ada, lotId: null, deliveryId: null, severity: null, receivedAt: at(11), resolvedAt: null, agreed: null, closedAt: null, outcome: null };
const expected: readonly [new () => object, readonly object[]][] = [
  [AccountRow, [{ ...ada, registered: true, scores: [{ score: 9, at: at(5) }, { score: 3, at: at(4) }] }]],
  [PurchaseRow, [{ ...ada, purchaseId: id('p1'), at: at(2) }]],
  [PromiseRow, [
    { ...ada, deliveryId: id('d1'), promisedFor: at(10), arrivedAt: null, kept: false }, { ...ada, deliveryId: id('d2'), promisedFor: at(15), arrivedAt: null, kept: false },
    { ...ada, deliveryId: id('d3'), promisedFor: at(10), arrivedAt: at(9), kept: true }, { ...ada, deliveryId: id('d4'), promisedFor: at(10), arrivedAt: at(10), kept: false },
  ]],
  [ExposureRow, [{ ...ada, nonconformityId: id('n1'), deliveryId: id('d3'), lotId: id('lot'), severity: 'major', at: at(11) }]],
  [VoidedNonconformityRow, [{ nonconformityId: id('n1'), at: at(12) }]],
  [ComplaintRow, [
    { ...open, complaintId: id('c1'), lotId: id('lot'), severity: 'major', resolvedAt: at(13), agreed: true, closedAt: at(14), outcome: 'confirmed' },
    { ...open, complaintId: id('c2') },
  ]],
];

describe('what assessments rest on', () => {
  const spec = projectionSpec(accountFacts, { database });
  it.each(expected.map(([table, rows]) => [table.name, table, rows] as const))('is kept as %s, migrated or not', (_, table, rows) => spec.given(...log).thenRows(table, rows));
  it('is the same however the streams of other services are interleaved', () =>
    fc.assert(fc.asyncProperty(fc.array(fc.nat(15), { minLength: 1, maxLength: 21 }), async (choices) => {
      const mixed = spec.given(...interleaved(log, choices));
      for (const [table, rows] of expected) await mixed.thenRows(table, rows);
    }), { numRuns: 5 }), 60_000);
  it('is the same however the log is cut into batches', () => spec.given(...log).survivesRandomBatches(), 60_000);
  it('is the same when built again from nothing', () => spec.given(...log).rebuildEqualsLive(), 60_000);
});

describe('what is known about an account', () => {
  let model: ReadModel;
  beforeAll(async () => {
    const { store, url } = await database.fresh({ service: 'analytics' });
    const memory = new MemoryStore('analytics:test:1');
    await memory.ingest(log.map(({ type, data, meta, stream }, index) => ({ id: derivedId(index), type, stream, body: canonicalize(data), meta: canonicalize(meta), topic: 'given', offset: index + 1 })));
    model = new ReadModel(accountFacts, { pool: store.pool, url, feed: new LogFeed(memory, new MemoryKeys(), noUpcasting) });
    await model.open();
    model.follower.start();
    expect(await model.follower.reached(log.length, 20_000)).toBe(true);
  }, 60_000);
  afterAll(() => model.close());
  const known = (instant: string, accountId = ada.accountId) => accountHistory(model.manager, accountId, instant);

  it('is nothing, of somebody who is no account', async () =>
    expect(await known(at(20), id('nobody'))).toEqual({
      registered: false, purchases: { count: 0, first: null, last: null }, promises: { due: 0, kept: 0 }, exposures: [], complaints: [], scores: [],
    }));
  it('counts a promise when its time has passed or it was kept before, for a year', async () => {
    const promises = async (instant: string) => Object.values((await known(instant)).promises);
    expect(await Promise.all([at(8), at(9), at(10), at(15), '2027-03-12T00:00:00.000Z', '2027-04-01T00:00:00.000Z'].map(promises))).toEqual([[0, 0], [1, 1], [3, 1], [4, 1], [1, 0], [0, 0]]);
  });
  it('counts a promise as kept only when it was right first time: the delivery of a lot with a nonconformity was not', async () => {
    const kept = async (instant: string) => (await known(instant)).promises.kept;
    expect([await kept(at(10)), await kept(at(11)), await kept(at(12))]).toEqual([1, 0, 1]); // d3: exposed on day 11, none after all on day 12
  });
  it('has no exposure any more to what turned out to be no nonconformity', async () => {
    expect((await known(at(11))).exposures).toEqual([{ deliveryId: id('d3'), lotId: id('lot'), severity: 'major', at: at(11) }]);
    expect((await known(at(12))).exposures).toEqual([]);
  });
  it('tells of complaints, scores and purchases what had become true by then', async () => {
    const complaints = async (instant: string) => (await known(instant)).complaints.filter(({ complaintId }) => complaintId === id('c1')).map(({ resolvedAt, agreed, closedAt, outcome }) => [resolvedAt, agreed, closedAt, outcome]);
    expect(await Promise.all([at(10), at(12), at(13), at(14)].map(complaints))).toEqual([[], [[null, null, null, null]], [[at(13), true, null, null]], [[at(13), true, at(14), 'confirmed']]]);
    expect((await Promise.all([at(3), at(4), at(5)].map((instant) => known(instant)))).map(({ scores }) => scores.map(({ score }) => score))).toEqual([[], [3], [9, 3]]);
    expect((await Promise.all([at(1), at(2)].map((instant) => known(instant)))).map(({ purchases }) => purchases)).toEqual([{ count: 0, first: null, last: null }, { count: 1, first: at(2), last: at(2) }]);
  });
});
