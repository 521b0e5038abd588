/**
 * An account: one customer, with the places he receives goods at and the people who speak for him. Guards: one account for one
 * customer of another system, known for ever by the same name; who a contact is stands encrypted for that person, and nothing is
 * decided on it. Stream: account-<accountId>. All its events are public.
 */
import type { AccountRegistered, ContactAdded, SatisfactionStated, ShipToAdded } from '@touchstone/contracts/feedback';

export const accountStream = (accountId: string): string => `account-${accountId}`;

export type AccountEvent = AccountRegistered | ShipToAdded | ContactAdded | SatisfactionStated;
