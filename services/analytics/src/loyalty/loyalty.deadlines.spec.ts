import { derivedId } from '@touchstone/kernel';
import type { RecordedEvent } from '@touchstone/kernel';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import type { Deadline, Due } from '@touchstone/event-store';
import { recorded } from '@touchstone/testing';
import { assessAfterEvent, nextMidnight } from './assess-after-event.deadline.js';
import { assessMonthly, nextMonth } from './assess-monthly.deadline.js';

const [ada, bob] = [derivedId('account', 'ada'), derivedId('account', 'bob')];
const seen = (type: string, data: object, meta: object = {}): RecordedEvent => ({ ...recorded(type, data, { stream: 'x-1', meta }), id: derivedId('event'), seq: 1, version: 1 });
const due = ({ set }: Deadline, event: RecordedEvent) => [set[event.type]?.(event) ?? []].flat().map(({ key, dueAt, command }: Due) => [key, dueAt, { ...command }]);
const assess = (accountId: string, because: string) => ({ type: 'AssessAccount', accountId, because });

describe('an account is judged at the end of the day', () => {
  it.each([
    'control.DeliveryArrived.v1', 'feedback.ComplaintReceived.v1', 'feedback.ComplaintResolved.v1', 'feedback.ComplaintClosed.v1', 'feedback.SatisfactionStated.v1', 'feedback.PurchaseRecorded.v1',
  ])('on which %s became known', (type) =>
    expect(due(assessAfterEvent, seen(type, { accountId: ada }))).toEqual([[ada, '2026-03-03T00:00:00.000Z', assess(ada, 'event')]]));
  it('on which it was exposed, once for all its deliveries', () =>
    expect(due(assessAfterEvent, seen('analytics.ExposureIdentified.v1', { accounts: [{ accountId: ada }, { accountId: bob }, { accountId: ada }] })))
      .toEqual([ada, bob].map((accountId) => [accountId, '2026-03-03T00:00:00.000Z', assess(accountId, 'event')])));
  it('on which it became known, not on which it happened: what was judged before stays judged', () =>
    expect(due(assessAfterEvent, seen('feedback.PurchaseRecorded.v1', { accountId: ada }, { occurredAt: '2026-01-01T00:00:00.000Z' }))).toEqual([[ada, '2026-03-03T00:00:00.000Z', assess(ada, 'event')]]));
  it('unless it is nobody\'s', () => expect(due(assessAfterEvent, seen('feedback.ComplaintReceived.v1', { accountId: UNASSIGNED_ACCOUNT_ID }))).toEqual([]));
  it('which is the midnight that follows, in UTC', () =>
    expect(['2026-12-31T23:59:59.999Z', '2026-02-28T00:00:00.000Z'].map(nextMidnight)).toEqual(['2027-01-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']));
});

describe('an account that was judged', () => {
  it('is judged again on the first of the next month', () =>
    expect(due(assessMonthly, seen('analytics.LoyaltyAssessed.v1', { accountId: ada }))).toEqual([[ada, '2026-04-01T00:00:00.000Z', assess(ada, 'month')]]));
  it('on the first is judged again on the next first', () =>
    expect(['2026-04-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z', '2026-09-30T12:00:00.000Z'].map(nextMonth)).toEqual(['2026-05-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', '2026-10-01T00:00:00.000Z']));
});
