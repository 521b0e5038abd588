import type { RecordedEvent } from '@touchstone/kernel';
import type { ItemRegistered } from '@touchstone/contracts/planning';
import type { Ports } from '@touchstone/event-store';
import type { ControlPlanCommand } from './commands.js';
import type { ControlPlan, ControlPlanFacts } from './decider.js';

/** A plan is written for an item that is known, and comes into force with the item's unit. */
export async function controlPlanFacts(_: ControlPlan, command: ControlPlanCommand, ports: Ports): Promise<ControlPlanFacts> {
  if (command.type !== 'DraftControlPlan' && command.type !== 'PutControlPlanInForce') return {};
  const { value, seq } = await ports.stream(`item-${command.itemId}`);
  const registered: RecordedEvent | undefined = value.find(({ type }) => type === 'planning.ItemRegistered.v1');
  return {
    item: {
      value: registered ? (registered.data as ItemRegistered['data']) : null, seq,
      refs: registered ? [{ stream: registered.stream, version: registered.version }] : [],
    },
  };
}
