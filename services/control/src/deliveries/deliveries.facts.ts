import type { LotRegistered, QuantityAllocated } from '@touchstone/contracts/control';
import type { Fact, RecordedEvent } from '@touchstone/kernel';
import type { Ports } from '@touchstone/event-store';
import type { DeliveryCommand } from './commands.js';
import type { Delivery, DeliveryFacts } from './decider.js';

/** Planning needs the lot, dispatching what the lot has set aside for this delivery; both stand on the lot's stream. */
export async function deliveryFacts(state: Delivery | undefined, command: DeliveryCommand, ports: Ports): Promise<DeliveryFacts> {
  if (command.type === 'PlanDelivery') {
    return { lot: only<LotRegistered['data']>(await ports.stream(`lot-${command.lotId}`), ({ type }) => type === 'control.LotRegistered.v1') };
  }
  if (command.type !== 'DispatchDelivery' || !state) return {};
  const forThis = ({ type, data }: RecordedEvent) =>
    type === 'control.QuantityAllocated.v1' && (data as QuantityAllocated['data']).deliveryId === state.deliveryId;
  return { allocation: only<QuantityAllocated['data']>(await ports.stream(`lot-${state.lotId}`), forThis) };
}

/** The body of the event that is meant, as a fact that names it. */
function only<T>({ value, seq }: Fact<readonly RecordedEvent[]>, meant: (event: RecordedEvent) => boolean): Fact<T | null> {
  const event = value.find(meant);
  return { value: event ? (event.data as T) : null, refs: event ? [{ stream: event.stream, version: event.version }] : [], seq };
}
