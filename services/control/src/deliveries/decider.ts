import type { By, Decider, Decimal, Fact, Instant, Refusal } from '@touchstone/kernel';
import { equals, greater, less, refuse, unreachable } from '@touchstone/kernel';
import type { ConcessionGranted, LotRegistered, QuantityAllocated, ReassessmentOpened } from '@touchstone/contracts/control';
import { deliveryArrived, deliveryDispatched, deliveryPlanned, deliveryReconfirmed } from '@touchstone/contracts/control';
import type { ConfirmArrival, DeliveryCommand, PlanDelivery, ReconfirmDelivery } from './commands.js';
import type { DeliveryEvent } from './events.js';

export interface Delivery {
  readonly status: 'planned' | 'dispatched' | 'arrived';
  readonly deliveryId: string;
  readonly orderId: string;
  readonly line: number;
  readonly accountId: string;
  readonly lotId: string;
  readonly itemId: string;
  readonly quantity: Decimal;
  /** The three dates of a promise, each kept; `promisedFor` is the one that on time is judged by. */
  readonly requestedFor: Instant;
  readonly firstConfirmedFor: Instant;
  readonly lastConfirmedFor: Instant;
  readonly promisedFor: Instant;
  readonly arrived?: Decimal;
}

export type DeliveryFacts = {
  /** The lot that it is taken from; only for planning. */
  readonly lot?: Fact<LotRegistered['data'] | null>;
  /** What the lot has set aside for this delivery; only for dispatching. */
  readonly allocation?: Fact<QuantityAllocated['data'] | null>;
  /** A late inspection that rejected the lot after that; only for dispatching. */
  readonly reassessment?: Fact<ReassessmentOpened['data'] | null>;
  /** What lets the lot go in spite of that reassessment; only for dispatching. */
  readonly concession?: Fact<ConcessionGranted['data'] | null>;
};

type Decision = readonly DeliveryEvent[] | Refusal;

export const delivery: Decider<Delivery | undefined, DeliveryCommand, DeliveryEvent, DeliveryFacts> = {
  name: 'control.delivery',
  version: 1,
  initialState: () => undefined,
  evolve,
  decide(state, command, facts, by) {
    if (command.type === 'PlanDelivery') return plan(state, command, facts);
    if (!state) return refuse('DELIVERY_UNKNOWN', { deliveryId: command.deliveryId });
    switch (command.type) {
      case 'ReconfirmDelivery': return reconfirm(state, command, by);
      case 'DispatchDelivery': return dispatch(state, facts, by);
      case 'ConfirmArrival': return arrive(state, command, by);
      default: return unreachable(command);
    }
  },
};

/** The delivery after the event; undefined is one that nobody planned. */
export function evolve(delivery: Delivery | undefined, event: DeliveryEvent): Delivery {
  if (event.type === 'control.DeliveryPlanned.v1') {
    const { confirmedFor, ...planned } = event.data;
    return { status: 'planned', ...planned, firstConfirmedFor: confirmedFor, lastConfirmedFor: confirmedFor, promisedFor: confirmedFor };
  }
  if (!delivery) throw new Error(`${event.type} before the delivery was planned`);
  switch (event.type) {
    case 'control.DeliveryReconfirmed.v1':
      return { ...delivery, lastConfirmedFor: event.data.confirmedFor, promisedFor: event.data.promisedFor };
    case 'control.DeliveryDispatched.v1': return { ...delivery, status: 'dispatched' };
    case 'control.DeliveryArrived.v1': return { ...delivery, status: 'arrived', arrived: event.data.quantity };
    default: return unreachable(event);
  }
}

function plan(state: Delivery | undefined, { type: _, ...command }: PlanDelivery, { lot }: DeliveryFacts): Decision {
  if (state) return refuse('DELIVERY_ALREADY_PLANNED', { orderId: state.orderId, line: state.line });
  if (!lot?.value) return refuse('LOT_UNKNOWN', { lotId: command.lotId });
  const { itemId, quantity } = lot.value;
  if (greater(command.quantity, quantity)) return refuse('QUANTITY_NOT_IN_LOT', { quantity });
  return [deliveryPlanned({ ...command, itemId })];
}

/** A promise that is broken already stays broken: a date that the customer asks for afterwards is confirmed, and excuses nothing. */
function reconfirm(state: Delivery, { confirmedFor, requestedByCustomer }: ReconfirmDelivery, by: By): Decision {
  const { deliveryId, accountId } = state;
  if (state.status === 'arrived') return refuse('DELIVERY_ARRIVED', { deliveryId });
  const promisedFor = requestedByCustomer && by.at <= state.promisedFor ? confirmedFor : state.promisedFor;
  if (confirmedFor === state.lastConfirmedFor && promisedFor === state.promisedFor) return [];
  return [deliveryReconfirmed({ deliveryId, accountId, confirmedFor, requestedByCustomer, promisedFor })];
}

/** What became known to be doubtful between allocation and dispatch stays here, unless somebody answers for it. */
function dispatch(state: Delivery, { allocation, reassessment, concession }: DeliveryFacts, by: By): Decision {
  const { deliveryId, accountId, lotId, quantity } = state;
  if (state.status !== 'planned') return [];
  const allocated = allocation?.value?.quantity ?? '0';
  if (less(allocated, quantity)) return refuse('NOT_ALLOCATED', { ordered: quantity, allocated });
  if (reassessment?.value) {
    const { inspectionId, characteristicIds, allocated: doubtful } = reassessment.value;
    if (!concession?.value) return refuse('REASSESSMENT_OPEN', { lotId, inspectionId, characteristicIds });
    if (concession.value.validUntil < by.at) return refuse('CONCESSION_EXPIRED', { validUntil: concession.value.validUntil });
    if (less(concession.value.quantity, doubtful)) return refuse('CONCESSION_EXCEEDED', { covers: concession.value.quantity, needed: doubtful });
  }
  return [deliveryDispatched({ deliveryId, accountId, lotId, quantity })];
}

function arrive(state: Delivery, { quantity }: ConfirmArrival, by: By): Decision {
  const { deliveryId, accountId, lotId, itemId, promisedFor } = state;
  if (state.status === 'planned') return refuse('NOT_DISPATCHED', { deliveryId });
  if (state.arrived !== undefined) return equals(state.arrived, quantity) ? [] : refuse('DELIVERY_ARRIVED', { deliveryId, arrived: state.arrived });
  if (greater(quantity, state.quantity)) return refuse('MORE_THAN_DISPATCHED', { dispatched: state.quantity, arrived: quantity });
  return [
    deliveryArrived({ deliveryId, accountId, lotId, itemId, quantity, promisedFor, onTime: by.at <= promisedFor, inFull: equals(quantity, state.quantity) }),
  ];
}
