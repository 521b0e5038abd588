/**
 * A purchase: an account bought something, as another system tells. Guards: a purchase that is told twice is recorded once,
 * because its id follows from where it was told and under which id. Stream: purchase-<purchaseId>. Its event is public.
 */
import type { PurchaseRecorded } from '@touchstone/contracts/feedback';

export const purchaseStream = (purchaseId: string): string => `purchase-${purchaseId}`;

export type PurchaseEvent = PurchaseRecorded;
