import type { RecordedEvent } from '@touchstone/kernel';
import type { ContactAdded, CustomerErased } from '@touchstone/contracts/feedback';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import type { Ports } from '@touchstone/event-store';
import type { ComplaintCommand, ReceiveComplaint } from './commands.js';
import type { Complaint } from './complaint.js';
import { blamesLot } from './complaint.js';
import type { ComplaintFacts } from './decider.js';
import { lotDecisions, LotDecisionRow } from './lot-decisions.projection.js';

/** Receiving needs the account; closing one that blames a lot needs what was decided about the lot. The rest needs nothing. */
export async function complaintFacts(state: Complaint | undefined, command: ComplaintCommand, ports: Ports): Promise<ComplaintFacts> {
  if (command.type === 'ReceiveComplaint') return state ? {} : ofAccount(command, ports);
  if (command.type !== 'CloseComplaint' || !state || !blamesLot(state)) return {};
  const { lotId } = state;
  return {
    lotDecisions: await ports.ask(lotDecisions, async (manager) => {
      const rows = await manager.find(LotDecisionRow, { where: { lotId }, order: { nonconformityId: 'ASC' } });
      return rows.map(({ nonconformityId, decided }) => ({ nonconformityId, decided }));
    }),
  };
}

async function ofAccount({ accountId, contactId }: ReceiveComplaint, ports: Ports): Promise<ComplaintFacts> {
  if (accountId === UNASSIGNED_ACCOUNT_ID && contactId === undefined) return {};
  const { value, seq } = await ports.stream(`account-${accountId}`);
  const [registered] = value;
  const contact = value.find(({ type, data }) => type === 'feedback.ContactAdded.v1' && (data as ContactAdded['data']).contactId === contactId);
  const erasures = value.filter(({ type }) => type === 'feedback.CustomerErased.v1');
  const refTo = (event: RecordedEvent | undefined) => (event ? [{ stream: event.stream, version: event.version }] : []);
  return {
    accountKnown: { value: registered !== undefined, seq, refs: refTo(registered) },
    ...(erasures.length > 0 && {
      erased: { value: erasures.flatMap(({ data }) => (data as CustomerErased['data']).subjects).filter((subject) => subject === accountId || subject === contactId), seq, refs: erasures.flatMap(refTo) },
    }),
    ...(contactId !== undefined && { contactKnown: { value: contact !== undefined, seq, refs: refTo(contact) } }),
  };
}
