import { deciderSpec } from '@touchstone/testing';
import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { exposureIdentified } from '@touchstone/contracts/analytics';
import type { IdentifyExposure } from './commands.js';
import type { Delivered } from './decider.js';
import { exposure, MOST_ACCOUNTS } from './decider.js';

const nonconformityId = derivedId('nonconformity', 1);
const lotId = derivedId('lot', 1);
const itemId = derivedId('item', 1);
const [toAda, toBob] = ['ada', 'bob'].map((name): Delivered => ({ deliveryId: derivedId('delivery', name), accountId: derivedId('account', name), quantity: '40' })) as [Delivered, Delivered];
const identify = (rest: Partial<IdentifyExposure> = {}): IdentifyExposure => ({ type: 'IdentifyExposure', nonconformityId, lotId, itemId, severity: 'major', ...rest });
const went = (...value: readonly Delivered[]) => ({ facts: { deliveries: { value, refs: [], seq: 9 } } });
const identified = (...accounts: readonly Delivered[]) => exposureIdentified({ nonconformityId, lotId, itemId, severity: 'major', accounts: [...accounts], known: 'certain' });
const spec = deciderSpec(exposure, { contracts });

describe('the exposure to a nonconformity', () => {
  it('names every account that received of the lot', () => spec.when(identify(), went(toAda, toBob)).then(identified(toAda, toBob)));
  it('names nobody while the lot is held: it reached nobody', () => spec.when(identify(), went()).thenNothing());
  it('names only who is new when it is asked again', () => spec.given(identified(toAda)).when(identify(), went(toAda, toBob)).then(identified(toBob)));
  it('names a second delivery to the same account: it received more', () => {
    const again = { ...toAda, deliveryId: derivedId('delivery', 'ada again'), quantity: '5' };
    spec.given(identified(toAda)).when(identify(), went(again, toAda)).then(identified(again));
  });
  it('changes nothing when it is asked twice', () => spec.repeating(identify(), went(toAda, toBob)));
  it('is about one lot', () =>
    spec.given(identified(toAda)).when(identify({ lotId: itemId }), went(toBob)).thenRefused('LOT_DIFFERS', { nonconformityId, lotId: itemId, knownAs: lotId }));
  it('leaves out the item where it is not known', () => {
    const { itemId: _, ...unknown } = identified(toAda).data;
    spec.when(identify({ itemId: undefined }), went(toAda)).then(exposureIdentified(unknown));
  });
  it(`names at most ${MOST_ACCOUNTS} in one event, and all in several`, () => {
    const all = Array.from({ length: MOST_ACCOUNTS + 1 }, (_, index): Delivered => ({ deliveryId: derivedId('delivery', index), accountId: derivedId('account', index), quantity: '1' }));
    spec.when(identify(), went(...all)).then(identified(...all.slice(0, MOST_ACCOUNTS)), identified(...all.slice(MOST_ACCOUNTS)));
  });
});
