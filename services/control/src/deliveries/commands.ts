import { CodeField, DateTime, Flag, Quantity, TextField, Uuid, Whole } from '@touchstone/platform';
import type { Decimal, Instant } from '@touchstone/kernel';

/** Deliver one line of an order from a lot; `confirmedFor` is the first promise. Released quantity is set aside for it by itself. */
export class PlanDelivery {
  readonly type = 'PlanDelivery';
  @Uuid() deliveryId!: string;
  @CodeField({ description: 'the order, as the customer knows it' }) orderId!: string;
  @Whole({ min: 1, max: 100_000, description: 'line of the order, from 1' }) line!: number;
  @Uuid() accountId!: string;
  @Uuid() lotId!: string;
  @Quantity({ description: 'in the lot\'s unit' }) quantity!: Decimal;
  @DateTime({ description: 'when the customer wants it at the latest' }) requestedFor!: Instant;
  @DateTime({ description: 'until when it is promised' }) confirmedFor!: Instant;
}

/** Confirm another date. It replaces the promise only when the customer asked for it, and before the promise was broken. */
export class ReconfirmDelivery {
  readonly type = 'ReconfirmDelivery';
  @Uuid() deliveryId!: string;
  @DateTime() confirmedFor!: Instant;
  @Flag({ description: 'whether the customer asked for the other date' }) requestedByCustomer!: boolean;
  @TextField() reason!: string;
}

/** The delivery leaves the house. */
export class DispatchDelivery {
  readonly type = 'DispatchDelivery';
  @Uuid() deliveryId!: string;
}

/** The delivery reached the customer; `occurredAt` is the arrival. */
export class ConfirmArrival {
  readonly type = 'ConfirmArrival';
  @Uuid() deliveryId!: string;
  @Quantity({ description: 'that arrived, in the lot\'s unit' }) quantity!: Decimal;
}

export type DeliveryCommand = PlanDelivery | ReconfirmDelivery | DispatchDelivery | ConfirmArrival;
export const deliveryCommands = { PlanDelivery, ReconfirmDelivery, DispatchDelivery, ConfirmArrival };
