/**
 * A delivery: one line of a customer's order, from one lot. Guards: only what was released and set aside for this delivery leaves;
 * what was promised stays on record, whatever is confirmed later. Stream: delivery-<deliveryId>. All its events are public: they
 * stand in the contracts, are storage formats, and are never edited.
 */
import type { DeliveryArrived, DeliveryDispatched, DeliveryPlanned, DeliveryReconfirmed } from '@touchstone/contracts/control';

export const deliveryStream = (deliveryId: string): string => `delivery-${deliveryId}`;

export type DeliveryEvent = DeliveryPlanned | DeliveryReconfirmed | DeliveryDispatched | DeliveryArrived;
