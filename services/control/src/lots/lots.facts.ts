import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import type { Ports } from '@touchstone/event-store';
import { newest, ofType } from '@touchstone/event-store';
import type { LotCommand } from './commands.js';
import type { LotFacts } from './decider.js';
import type { Lot } from './lot.js';

/** Registering needs the item's control plan in force; what else a lot decides, it decides on its own state. */
export async function lotFacts(_: Lot | undefined, command: LotCommand, ports: Ports): Promise<LotFacts> {
  if (command.type !== 'RegisterLot') return {};
  return { plan: newest<ControlPlanInForce['data']>(await ports.stream(`planning/controlPlan-${command.itemId}`), ofType('planning.ControlPlanInForce.v1')) };
}
