import type { LotRegistered } from '@touchstone/contracts/control';
import type { Ports } from '@touchstone/event-store';
import type { NonconformityCommand } from './commands.js';
import type { Nonconformity, NonconformityFacts } from './decider.js';

/** Reporting needs the lot; everything else a nonconformity decides on its own state. */
export async function nonconformityFacts(_: Nonconformity | undefined, command: NonconformityCommand, ports: Ports): Promise<NonconformityFacts> {
  if (command.type !== 'ReportNonconformity') return {};
  const { value, seq } = await ports.stream(`lot-${command.lotId}`);
  const registered = value.find((event) => event.type === 'control.LotRegistered.v1');
  return {
    lot: {
      value: registered ? (registered.data as LotRegistered['data']) : null, seq,
      refs: registered ? [{ stream: registered.stream, version: registered.version }] : [],
    },
  };
}
