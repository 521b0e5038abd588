import { deciderSpec } from '@touchstone/testing';
import { derivedId } from '@touchstone/kernel';
import type { RecordedEvent } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { purchaseRecorded } from '@touchstone/contracts/feedback';
import type { RecordPurchase } from './commands.js';
import { purchaseDecider } from './decider.js';
import { purchaseFacts } from './purchases.facts.js';

const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const purchase = {
  purchaseId: derivedId('purchase', 'cdnow', '00004-19970101-2-29.33-1'), accountId, source: 'cdnow', externalId: '00004-19970101-2-29.33-1',
  units: '2', amount: '29.33', currency: 'USD',
};
const record = (rest: Partial<RecordPurchase> = {}): RecordPurchase => ({ type: 'RecordPurchase', ...purchase, ...rest });
const fact = (value: boolean) => ({ facts: { accountKnown: { value, refs: [], seq: 1 } } });
const spec = deciderSpec(purchaseDecider, { contracts });

describe('recording a purchase', () => {
  it('records it', () => spec.when(record(), fact(true)).then(purchaseRecorded(purchase)));
  it('takes what was given away', () => spec.when(record({ amount: '0' }), fact(true)).then(purchaseRecorded({ ...purchase, amount: '0' })));
  it('changes nothing when repeated', () => spec.repeating(record(), fact(true)));
  it('with the same content again changes nothing, and asks for nothing', () => spec.given(purchaseRecorded(purchase)).when(record()).thenNothing());
  it.each([
    ['accountId', '2b7e1516-28ae-52a6-abf7-158809cf4f3c'], ['units', '3'], ['amount', '29.34'], ['currency', 'EUR'],
  ])('with another %s is refused: it is another purchase, or a mistake', (field, value) =>
    spec.given(purchaseRecorded(purchase)).when(record({ [field]: value })).thenRefused('PURCHASE_ALREADY_RECORDED', { differs: [field] }));
  it('needs an id that follows from where it is told, so that told twice is recorded once', () =>
    spec.when(record({ purchaseId: accountId }), fact(true)).thenRefused('PURCHASE_ID_DIFFERS', { expected: purchase.purchaseId, given: accountId }));
  it('needs an account that is registered', () => {
    spec.when(record(), fact(false)).thenRefused('ACCOUNT_UNKNOWN', { accountId });
    spec.when(record()).thenRefused('ACCOUNT_UNKNOWN', { accountId });
  });
  it.each(['usd', 'DOLLARS', 'U1'])('takes no currency %s', (currency) => spec.when(record({ currency }), fact(true)).thenRefused('CURRENCY_UNKNOWN', { currency }));
  it('takes no negative amount: what is given back is no purchase', () => spec.when(record({ amount: '-0.01' }), fact(true)).thenRefused('AMOUNT_NEGATIVE', { amount: '-0.01' }));
});

describe('what recording a purchase asks', () => {
  const stream = 'account-' + accountId;
  const registered = { stream, version: 1, seq: 7, type: 'feedback.AccountRegistered.v1' } as RecordedEvent;
  const asked: string[] = [];
  const ports = (events: RecordedEvent[]) => ({
    at: '', ask: () => Promise.reject(new Error('no read model is asked')),
    stream: (name: string) => {
      asked.push(name);
      return Promise.resolve({ value: events, refs: [], seq: 7 });
    },
  });

  it('is the stream of its account, whose registration is the fact', async () =>
    expect(await purchaseFacts(undefined, record(), ports([registered]))).toEqual({ accountKnown: { value: true, seq: 7, refs: [{ stream, version: 1 }] } }));
  it('finds an account without events unknown', async () =>
    expect(await purchaseFacts(undefined, record(), ports([]))).toEqual({ accountKnown: { value: false, seq: 7, refs: [] } }));
  it('is nothing, for a purchase that is known', async () => {
    asked.length = 0;
    expect(await purchaseFacts(purchase, record(), ports([]))).toEqual({});
    expect(asked).toEqual([]);
  });
});
