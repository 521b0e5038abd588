import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import type { Ports } from '@touchstone/event-store';
import type { LotCommand } from './commands.js';
import type { LotFacts } from './decider.js';
import type { Lot } from './lot.js';

/** Registering needs the item's control plan in force; what else a lot decides, it decides on its own state. */
export async function lotFacts(_: Lot | undefined, command: LotCommand, ports: Ports): Promise<LotFacts> {
  if (command.type !== 'RegisterLot') return {};
  const { value, seq } = await ports.stream(`planning/controlPlan-${command.itemId}`);
  const inForce = value.findLast((event) => event.type === 'planning.ControlPlanInForce.v1');
  return {
    plan: {
      value: inForce ? (inForce.data as ControlPlanInForce['data']) : null, seq,
      refs: inForce ? [{ stream: inForce.stream, version: inForce.version }] : [],
    },
  };
}
