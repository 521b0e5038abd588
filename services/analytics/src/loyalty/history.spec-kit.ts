import { derivedId } from '@touchstone/kernel';
import type { AccountHistory, Complained, Exposed } from './account-history.js';

/** Histories for specs: an account of which nothing is known, and what may have happened to it. */
export const nothing: AccountHistory = { registered: true, purchases: { count: 0, first: null, last: null }, promises: { due: 0, kept: 0 }, exposures: [], complaints: [], scores: [] };
export const lotId = derivedId('lot', 1);
export const deliveryId = derivedId('delivery', 1);
export const day = (date: string): string => `${date}T00:00:00.000Z`;
export const now = day('2026-07-01');

export const exposed = (rest: Partial<Exposed> = {}): Exposed => ({ deliveryId, lotId, severity: 'major', at: now, ...rest });
export const complained = (rest: Partial<Complained> = {}): Complained => ({
  complaintId: derivedId('complaint', 1), lotId: null, deliveryId: null, severity: 'major', receivedAt: now, resolvedAt: null, agreed: null, closedAt: null, outcome: null, ...rest,
});
export const recovered = { resolvedAt: now, agreed: true };
