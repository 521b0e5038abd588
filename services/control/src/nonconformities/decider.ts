import type { By, Decider, Decimal, Fact, Refusal } from '@touchstone/kernel';
import { greater, isPositive, isSystem, minus, plus, refuse, unreachable } from '@touchstone/kernel';
import type { LotRegistered } from '@touchstone/contracts/control';
import {
  dispositionDecided, nonconformityClosed, nonconformityContained, nonconformityReported, nonconformityVoided,
} from '@touchstone/contracts/control';
import type { DecideDisposition, NonconformityCommand, ReportNonconformity, VoidNonconformity } from './commands.js';
import type { NonconformityEvent } from './events.js';

export interface Nonconformity {
  readonly nonconformityId: string;
  readonly lotId: string;
  readonly quantity: Decimal;
  readonly severity: 'minor' | 'major' | 'critical';
  readonly reportedBy?: string;
  readonly status: 'reported' | 'contained' | 'closed' | 'voided';
  /** Containment as it was recorded last. */
  readonly containment?: string;
  /** Part of the quantity that was decided about. */
  readonly dispositioned: Decimal;
}

export type NonconformityFacts = {
  /** Only for reporting. */
  readonly lot?: Fact<LotRegistered['data'] | null>;
};

type Decision = readonly NonconformityEvent[] | Refusal;

/** Who sits on the material review board. */
const REVIEW_BOARD = 'quality-manager';

export const nonconformity: Decider<Nonconformity | undefined, NonconformityCommand, NonconformityEvent, NonconformityFacts> = {
  name: 'control.nonconformity',
  version: 1,
  initialState: () => undefined,
  evolve,
  decide(state, command, facts, by) {
    if (command.type === 'ReportNonconformity') return report(state, command, facts, by);
    if (!state) return refuse('NONCONFORMITY_UNKNOWN', { nonconformityId: command.nonconformityId });
    const { nonconformityId, lotId, status } = state;
    if (status === 'voided') return command.type === 'VoidNonconformity' ? [] : refuse('NONCONFORMITY_VOIDED', { nonconformityId });
    if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
    if (status === 'closed') return command.type === 'CloseNonconformity' ? [] : refuse('NONCONFORMITY_CLOSED', { nonconformityId });
    switch (command.type) {
      case 'ContainNonconformity':
        return command.actions === state.containment ? [] : [nonconformityContained({ nonconformityId, lotId, actions: command.actions })];
      case 'DecideDisposition': return decideDisposition(state, command, by);
      case 'CloseNonconformity': return close(state);
      case 'VoidNonconformity': return voided(state, command);
      default: return unreachable(command);
    }
  },
};

function evolve(state: Nonconformity | undefined, event: NonconformityEvent): Nonconformity {
  if (event.type === 'control.NonconformityReported.v1') {
    const { nonconformityId, lotId, quantity, severity, reportedBy } = event.data;
    return { nonconformityId, lotId, quantity, severity, ...(reportedBy !== undefined && { reportedBy }), status: 'reported', dispositioned: '0' };
  }
  if (!state) throw new Error(`${event.type} before the nonconformity was reported`);
  switch (event.type) {
    case 'control.NonconformityContained.v1': return { ...state, status: 'contained', containment: event.data.actions };
    case 'control.DispositionDecided.v1': return { ...state, dispositioned: plus(state.dispositioned, event.data.quantity) };
    case 'control.NonconformityClosed.v1': return { ...state, status: 'closed' };
    case 'control.NonconformityVoided.v1': return { ...state, status: 'voided' };
    default: return unreachable(event);
  }
}

function report(state: Nonconformity | undefined, { type: _, ...command }: ReportNonconformity, { lot }: NonconformityFacts, by: By): Decision {
  if (state) return refuse('NONCONFORMITY_ALREADY_REPORTED', { lotId: state.lotId, quantity: state.quantity });
  if (!lot?.value) return refuse('LOT_UNKNOWN', { lotId: command.lotId });
  const { number, itemId, quantity } = lot.value;
  if (itemId !== command.itemId) return refuse('ITEM_NOT_OF_LOT', { expected: itemId, given: command.itemId });
  if (greater(command.quantity, quantity)) return refuse('QUANTITY_NOT_IN_LOT', { quantity });
  return [nonconformityReported({ ...command, lotNumber: number, reportedBy: by.actor.id })];
}

function decideDisposition(state: Nonconformity, { disposition, quantity, rationale, customerConsent }: DecideDisposition, { actor }: By): Decision {
  const { nonconformityId, lotId, severity } = state;
  if (state.status !== 'contained') return refuse('CONTAINMENT_FIRST', { nonconformityId });
  if (disposition === 'use-as-is') {
    if (!actor.roles.includes(REVIEW_BOARD)) return refuse('MRB_REQUIRED', { role: REVIEW_BOARD });
    if (actor.id === state.reportedBy) return refuse('REPORTER_CANNOT_CONCEDE', { reportedBy: actor.id });
    if (severity === 'critical' && customerConsent === undefined) return refuse('CUSTOMER_CONSENT_REQUIRED', { severity });
  }
  const undispositioned = minus(state.quantity, state.dispositioned);
  if (greater(quantity, undispositioned)) return refuse('QUANTITY_NOT_UNDISPOSITIONED', { undispositioned });
  return [dispositionDecided({ nonconformityId, lotId, disposition, quantity, rationale, ...(customerConsent !== undefined && { customerConsent }), decidedBy: actor.id })];
}

function close({ nonconformityId, lotId, quantity, dispositioned }: Nonconformity): Decision {
  const undispositioned = minus(quantity, dispositioned);
  if (isPositive(undispositioned)) return refuse('UNDISPOSITIONED_QUANTITY', { undispositioned });
  return [nonconformityClosed({ nonconformityId, lotId })];
}

/** What was decided has been carried out on the lot: it cannot be as if it had never been reported. */
function voided({ nonconformityId, lotId, dispositioned }: Nonconformity, { reason }: VoidNonconformity): Decision {
  if (isPositive(dispositioned)) return refuse('DISPOSITION_DECIDED', { dispositioned });
  return [nonconformityVoided({ nonconformityId, lotId, reason })];
}
