import type { LotRegistered } from '@touchstone/contracts/control';
import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import type { Ports } from '@touchstone/event-store';
import { newest, ofType } from '@touchstone/event-store';
import type { InspectionCommand } from './commands.js';
import type { Inspection, InspectionFacts } from './decider.js';

/** Starting needs the lot and the control plan of its item that is in force now. */
export async function inspectionFacts(_: Inspection | undefined, command: InspectionCommand, ports: Ports): Promise<InspectionFacts> {
  if (command.type !== 'StartInspection') return {};
  const lot = newest<LotRegistered['data']>(await ports.stream(`lot-${command.lotId}`), ofType('control.LotRegistered.v1'));
  if (!lot.value) return { lot };
  const plan = await ports.stream(`planning/controlPlan-${lot.value.itemId}`);
  return { lot, plan: newest<ControlPlanInForce['data']>(plan, ofType('planning.ControlPlanInForce.v1')) };
}
