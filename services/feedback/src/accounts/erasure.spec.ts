import type { Actor } from '@touchstone/kernel';
import { derivedId, plusDays } from '@touchstone/kernel';
import { deciderSpec } from '@touchstone/testing';
import { contracts } from '@touchstone/contracts';
import { accountRegistered, contactAdded, customerErased } from '@touchstone/contracts/feedback';
import type { ConfirmErasure, EraseAccount, EraseContact, PlaceErasureHold, ReleaseErasureHold } from './commands.js';
import { accountDecider } from './decider.js';
import type { AccountEvent, ErasureDeferred, ErasureHoldPlaced, ErasureHoldReleased, ErasureOrdered } from './events.js';
import { accounts } from './slice.js';

const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const [ada, eve, stranger] = ['6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26', '11111111-2222-5333-8444-555555555555', '22222222-2222-5333-8444-555555555555'] as const;

const spec = deciderSpec(accountDecider, { contracts });
const customer: readonly AccountEvent[] = [
  accountRegistered({ accountId, name: 'Muster' }), contactAdded({ accountId, contactId: ada, name: 'Ada' }), contactAdded({ accountId, contactId: eve, name: 'Eve' }),
];
const known = spec.given(...customer);
const officer: Actor = { id: 'officer-1', roles: ['data-protection'] };
const reason = 'request 17';
const eraseAccount: EraseAccount = { type: 'EraseAccount', accountId, ground: 'request', reason };
const eraseContact = (contactId: string, ground: EraseContact['ground'] = 'objection'): EraseContact => ({ type: 'EraseContact', accountId, contactId, ground, reason });
const hold = (holdId: string): PlaceErasureHold => ({ type: 'PlaceErasureHold', accountId, holdId, reason });
const release = (holdId: string): ReleaseErasureHold => ({ type: 'ReleaseErasureHold', accountId, holdId, reason });
const confirm = (number: number): ConfirmErasure => ({ type: 'ConfirmErasure', accountId, number });

const orderedAccount = (number: number, subjects: readonly string[], ground: ErasureOrdered['data']['ground'] = 'request'): ErasureOrdered =>
  ({ type: 'feedback.ErasureOrdered.v1', data: { accountId, number, scope: 'account', subjects, ground } });
const orderedContact = (number: number, contactId: string): ErasureOrdered =>
  ({ type: 'feedback.ErasureOrdered.v1', data: { accountId, number, scope: 'contact', subjects: [contactId], ground: 'objection' } });
const held = (holdId: string): ErasureHoldPlaced => ({ type: 'feedback.ErasureHoldPlaced.v1', data: { accountId, holdId } });
const released = (holdId: string): ErasureHoldReleased => ({ type: 'feedback.ErasureHoldReleased.v1', data: { accountId, holdId } });
const deferred = (data: Omit<ErasureDeferred['data'], 'accountId'>): ErasureDeferred => ({ type: 'feedback.ErasureDeferred.v1', data: { accountId, ...data } });

describe('erasing a customer', () => {
  it('is ordered for the account and everybody who speaks for it', () => known.when(eraseAccount, { actor: officer }).then(orderedAccount(1, [accountId, ada, eve])));
  it('is ordered once', () => known.repeating(eraseAccount));
  it('leaves out who was erased before', () =>
    spec.given(...customer, orderedContact(1, ada)).when(eraseAccount).then(orderedAccount(2, [accountId, eve])));
  it('is ordered in parts where there are more subjects than one event names', () => {
    const people = Array.from({ length: 1_500 }, (_, index) => derivedId('person', index));
    const crowd = people.map((contactId) => contactAdded({ accountId, contactId, name: 'N' }));
    spec.given(accountRegistered({ accountId, name: 'Muster' }), ...crowd).when(eraseAccount)
      .then(orderedAccount(1, [accountId, ...people.slice(0, 999)]), orderedAccount(2, people.slice(999)));
  });
  it('needs an account that is known: complaints without one share a key, and cannot be erased', () => spec.when(eraseAccount).thenRefused('ACCOUNT_UNKNOWN', { accountId }));
  it('is never taken in bulk, nor is any command about it', () =>
    expect(accounts.notInBulk).toEqual(['EraseAccount', 'EraseContact', 'PlaceErasureHold', 'ReleaseErasureHold', 'ConfirmErasure']));
});

describe('erasing a contact', () => {
  it('is ordered for that person alone', () => known.when(eraseContact(ada)).then(orderedContact(1, ada)));
  it('is ordered once', () => known.repeating(eraseContact(ada)));
  it('is nothing new once the account is', () => spec.given(...customer, orderedAccount(1, [accountId, ada, eve])).when(eraseContact(ada)).thenNothing());
  it('needs a contact of the account', () => known.when(eraseContact(stranger)).thenRefused('CONTACT_UNKNOWN', { contactId: stranger }));
});

describe('an order that was carried out', () => {
  const at = '2026-11-02T08:00:00.000Z';
  const erased = (scope: 'account' | 'contact', subjects: string[], ground: 'request' | 'objection') =>
    customerErased({ accountId, scope, subjects, ground, erasedAt: at, deleteBy: plusDays(at, 28) });

  it('is told with the time at which its keys were gone, and the time for those who have copies', () =>
    spec.given(...customer, orderedContact(1, ada)).when(confirm(1), { at }).then(erased('contact', [ada], 'objection')));
  it('is told once', () => spec.given(...customer, orderedAccount(1, [accountId, ada, eve])).repeating(confirm(1), { at }));
  it('is told in its turn, and not before it was ordered', () => {
    known.when(confirm(1)).thenNothing();
    const two = spec.given(...customer, orderedContact(1, ada), orderedAccount(2, [accountId, eve]));
    two.when(confirm(2), { at }).thenNothing();
    spec.given(...customer, orderedContact(1, ada), orderedAccount(2, [accountId, eve]), erased('contact', [ada], 'objection'))
      .when(confirm(2), { at }).then(erased('account', [accountId, eve], 'request'));
  });
});

describe('a customer who is erased', () => {
  const gone = spec.given(...customer, orderedAccount(1, [accountId, ada, eve]));
  it.each([
    { type: 'AddContact', accountId, contactId: stranger, name: 'New' }, { type: 'AddContact', accountId, contactId: ada, name: 'Ada' },
    { type: 'AddShipTo', accountId, shipToId: stranger, label: 'works', country: 'DE' }, { type: 'StateSatisfaction', accountId, score: 1 },
  ] as const)('takes no $type any more', (command) => gone.when(command).thenRefused('ACCOUNT_ERASED', { accountId }));
  it('is not kept by a hold that comes too late', () => gone.when(hold('case-1')).thenRefused('ACCOUNT_ERASED', { accountId }));
  it('is the same customer when a file tells of him again', () => gone.when({ type: 'RegisterAccount', accountId, name: 'Muster' }).thenNothing());
  it('of whom one contact is erased stays a customer, and takes nothing more of that person', () => {
    const one = spec.given(...customer, orderedContact(1, ada));
    one.when({ type: 'StateSatisfaction', accountId, contactId: eve, score: 3 }).then({ type: 'feedback.SatisfactionStated.v1', data: { accountId, contactId: eve, score: 3 } });
    one.when({ type: 'StateSatisfaction', accountId, contactId: ada, score: 3 }).thenRefused('CONTACT_ERASED', { contactId: ada });
    one.when({ type: 'AddContact', accountId, contactId: ada, name: 'Ada' }).thenRefused('CONTACT_ERASED', { contactId: ada });
  });
});

describe('a hold', () => {
  const holding = (...events: AccountEvent[]) => spec.given(...customer, held('case-1'), ...events);

  it('is placed and released', () => {
    known.when(hold('case-1')).then(held('case-1'));
    holding().when(release('case-1')).then(released('case-1'));
  });
  it('changes nothing when placed again', () => known.repeating(hold('case-1')));
  it('that does not stand is not released, and those that do are told', () => holding().when(release('case-2')).thenRefused('HOLD_UNKNOWN', { holdIds: ['case-1'] }));
  it('defers what is to be erased, on record, once', () => {
    holding().when(eraseAccount).then(deferred({ ground: 'request', holdIds: ['case-1'] }));
    holding().repeating(eraseAccount);
    holding(deferred({ ground: 'request', holdIds: ['case-1'] })).when(eraseContact(ada)).then(deferred({ ground: 'objection', contactId: ada, holdIds: ['case-1'] }));
  });
  it('that is released first of two leaves it deferred', () =>
    holding(held('case-2'), deferred({ ground: 'request', holdIds: ['case-1', 'case-2'] })).when(release('case-1')).then(released('case-1')));
  it('that is the last has it carried out with its release, for whoever speaks for the account by then', () => {
    const late = contactAdded({ accountId, contactId: stranger, name: 'Late' });
    holding(deferred({ ground: 'request', holdIds: ['case-1'] }), late).when(release('case-1')).then(released('case-1'), orderedAccount(1, [accountId, ada, eve, stranger]));
  });
  it('that is the last has each contact erased who was to be, unless the account is', () => {
    const [one, other, all] = [deferred({ ground: 'objection', contactId: ada, holdIds: ['case-1'] }), deferred({ ground: 'objection', contactId: eve, holdIds: ['case-1'] }), deferred({ ground: 'request', holdIds: ['case-1'] })];
    holding(one, other).when(release('case-1')).then(released('case-1'), orderedContact(1, ada), orderedContact(2, eve));
    holding(one, all).when(release('case-1')).then(released('case-1'), orderedAccount(1, [accountId, ada, eve]));
  });
  it('is told of nothing twice: what was carried out at one release is not at the next', () =>
    holding(deferred({ ground: 'objection', contactId: ada, holdIds: ['case-1'] }), released('case-1'), orderedContact(1, ada), held('case-2')).when(release('case-2')).then(released('case-2')));
});
