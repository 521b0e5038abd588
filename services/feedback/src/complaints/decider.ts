import type { By, Decider, Fact, Refusal } from '@touchstone/kernel';
import { isSystem, plusDays, refuse, unreachable } from '@touchstone/kernel';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import {
  complaintAcknowledged, complaintAssessed, complaintClosed, complaintEscalated, complaintReceived, complaintResolved, complaintResponded,
} from '@touchstone/contracts/feedback';
import type {
  AssessComplaint, CloseComplaint, ComplaintCommand, EscalateComplaint, ReceiveComplaint, ResolveComplaint, RespondToComplaint,
} from './commands.js';
import type { Complaint } from './complaint.js';
import { blamesLot, evolve } from './complaint.js';
import type { ComplaintEvent } from './events.js';

export type ComplaintFacts = {
  /** Whether the account is registered, and the contact one of its own; only for receiving. */
  readonly accountKnown?: Fact<boolean>;
  readonly contactKnown?: Fact<boolean>;
  /** Subjects of the account that were erased; only for receiving. */
  readonly erased?: Fact<readonly string[]>;
  /** What was decided about the nonconformities of the lot; only for closing one that blames the lot. */
  readonly lotDecisions?: Fact<readonly { readonly nonconformityId: string; readonly decided: boolean }[]>;
};

/** ISO 10002 wants prompt acknowledgement and regular news; how prompt is ours to promise. */
const ACKNOWLEDGE_DAYS = 2;
const RESPOND_DAYS = 10;

type Decision = readonly ComplaintEvent[] | Refusal;

export const complaintDecider: Decider<Complaint | undefined, ComplaintCommand, ComplaintEvent, ComplaintFacts> = {
  name: 'feedback.complaint',
  version: 1,
  initialState: () => undefined,
  evolve,
  decide(state, command, facts, by) {
    if (command.type === 'ReceiveComplaint') return receive(state, command, facts, by);
    if (!state) return refuse('COMPLAINT_UNKNOWN', { complaintId: command.complaintId });
    if (command.type === 'EscalateComplaint') return escalate(state, command);
    if (state.closed) return refuse('COMPLAINT_CLOSED');
    switch (command.type) {
      case 'AcknowledgeComplaint': return state.acknowledged ? [] : [complaintAcknowledged({ ...about(state), inTime: by.at <= state.acknowledgeBy })];
      case 'AssessComplaint': return assess(state, command, by);
      case 'RespondToComplaint': return respond(state, command, by);
      case 'ResolveComplaint': return resolve(state, command, by);
      case 'CloseComplaint': return close(state, command, facts, by);
      default: return unreachable(command);
    }
  },
};

const about = ({ complaintId, accountId }: Complaint) => ({ complaintId, accountId });

function receive(state: Complaint | undefined, { type: _, ...command }: ReceiveComplaint, { accountKnown, contactKnown, erased }: ComplaintFacts, by: By): Decision {
  if (state) return refuse('COMPLAINT_ALREADY_RECEIVED', { complaintId: state.complaintId });
  if (command.category.trim() === '') return refuse('CATEGORY_MISSING');
  if (command.accountId !== UNASSIGNED_ACCOUNT_ID && accountKnown?.value !== true) return refuse('ACCOUNT_UNKNOWN', { accountId: command.accountId });
  if (erased?.value.includes(command.accountId)) return refuse('ACCOUNT_ERASED', { accountId: command.accountId });
  if (command.contactId !== undefined && contactKnown?.value !== true) return refuse('CONTACT_UNKNOWN', { contactId: command.contactId });
  if (command.contactId !== undefined && erased?.value.includes(command.contactId)) return refuse('CONTACT_ERASED', { contactId: command.contactId });
  return [complaintReceived({ ...command, acknowledgeBy: plusDays(by.at, ACKNOWLEDGE_DAYS), respondBy: plusDays(by.at, RESPOND_DAYS) })];
}

function assess(state: Complaint, { severity, about: subject, team }: AssessComplaint, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (!state.acknowledged) return refuse('ACKNOWLEDGE_FIRST');
  const before = state.assessment;
  if (before?.severity === severity && before.about === subject && before.team === team) return [];
  return [complaintAssessed({ ...about(state), severity, about: subject, team, ...(state.lotId !== undefined && { lotId: state.lotId }) })];
}

function respond(state: Complaint, { response }: RespondToComplaint, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (!state.assessment) return refuse('ASSESS_FIRST');
  if (state.response === response) return [];
  return [complaintResponded({ ...about(state), response, inTime: by.at <= state.respondBy })];
}

function resolve(state: Complaint, { customerAgrees, recovery }: ResolveComplaint, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (state.response === undefined) return refuse('RESPOND_FIRST');
  if (state.resolution?.customerAgrees === customerAgrees && state.resolution.recovery === recovery) return [];
  return [complaintResolved({ ...about(state), customerAgrees, recovery })];
}

/** Assessed first, whatever the outcome: else one that blames a lot could be closed past the judgement of that lot. */
function close(state: Complaint, { outcome }: CloseComplaint, { lotDecisions }: ComplaintFacts, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (!state.assessment) return refuse('ASSESS_FIRST');
  if (blamesLot(state)) {
    const decisions = lotDecisions?.value ?? [];
    const undecided = decisions.filter(({ decided }) => !decided).map(({ nonconformityId }) => nonconformityId);
    if (decisions.length === 0 || undecided.length > 0) return refuse('NONCONFORMITY_UNDECIDED', { lotId: state.lotId, undecided });
  }
  if ((outcome === 'no-response' || outcome === 'unresolved') && state.response === undefined) return refuse('RESPOND_FIRST');
  if (outcome === 'confirmed' && state.resolution?.customerAgrees !== true) return refuse('CUSTOMER_DOES_NOT_AGREE');
  return [complaintClosed({ ...about(state), outcome })];
}

/** A deadline may come late: what has been done meanwhile is not escalated, and nothing is twice. */
function escalate(state: Complaint, { why }: EscalateComplaint): Decision {
  if (state.closed || state.escalations.includes(why)) return [];
  const stands = {
    'not-acknowledged': !state.acknowledged,
    'not-responded': state.response === undefined,
    'customer-disagrees': state.resolution?.customerAgrees === false,
  };
  return stands[why] ? [complaintEscalated({ ...about(state), why })] : [];
}
