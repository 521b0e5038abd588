import type { By, Decider, Refusal } from '@touchstone/kernel';
import { isSystem, plusDays, refuse, unreachable } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import {
  capaClosed, capaDeclined, capaDueDateExtended, capaImplemented, capaOpened, capaOverdue, capaPlanApproved, capaPlanned, capaProposed, capaReopened,
  containmentRecorded, effectivenessVerified, recurrencePrevented, rootCauseConfirmed,
} from '@touchstone/contracts/assurance';
import type { Capa } from './capa.js';
import { evolve, keeps } from './capa.js';
import type {
  CapaCommand, ConfirmRootCause, DeclineCapa, ExtendDueDate, ImplementCapa, OpenCapa, PlanCapa, ProposeCapa, VerifyEffectiveness,
} from './commands.js';
import type { CapaEvent } from './events.js';

type Decision = readonly CapaEvent[] | Refusal;
/** One that a person has opened. */
type Open = Capa & { readonly owner: string; readonly dueAt: string };

export const capa: Decider<Capa | undefined, CapaCommand, CapaEvent> = {
  name: 'assurance.capa',
  version: 1,
  initialState: () => undefined,
  evolve,
  decide(state, command, _facts, by) {
    if (command.type === 'ProposeCapa') return propose(state, command);
    if (!state) return refuse('CAPA_UNKNOWN', { capaId: command.capaId });
    if (command.type === 'MarkCapaOverdue') return markOverdue(state, by);
    // The platform proposes and reminds. All else is somebody's judgement, and carries his name.
    if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
    if (state.status === 'declined') return command.type === 'DeclineCapa' ? [] : refuse('CAPA_DECLINED', { capaId: state.capaId });
    if (state.status === 'closed') return command.type === 'CloseCapa' ? [] : refuse('CAPA_CLOSED', { capaId: state.capaId });
    if (command.type === 'OpenCapa') return open(state, command, by);
    if (command.type === 'DeclineCapa') return decline(state, command);
    return isOpen(state) ? work(state, command, by) : refuse('CAPA_NOT_OPENED', { capaId: state.capaId });
  },
};

/** The work on one that is open, in its order. */
function work(state: Open, command: Exclude<CapaCommand, { type: 'ProposeCapa' | 'OpenCapa' | 'DeclineCapa' | 'MarkCapaOverdue' }>, by: By): Decision {
  const { capaId } = state;
  switch (command.type) {
    case 'RecordContainment': return state.containment === command.actions ? [] : [containmentRecorded({ capaId, actions: command.actions })];
    case 'ConfirmRootCause': return confirmRootCause(state, command);
    case 'PlanCapa': return plan(state, command, by);
    case 'ApproveCapaPlan': return approve(state, by);
    case 'ImplementCapa': return implement(state, command, by);
    case 'ExtendDueDate': return extend(state, command);
    case 'VerifyEffectiveness': return verify(state, command, by);
    case 'PreventRecurrence':
      if (state.windowEndsAt === undefined) return refuse('NOT_IMPLEMENTED', { capaId });
      return state.measures === command.measures ? [] : [recurrencePrevented({ capaId, measures: command.measures })];
    case 'CloseCapa':
      if (!state.effective) return refuse('NOT_EFFECTIVE', { capaId });
      if (state.measures === undefined) return refuse('PREVENT_RECURRENCE_FIRST', { capaId });
      return [capaClosed({ capaId, nonconformityId: state.nonconformityId, recognition: command.recognition })];
    default: return unreachable(command);
  }
}

function propose(state: Capa | undefined, { type: _, ...proposal }: ProposeCapa): Decision {
  if (!state) return [capaProposed(proposal)];
  return state.nonconformityId === proposal.nonconformityId ? [] : refuse('CAPA_ALREADY_PROPOSED', { capaId: state.capaId, nonconformityId: state.nonconformityId });
}

function open(state: Capa, { capaId, owner, team, dueAt }: OpenCapa, by: By): Decision {
  if (isOpen(state)) return refuse('CAPA_ALREADY_OPENED', { capaId, owner: state.owner });
  if (isSystem({ id: owner })) return refuse('PERSON_REQUIRED', { owner });
  if (dueAt <= by.at) return refuse('DUE_DATE_PASSED', { dueAt, openedAt: by.at });
  return [capaOpened({ capaId, owner, team: [...new Set(team)], dueAt })];
}

function decline(state: Capa, { capaId, rationale }: DeclineCapa): Decision {
  return isOpen(state) ? refuse('CAPA_ALREADY_OPENED', { capaId, owner: state.owner }) : [capaDeclined({ capaId, rationale })];
}

/** The customer is protected before anybody looks for reasons. */
function confirmRootCause(state: Open, { rootCause, method }: ConfirmRootCause): Decision {
  const { capaId, nonconformityId, itemId, characteristicId } = state;
  if (state.containment === undefined) return refuse('CONTAINMENT_FIRST', { capaId });
  if (state.rootCause?.rootCause === rootCause && state.rootCause.method === method) return [];
  if (state.plan) return refuse('ALREADY_PLANNED', { capaId });
  return [rootCauseConfirmed({ capaId, nonconformityId, itemId, ...(characteristicId !== undefined && { characteristicId }), rootCause, method })];
}

/** Criterion and window are fixed before anything is done: who knows the outcome could choose the measure. */
function plan(state: Open, { capaId, actions, criterion, windowDays }: PlanCapa, by: By): Decision {
  if (!state.rootCause) return refuse('ROOT_CAUSE_FIRST', { capaId });
  if (state.windowEndsAt !== undefined) return refuse('CRITERION_FIXED', { capaId, windowEndsAt: state.windowEndsAt });
  const planned = capaPlanned({ capaId, actions, criterion, windowDays, plannedBy: by.actor.id });
  const { approvedAt: _, ...before } = state.plan ?? {};
  return canonicalize(before) === canonicalize(planned.data) ? [] : [planned];
}

function approve(state: Open, by: By): Decision {
  const { capaId, owner, plan: planned } = state;
  if (!planned) return refuse('NOT_PLANNED', { capaId });
  if (by.actor.id === owner) return refuse('OWNER_CANNOT_APPROVE', { owner });
  if (by.actor.id === planned.plannedBy) return refuse('AUTHOR_CANNOT_APPROVE', { author: planned.plannedBy });
  return planned.approvedAt === undefined ? [capaPlanApproved({ capaId, approvedBy: by.actor.id, approvedAt: by.at })] : [];
}

/** The window begins when the actions were done; that cannot have been before they were approved, whatever date is given. */
function implement(state: Open, { capaId, evidence }: ImplementCapa, by: By): Decision {
  if (state.windowEndsAt !== undefined) return state.evidence === evidence ? [] : refuse('ALREADY_IMPLEMENTED', { capaId });
  if (state.plan?.approvedAt === undefined) return refuse('PLAN_NOT_APPROVED', { capaId });
  if (by.at < state.plan.approvedAt) return refuse('PLAN_NOT_APPROVED', { capaId, approvedAt: state.plan.approvedAt, implementedAt: by.at });
  return [capaImplemented({ capaId, evidence, windowEndsAt: plusDays(by.at, state.plan.windowDays) })];
}

function extend(state: Open, { capaId, dueAt, reason }: ExtendDueDate): Decision {
  if (dueAt === state.dueAt) return [];
  if (dueAt < state.dueAt) return refuse('DUE_DATE_NOT_LATER', { dueAt, was: state.dueAt });
  return [capaDueDateExtended({ capaId, dueAt, was: state.dueAt, reason })];
}

/** By somebody other than the owner, after the window, against the criterion of before. */
function verify(state: Open, { capaId, observed, data, inconclusive, reason }: VerifyEffectiveness, by: By): Decision {
  const { owner, plan: planned, windowEndsAt } = state;
  if (!planned || windowEndsAt === undefined) return refuse('NOT_IMPLEMENTED', { capaId });
  if (state.effective) return refuse('EFFECTIVENESS_VERIFIED', { capaId });
  if (by.actor.id === owner) return refuse('OWNER_CANNOT_VERIFY', { owner });
  if (by.at < windowEndsAt) return refuse('WINDOW_STILL_OPEN', { windowEndsAt });
  const seen = { capaId, ...(observed !== undefined && { observed }), verifiedBy: by.actor.id };
  if (inconclusive === true) {
    // The reason itself stands in the event's metadata, as every reason does.
    if (reason === undefined) return refuse('REASON_MISSING', { capaId });
    return [effectivenessVerified({ ...seen, data, verdict: 'inconclusive', windowEndsAt: plusDays(by.at, planned.windowDays) })];
  }
  if (observed === undefined) return refuse('OBSERVATION_MISSING', { metric: planned.criterion.metric });
  if (keeps(planned.criterion, observed)) return [effectivenessVerified({ ...seen, data, verdict: 'effective' })];
  return [effectivenessVerified({ ...seen, data, verdict: 'ineffective' }), capaReopened({ capaId })];
}

function markOverdue(state: Capa, by: By): Decision {
  return isOpen(state) && !state.overdue && by.at >= state.dueAt ? [capaOverdue({ capaId: state.capaId, dueAt: state.dueAt })] : [];
}

const isOpen = (state: Capa): state is Open => state.status === 'open' && state.owner !== undefined && state.dueAt !== undefined;
