import type { By, Decider, Refusal } from '@touchstone/kernel';
import { isSystem, plusDays, refuse, unreachable } from '@touchstone/kernel';
import { caseActionRecorded, caseClosed, caseOpened, caseOverdue } from '@touchstone/contracts/feedback';
import type { CaseCommand, CloseCase, OpenCase } from './commands.js';
import type { CaseEvent } from './events.js';

export interface Case {
  readonly caseId: string;
  readonly kind: string;
  readonly accountId?: string;
  readonly status: 'open' | 'in-progress' | 'closed';
  readonly overdue: boolean;
}

const FIRST_ACTION_DAYS = 2;

type Decision = readonly CaseEvent[] | Refusal;

export const caseDecider: Decider<Case | undefined, CaseCommand, CaseEvent> = {
  name: 'feedback.case',
  version: 1,
  initialState: () => undefined,
  evolve(state, event) {
    if (event.type === 'feedback.CaseOpened.v1') {
      const { caseId, kind, accountId } = event.data;
      return { caseId, kind, ...(accountId !== undefined && { accountId }), status: 'open', overdue: false };
    }
    if (!state) throw new Error(`${event.type} before the case was opened`);
    switch (event.type) {
      case 'feedback.CaseActionRecorded.v1': return { ...state, status: 'in-progress' };
      case 'feedback.CaseOverdue.v1': return { ...state, overdue: true };
      case 'feedback.CaseClosed.v1': return { ...state, status: 'closed' };
      default: return unreachable(event);
    }
  },
  decide(state, command, _facts, by) {
    if (command.type === 'OpenCase') return open(state, command, by);
    if (!state) return refuse('CASE_UNKNOWN', { caseId: command.caseId });
    const about = { caseId: state.caseId, ...(state.accountId !== undefined && { accountId: state.accountId }) };
    switch (command.type) {
      case 'RecordCaseAction':
        return state.status === 'closed' ? refuse('CASE_CLOSED') : [caseActionRecorded({ ...about, action: command.action })];
      case 'MarkCaseOverdue':
        return state.status === 'open' && !state.overdue ? [caseOverdue(about)] : [];
      case 'CloseCase': return close(state, command, by);
      default: return unreachable(command);
    }
  },
};

function open(state: Case | undefined, { type: _, dueAt, ...command }: OpenCase, by: By): Decision {
  // A reaction that asks for a case which is there already wants nothing more; a person is told.
  if (state) return isSystem(by.actor) ? [] : refuse('CASE_ALREADY_OPENED', { caseId: state.caseId });
  if (command.kind !== 'internal' && command.accountId === undefined) return refuse('ACCOUNT_MISSING', { kind: command.kind });
  return [caseOpened({ ...command, dueAt: dueAt ?? plusDays(by.at, FIRST_ACTION_DAYS) })];
}

/** On the customer's confirmation, or openly as something else; never silently, never before anything was done about it. */
function close(state: Case, { outcome, rootCause }: CloseCase, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (state.status === 'closed') return refuse('CASE_CLOSED');
  if (outcome === 'done' && state.kind !== 'internal') return refuse('CONFIRMATION_REQUIRED', { outcomes: ['confirmed', 'no-response', 'unresolved', 'duplicate', 'not-ours'] });
  if (outcome === 'confirmed' && state.kind === 'internal') return refuse('NO_CUSTOMER_TO_CONFIRM');
  if (state.status === 'open' && outcome !== 'duplicate' && outcome !== 'not-ours') return refuse('NO_ACTION_RECORDED');
  return [caseClosed({ caseId: state.caseId, ...(state.accountId !== undefined && { accountId: state.accountId }), outcome, rootCause })];
}
