import type { Decider, Decimal, Fact } from '@touchstone/kernel';
import { refuse } from '@touchstone/kernel';
import { exposureIdentified } from '@touchstone/contracts/analytics';
import type { ExposureCommand } from './commands.js';
import type { ExposureEvent } from './events.js';

/** Quantity of a lot that left for an account. */
export interface Delivered {
  readonly deliveryId: string;
  readonly accountId: string;
  readonly quantity: Decimal;
}

export interface ExposureFacts {
  /** Deliveries of the lot that were dispatched, in the order of their ids. */
  readonly deliveries?: Fact<readonly Delivered[]>;
}

export interface Exposure {
  readonly lotId: string;
  /** Deliveries that were named already. */
  readonly named: Readonly<Record<string, true>>;
}

/** A lot may have gone to thousands: an event stays readable. */
export const MOST_ACCOUNTS = 500;

export const exposure: Decider<Exposure | undefined, ExposureCommand, ExposureEvent, ExposureFacts> = {
  name: 'analytics.exposure',
  version: 1,
  initialState: () => undefined,
  evolve: (state, { data }) => ({
    lotId: data.lotId,
    named: { ...state?.named, ...Object.fromEntries(data.accounts.map(({ deliveryId }) => [deliveryId, true as const])) },
  }),
  decide(state, { nonconformityId, lotId, itemId, severity }, { deliveries }) {
    if (state && state.lotId !== lotId) return refuse('LOT_DIFFERS', { nonconformityId, lotId, knownAs: state.lotId });
    const accounts = (deliveries?.value ?? [])
      .filter(({ deliveryId }) => !state?.named[deliveryId])
      .map(({ accountId, deliveryId, quantity }) => ({ accountId, deliveryId, quantity }));
    const about = { nonconformityId, lotId, ...(itemId !== undefined && { itemId }), severity, known: 'certain' as const };
    return Array.from({ length: Math.ceil(accounts.length / MOST_ACCOUNTS) }, (_, page) =>
      exposureIdentified({ ...about, accounts: accounts.slice(page * MOST_ACCOUNTS, (page + 1) * MOST_ACCOUNTS) }));
  },
};
