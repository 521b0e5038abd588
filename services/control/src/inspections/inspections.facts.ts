import type { Fact, RecordedEvent } from '@touchstone/kernel';
import type { LotRegistered } from '@touchstone/contracts/control';
import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import type { Ports } from '@touchstone/event-store';
import type { InspectionCommand } from './commands.js';
import type { Inspection, InspectionFacts } from './decider.js';

/** Starting needs the lot and the control plan of its item that is in force now. */
export async function inspectionFacts(_: Inspection | undefined, command: InspectionCommand, ports: Ports): Promise<InspectionFacts> {
  if (command.type !== 'StartInspection') return {};
  const lot = last<LotRegistered['data']>(await ports.stream(`lot-${command.lotId}`), 'control.LotRegistered.v1');
  if (!lot.value) return { lot };
  const plan = await ports.stream(`planning/controlPlan-${lot.value.itemId}`);
  return { lot, plan: last<ControlPlanInForce['data']>(plan, 'planning.ControlPlanInForce.v1') };
}

/** The body of the newest event of a type, as a fact that names it. */
function last<T>({ value, seq }: Fact<readonly RecordedEvent[]>, type: string): Fact<T | null> {
  const event = value.findLast((each) => each.type === type);
  return { value: event ? (event.data as T) : null, refs: event ? [{ stream: event.stream, version: event.version }] : [], seq };
}
