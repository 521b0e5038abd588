import type { Fact } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { ConcessionGranted, LotRegistered, QuantityAllocated, ReassessmentOpened } from '@touchstone/contracts/control';
import { deliveryArrived, deliveryDispatched, deliveryPlanned, deliveryReconfirmed } from '@touchstone/contracts/control';
import { deciderSpec } from '@touchstone/testing';
import type { ConfirmArrival, DispatchDelivery, PlanDelivery, ReconfirmDelivery } from './commands.js';
import { delivery } from './decider.js';

const [deliveryId, accountId, lotId, itemId] = [
  '3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', '8c2a5d10-4e7b-5f16-8a3c-2b9d6e0f1c72', '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
];
const [the9th, the10th, the12th, the14th] = ['2026-03-09', '2026-03-10', '2026-03-12', '2026-03-14'].map((day) => `${day}T16:00:00.000Z`) as [string, string, string, string];

const line = { deliveryId, orderId: 'SO-10231', line: 1, accountId, lotId, quantity: '250', requestedFor: the9th, confirmedFor: the10th };
const plan = (changes: Partial<PlanDelivery> = {}): PlanDelivery => ({ type: 'PlanDelivery', ...line, ...changes });
const reconfirm = (confirmedFor: string, requestedByCustomer: boolean): ReconfirmDelivery =>
  ({ type: 'ReconfirmDelivery', deliveryId, confirmedFor, requestedByCustomer, reason: 'as agreed by telephone' });
const dispatch: DispatchDelivery = { type: 'DispatchDelivery', deliveryId };
const arrive = (quantity = '250'): ConfirmArrival => ({ type: 'ConfirmArrival', deliveryId, quantity });

const planned = deliveryPlanned({ ...line, itemId });
const reconfirmed = (confirmedFor: string, requestedByCustomer: boolean, promisedFor: string) =>
  deliveryReconfirmed({ deliveryId, accountId, confirmedFor, requestedByCustomer, promisedFor });
const dispatched = deliveryDispatched({ deliveryId, accountId, lotId, quantity: '250' });
const arrived = (rest: { quantity?: string; promisedFor?: string; onTime?: boolean; inFull?: boolean } = {}) =>
  deliveryArrived({ deliveryId, accountId, lotId, itemId, quantity: '250', promisedFor: the10th, onTime: true, inFull: true, ...rest });

const lot: Fact<LotRegistered['data']> = {
  value: { lotId, number: 'L-2026-0117', itemId, quantity: '500', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] },
  refs: [{ stream: `lot-${lotId}`, version: 1 }], seq: 1,
};
const allocation = (quantity: string): Fact<QuantityAllocated['data']> => ({
  value: { lotId, deliveryId, quantity }, refs: [{ stream: `lot-${lotId}`, version: 5 }], seq: 9,
});
const spec = deciderSpec(delivery, { contracts });

describe('planning a delivery', () => {
  it('keeps what was requested and what was confirmed, and names the item of the lot', () => spec.when(plan(), { facts: { lot } }).then(planned));
  it('needs a lot that is registered', () => spec.when(plan(), { facts: { lot: { value: null, refs: [], seq: 1 } } }).thenRefused('LOT_UNKNOWN', { lotId }));
  it('cannot take more than the lot has', () => {
    spec.when(plan({ quantity: '500' }), { facts: { lot } }).then(deliveryPlanned({ ...line, quantity: '500', itemId }));
    spec.when(plan({ quantity: '500.5' }), { facts: { lot } }).thenRefused('QUANTITY_NOT_IN_LOT', { quantity: '500' });
  });
  it('happens once', () => {
    spec.given(planned).when(plan(), { facts: { lot } }).thenRefused('DELIVERY_ALREADY_PLANNED', { orderId: 'SO-10231', line: 1 });
    spec.repeating(plan(), { facts: { lot } });
  });
});

describe('a delivery that nobody planned', () => {
  it.each([reconfirm(the12th, true), dispatch, arrive()])('is not known to $type', (command) => spec.when(command).thenRefused('DELIVERY_UNKNOWN', { deliveryId }));
});

describe('confirming another date', () => {
  const given = spec.given(planned);
  it('that the customer asked for replaces the promise', () => given.when(reconfirm(the12th, true)).then(reconfirmed(the12th, true, the12th)));
  it('that the customer did not ask for leaves the promise as it was', () => given.when(reconfirm(the12th, false)).then(reconfirmed(the12th, false, the10th)));
  it('that the customer asked for on the last moment still replaces the promise', () =>
    given.when(reconfirm(the14th, true), { at: the10th }).then(reconfirmed(the14th, true, the14th)));
  it('that the customer asked for after the promise was broken excuses nothing', () =>
    given.when(reconfirm(the14th, true), { at: '2026-03-10T16:00:00.001Z' }).then(reconfirmed(the14th, true, the10th)));
  it('keeps what the customer asked for when another date follows that he did not ask for', () =>
    spec.given(planned, reconfirmed(the12th, true, the12th)).when(reconfirm(the14th, false)).then(reconfirmed(the14th, false, the12th)));
  it('to the date that is confirmed already is moot', () => {
    given.when(reconfirm(the10th, true)).thenNothing();
    given.repeating(reconfirm(the12th, true));
    given.repeating(reconfirm(the12th, false));
  });
  it('is possible while it is on its way, but not once it has arrived', () => {
    spec.given(planned, dispatched).when(reconfirm(the12th, false)).then(reconfirmed(the12th, false, the10th));
    spec.given(planned, dispatched, arrived()).when(reconfirm(the12th, true)).thenRefused('DELIVERY_ARRIVED', { deliveryId });
  });
});

describe('dispatching', () => {
  const given = spec.given(planned);
  it('sends what the lot has set aside for this delivery', () => given.when(dispatch, { facts: { allocation: allocation('250') } }).then(dispatched));
  it('is refused while nothing is set aside', () =>
    given.when(dispatch, { facts: { allocation: { value: null, refs: [], seq: 9 } } }).thenRefused('NOT_ALLOCATED', { ordered: '250', allocated: '0' }));
  it('is refused while less is set aside than was ordered', () =>
    given.when(dispatch, { facts: { allocation: allocation('249.999') } }).thenRefused('NOT_ALLOCATED', { ordered: '250', allocated: '249.999' }));
  describe('what a late inspection has put in doubt since', () => {
    const inspectionId = '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21';
    const reassessment: Fact<ReassessmentOpened['data']> = {
      value: { lotId, number: 'L-2026-0117', itemId, inspectionId, characteristicIds: ['hardness'], released: '500', allocated: '400' },
      refs: [{ stream: `lot-${lotId}`, version: 7 }], seq: 12,
    };
    const concession = (quantity: string, validUntil = the12th): Fact<ConcessionGranted['data']> => ({
      value: {
        lotId, concessionId: '1f0c9c9e-1f5b-5f51-9f1d-70a52c1f1a33', kind: 'concession', quantity, waives: 'REASSESSMENT_OPEN',
        reason: 'the customer takes this hardness', validUntil, grantedBy: 'manager-1',
      },
      refs: [{ stream: `lot-${lotId}`, version: 8 }], seq: 13,
    });
    const doubtful = { allocation: allocation('250'), reassessment };
    it('stays here', () => given.when(dispatch, { facts: doubtful }).thenRefused('REASSESSMENT_OPEN', { lotId, inspectionId, characteristicIds: ['hardness'] }));
    it('goes by a concession that covers all that the lot had set aside, until its last moment', () => {
      given.when(dispatch, { facts: { ...doubtful, concession: concession('400') }, at: the12th }).then(dispatched);
      given.when(dispatch, { facts: { ...doubtful, concession: concession('399') }, at: the12th }).thenRefused('CONCESSION_EXCEEDED', { covers: '399', needed: '400' });
      given.when(dispatch, { facts: { ...doubtful, concession: concession('400') }, at: the14th }).thenRefused('CONCESSION_EXPIRED', { validUntil: the12th });
    });
  });
  it('happens once', () => {
    given.repeating(dispatch, { facts: { allocation: allocation('250') } });
    spec.given(planned, dispatched, arrived()).when(dispatch).thenNothing();
  });
});

describe('an arrival', () => {
  const given = spec.given(planned, dispatched);
  it('by the promised moment is on time, and one a millisecond later is late', () => {
    given.when(arrive(), { at: the10th }).then(arrived());
    given.when(arrive(), { at: '2026-03-10T16:00:00.001Z' }).then(arrived({ onTime: false }));
  });
  it('of less than was ordered is not in full', () => given.when(arrive('249'), { at: the10th }).then(arrived({ quantity: '249', inFull: false })));
  it('of more than was dispatched cannot be', () => given.when(arrive('251')).thenRefused('MORE_THAN_DISPATCHED', { dispatched: '250', arrived: '251' }));
  it('comes after the dispatch', () => spec.given(planned).when(arrive()).thenRefused('NOT_DISPATCHED', { deliveryId }));
  it('on the date that the customer asked for keeps the promise', () =>
    spec.given(planned, reconfirmed(the12th, true, the12th), dispatched).when(arrive(), { at: the12th }).then(arrived({ promisedFor: the12th })));
  it('on a later date that was confirmed to him, but not asked for, breaks it', () =>
    spec.given(planned, reconfirmed(the12th, false, the10th), dispatched).when(arrive(), { at: the12th }).then(arrived({ onTime: false })));
  it('happens once, and a second count is refused', () => {
    given.repeating(arrive());
    spec.given(planned, dispatched, arrived()).when(arrive('240')).thenRefused('DELIVERY_ARRIVED', { deliveryId, arrived: '250' });
  });
});
