/**
 * An account: one customer, with the places he receives goods at and the people who speak for him. Guards: one account for one
 * customer of another system, known for ever by the same name; who a contact is stands encrypted for that person, and nothing is
 * decided on it; what is erased is ordered first, and not while a hold stands. Stream: account-<accountId>.
 */
import type { DomainEvent } from '@touchstone/kernel';
import type { AccountRegistered, ContactAdded, CustomerErased, SatisfactionStated, ShipToAdded } from '@touchstone/contracts/feedback';

export const accountStream = (accountId: string): string => `account-${accountId}`;

export type ErasureGround = CustomerErased['data']['ground'];

/** Whom somebody wants erased: the whole account, or one who spoke for it. */
export interface Erasure {
  readonly ground: ErasureGround;
  /** Left out: the account with all its contacts. */
  readonly contactId?: string;
}

/** It is decided, and cannot be taken back: the keys of these subjects are destroyed, then `CustomerErased` says so. */
export type ErasureOrdered = DomainEvent<'feedback.ErasureOrdered.v1', {
  readonly accountId: string;
  /** Of the account's orders, from 1. */
  readonly number: number;
  readonly scope: CustomerErased['data']['scope'];
  readonly subjects: readonly string[];
  readonly ground: ErasureGround;
}>;
/** Wanted, but a hold stands: carried out when the last one is released. */
export type ErasureDeferred = DomainEvent<'feedback.ErasureDeferred.v1', Erasure & { readonly accountId: string; readonly holdIds: readonly string[] }>;
export type ErasureHoldPlaced = DomainEvent<'feedback.ErasureHoldPlaced.v1', { readonly accountId: string; readonly holdId: string }>;
export type ErasureHoldReleased = DomainEvent<'feedback.ErasureHoldReleased.v1', { readonly accountId: string; readonly holdId: string }>;

type Private = ErasureOrdered | ErasureDeferred | ErasureHoldPlaced | ErasureHoldReleased;
export type ErasureEvent = Private | CustomerErased;
export type AccountEvent = AccountRegistered | ShipToAdded | ContactAdded | SatisfactionStated | ErasureEvent;

export const privateEvents: readonly Private['type'][] = [
  'feedback.ErasureOrdered.v1', 'feedback.ErasureDeferred.v1', 'feedback.ErasureHoldPlaced.v1', 'feedback.ErasureHoldReleased.v1',
];
