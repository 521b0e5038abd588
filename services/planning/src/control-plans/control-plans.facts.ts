import type { ItemRegistered } from '@touchstone/contracts/planning';
import type { Ports } from '@touchstone/event-store';
import { newest, ofType } from '@touchstone/event-store';
import type { ControlPlanCommand } from './commands.js';
import type { ControlPlan, ControlPlanFacts } from './decider.js';

/** A plan is written for an item that is known, and comes into force with the item's unit. */
export async function controlPlanFacts(_: ControlPlan, command: ControlPlanCommand, ports: Ports): Promise<ControlPlanFacts> {
  if (command.type !== 'DraftControlPlan' && command.type !== 'PutControlPlanInForce') return {};
  return { item: newest<ItemRegistered['data']>(await ports.stream(`item-${command.itemId}`), ofType('planning.ItemRegistered.v1')) };
}
