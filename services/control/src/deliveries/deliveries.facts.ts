import type { ConcessionGranted, LotRegistered, QuantityAllocated, ReassessmentOpened } from '@touchstone/contracts/control';
import type { Fact, RecordedEvent } from '@touchstone/kernel';
import type { Ports } from '@touchstone/event-store';
import { newest, ofType } from '@touchstone/event-store';
import type { DeliveryCommand } from './commands.js';
import type { Delivery, DeliveryFacts } from './decider.js';

/** Planning needs the lot; dispatching what the lot has set aside for this delivery, and what became known of it since. */
export async function deliveryFacts(state: Delivery | undefined, command: DeliveryCommand, ports: Ports): Promise<DeliveryFacts> {
  if (command.type === 'PlanDelivery') {
    return { lot: newest<LotRegistered['data']>(await ports.stream(`lot-${command.lotId}`), ofType('control.LotRegistered.v1')) };
  }
  if (command.type !== 'DispatchDelivery' || !state) return {};
  const lot = await ports.stream(`lot-${state.lotId}`);
  const allocation = newest<QuantityAllocated['data']>(lot, ({ type, data }) =>
    type === 'control.QuantityAllocated.v1' && (data as QuantityAllocated['data']).deliveryId === state.deliveryId);
  const since = after(lot, allocation);
  const reassessment = newest<ReassessmentOpened['data']>(since, ofType('control.ReassessmentOpened.v1'));
  const concession = newest<ConcessionGranted['data']>(after(since, reassessment), ({ type, data }) =>
    type === 'control.ConcessionGranted.v1' && (data as ConcessionGranted['data']).waives === 'REASSESSMENT_OPEN');
  return { allocation, reassessment, concession };
}

/** What a stream says after the event that a fact names; nothing when the fact names none. */
function after({ value, ...rest }: Fact<readonly RecordedEvent[]>, { refs: [ref] }: Fact<unknown>): Fact<readonly RecordedEvent[]> {
  return { ...rest, value: ref ? value.filter(({ version }) => version > ref.version) : [] };
}
