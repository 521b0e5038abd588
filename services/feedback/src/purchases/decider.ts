import type { Decider, Fact } from '@touchstone/kernel';
import { derivedId, less, refuse } from '@touchstone/kernel';
import { purchaseRecorded } from '@touchstone/contracts/feedback';
import type { PurchaseCommand } from './commands.js';
import type { PurchaseEvent } from './events.js';

export type Purchase = PurchaseEvent['data'];

export type PurchaseFacts = {
  /** Whether the account is registered; not asked when the purchase is known. */
  readonly accountKnown?: Fact<boolean>;
};

const CURRENCY = /^[A-Z]{3}$/;
const told = ['accountId', 'units', 'amount', 'currency'] as const;

export const purchaseDecider: Decider<Purchase | undefined, PurchaseCommand, PurchaseEvent, PurchaseFacts> = {
  name: 'feedback.purchase',
  version: 1,
  initialState: () => undefined,
  evolve: (_, event) => event.data,
  decide(state, { type: _, ...command }, { accountKnown }) {
    const expected = derivedId('purchase', command.source, command.externalId);
    if (command.purchaseId !== expected) return refuse('PURCHASE_ID_DIFFERS', { expected, given: command.purchaseId });
    if (!CURRENCY.test(command.currency)) return refuse('CURRENCY_UNKNOWN', { currency: command.currency });
    if (less(command.amount, '0')) return refuse('AMOUNT_NEGATIVE', { amount: command.amount });
    if (state) {
      const differs = told.filter((field) => state[field] !== command[field]);
      return differs.length === 0 ? [] : refuse('PURCHASE_ALREADY_RECORDED', { differs });
    }
    if (accountKnown?.value !== true) return refuse('ACCOUNT_UNKNOWN', { accountId: command.accountId });
    return [purchaseRecorded(command)];
  },
};
