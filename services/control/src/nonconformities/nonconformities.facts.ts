import type { LotRegistered } from '@touchstone/contracts/control';
import type { Ports } from '@touchstone/event-store';
import { newest, ofType } from '@touchstone/event-store';
import type { NonconformityCommand } from './commands.js';
import type { Nonconformity, NonconformityFacts } from './decider.js';

/** Reporting needs the lot; everything else a nonconformity decides on its own state. */
export async function nonconformityFacts(_: Nonconformity | undefined, command: NonconformityCommand, ports: Ports): Promise<NonconformityFacts> {
  if (command.type !== 'ReportNonconformity') return {};
  return { lot: newest<LotRegistered['data']>(await ports.stream(`lot-${command.lotId}`), ofType('control.LotRegistered.v1')) };
}
