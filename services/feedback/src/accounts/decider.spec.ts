import { deciderSpec } from '@touchstone/testing';
import { contracts } from '@touchstone/contracts';
import { accountRegistered, contactAdded, satisfactionStated, shipToAdded } from '@touchstone/contracts/feedback';
import type { AddContact, AddShipTo, RegisterAccount, StateSatisfaction } from './commands.js';
import { accountDecider } from './decider.js';
import { accounts } from './slice.js';

const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const shipToId = '7b9d1f3a-5c7e-5a9b-8d2f-4b6d8f0a2c37';
const contactId = '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26';
const elsewhere = '11111111-2222-5333-8444-555555555555';

const spec = deciderSpec(accountDecider, { contracts });
const company = { accountId, name: 'Muster Maschinenbau GmbH', externalSource: 'erp', externalId: '4711' };
const register = (rest: Partial<RegisterAccount> = {}): RegisterAccount => ({ type: 'RegisterAccount', ...company, ...rest });
const place = { accountId, shipToId, label: 'works-2', country: 'DE' };
const addShipTo = (rest: Partial<AddShipTo> = {}): AddShipTo => ({ type: 'AddShipTo', ...place, ...rest });
const person = { accountId, contactId, name: 'Ada Muster', email: 'ada@example.com' };
const addContact = (rest: Partial<AddContact> = {}): AddContact => ({ type: 'AddContact', ...person, ...rest });
const state = (rest: Partial<StateSatisfaction> = {}): StateSatisfaction => ({ type: 'StateSatisfaction', accountId, score: 9, ...rest });
const registered = spec.given(accountRegistered(company));

describe('registering an account', () => {
  it('records it', () => spec.when(register()).then(accountRegistered(company)));
  it('needs no other system to know the customer', () =>
    spec.when({ type: 'RegisterAccount', accountId, name: 'Muster' }).then(accountRegistered({ accountId, name: 'Muster' })));
  it('with the same content again changes nothing', () => registered.when(register()).thenNothing());
  it('changes nothing when repeated', () => spec.repeating(register()));
  it.each([['name', { name: 'Other' }], ['system', { externalSource: 'shop' }], ['id there', { externalId: '4712' }]])('under another %s is refused, telling what is known', (_, other) =>
    registered.when(register(other)).thenRefused('ACCOUNT_ALREADY_REGISTERED', { name: company.name, externalSource: 'erp', externalId: '4711' }));
  it('wants the other system and the id there together', () => {
    spec.when({ type: 'RegisterAccount', accountId, name: 'Muster', externalId: '4711' }).thenRefused('EXTERNAL_ID_INCOMPLETE', {});
    spec.when({ type: 'RegisterAccount', accountId, name: 'Muster', externalSource: 'erp' }).thenRefused('EXTERNAL_ID_INCOMPLETE', {});
  });
  it('claims the customer of the other system, so that he has one account', () => {
    expect(accounts.claims?.(accountRegistered(company))).toEqual(['account-of:erp:4711']);
    expect(accounts.claims?.(accountRegistered({ accountId, name: 'Muster' }))).toEqual([]);
    expect(accounts.claims?.(shipToAdded(place))).toEqual([]);
  });
});

describe('an account that nobody registered', () => {
  it.each([addShipTo(), addContact(), state()])('takes no $type', (command) => spec.when(command).thenRefused('ACCOUNT_UNKNOWN', { accountId }));
});

describe('a place that receives goods', () => {
  it('is added', () => registered.when(addShipTo()).then(shipToAdded(place)));
  it('changes nothing when repeated', () => registered.repeating(addShipTo()));
  it.each([{ label: 'works-3' }, { country: 'AT' }])('is not changed by being added again as %p', (other) =>
    spec.given(accountRegistered(company), shipToAdded(place)).when(addShipTo(other)).thenRefused('SHIP_TO_ALREADY_ADDED', { label: 'works-2', country: 'DE' }));
});

describe('a contact', () => {
  it('is added for the whole account', () => registered.when(addContact()).then(contactAdded(person)));
  it('is added for a place of the account', () =>
    spec.given(accountRegistered(company), shipToAdded(place)).when(addContact({ shipToId })).then(contactAdded({ ...person, shipToId })));
  it('is not added for a place that the account does not have', () =>
    registered.when(addContact({ shipToId: elsewhere })).thenRefused('SHIP_TO_UNKNOWN', { shipToId: elsewhere }));
  it('is added once, whatever the name: names are not compared, and not told', () => {
    const known = spec.given(accountRegistered(company), contactAdded(person));
    known.when(addContact()).thenRefused('CONTACT_ALREADY_ADDED', { contactId });
    known.when(addContact({ name: 'Eve Other' })).thenRefused('CONTACT_ALREADY_ADDED', { contactId });
  });
  it('changes nothing when added again', () => registered.repeating(addContact()));
});

describe('satisfaction', () => {
  it('is stated for the account', () => registered.when(state()).then(satisfactionStated({ accountId, score: 9 })));
  it('is stated by one of its contacts', () =>
    spec.given(accountRegistered(company), contactAdded(person)).when(state({ contactId })).then(satisfactionStated({ accountId, contactId, score: 9 })));
  it('is not stated by a stranger', () => registered.when(state({ contactId: elsewhere })).thenRefused('CONTACT_UNKNOWN', { contactId: elsewhere }));
  it('is stated anew, also with the same score: that is news', () =>
    spec.given(accountRegistered(company), satisfactionStated({ accountId, score: 9 })).when(state()).then(satisfactionStated({ accountId, score: 9 })));
});
