import { CodeField, DecimalField, Quantity, Uuid } from '@touchstone/platform';
import type { Decimal } from '@touchstone/kernel';

/** The account bought something, as another system tells; `occurredAt` is when. */
export class RecordPurchase {
  readonly type = 'RecordPurchase';
  @Uuid({ description: 'derived from "purchase", source and externalId, so that a purchase told twice is one' }) purchaseId!: string;
  @Uuid() accountId!: string;
  @CodeField({ description: 'system that tells of it' }) source!: string;
  @CodeField({ description: 'of the purchase in that system' }) externalId!: string;
  @Quantity() units!: Decimal;
  @DecimalField({ description: 'paid, in currency; 0 or more' }) amount!: Decimal;
  @CodeField({ description: 'ISO 4217 code' }) currency!: string;
}

export type PurchaseCommand = RecordPurchase;
export const purchaseCommands = { RecordPurchase };
