import type { Decimal, Instant } from '@touchstone/kernel';
import { greater, less, unreachable } from '@touchstone/kernel';
import type { CapaPlanned, RootCauseConfirmed } from '@touchstone/contracts/assurance';
import type { CapaEvent } from './events.js';

export interface Capa {
  readonly status: 'proposed' | 'declined' | 'open' | 'closed';
  readonly capaId: string;
  readonly nonconformityId: string;
  readonly itemId: string;
  readonly characteristicId?: string;
  readonly owner?: string;
  readonly dueAt?: Instant;
  readonly overdue: boolean;
  readonly containment?: string;
  /** What follows belongs to the present attempt: all of it is gone when the actions turn out to be ineffective. */
  readonly rootCause?: Pick<RootCauseConfirmed['data'], 'rootCause' | 'method'>;
  readonly plan?: CapaPlan;
  readonly evidence?: string;
  /** Set by implementation: before this nobody may judge the effect. */
  readonly windowEndsAt?: Instant;
  readonly effective: boolean;
  readonly measures?: string;
}

export type CapaPlan = CapaPlanned['data'] & { readonly approvedAt?: Instant };

/** The corrective action after the event; undefined is one that nobody proposed. */
export function evolve(capa: Capa | undefined, event: CapaEvent): Capa {
  if (event.type === 'assurance.CapaProposed.v1') {
    const { capaId, nonconformityId, itemId, characteristicId } = event.data;
    return { status: 'proposed', capaId, nonconformityId, itemId, ...(characteristicId !== undefined && { characteristicId }), overdue: false, effective: false };
  }
  if (!capa) throw new Error(`${event.type} before the corrective action was proposed`);
  switch (event.type) {
    case 'assurance.CapaOpened.v1': return { ...capa, status: 'open', owner: event.data.owner, dueAt: event.data.dueAt };
    case 'assurance.CapaDeclined.v1': return { ...capa, status: 'declined' };
    case 'assurance.ContainmentRecorded.v1': return { ...capa, containment: event.data.actions };
    case 'assurance.RootCauseConfirmed.v1': return { ...capa, rootCause: { rootCause: event.data.rootCause, method: event.data.method } };
    case 'assurance.CapaPlanned.v1': return { ...capa, plan: event.data };
    case 'assurance.CapaPlanApproved.v1': return capa.plan ? { ...capa, plan: { ...capa.plan, approvedAt: event.data.approvedAt } } : capa;
    case 'assurance.CapaImplemented.v1': return { ...capa, evidence: event.data.evidence, windowEndsAt: event.data.windowEndsAt };
    case 'assurance.CapaDueDateExtended.v1': return { ...capa, dueAt: event.data.dueAt, overdue: false };
    case 'assurance.EffectivenessVerified.v1': {
      const { verdict, windowEndsAt } = event.data;
      return { ...capa, effective: verdict === 'effective', ...(windowEndsAt !== undefined && { windowEndsAt }) };
    }
    case 'assurance.CapaReopened.v1': return reopened(capa);
    case 'assurance.RecurrencePrevented.v1': return { ...capa, measures: event.data.measures };
    case 'assurance.CapaClosed.v1': return { ...capa, status: 'closed' };
    case 'assurance.CapaOverdue.v1': return { ...capa, overdue: true };
    default: return unreachable(event);
  }
}

/** Back to the search for the cause. What contains the problem stays; what was believed about it does not. */
function reopened({ rootCause: _cause, plan: _plan, evidence: _evidence, windowEndsAt: _window, measures: _measures, ...kept }: Capa): Capa {
  return { ...kept, effective: false };
}

/** Whether the observed value keeps the criterion; a value on the threshold keeps it. */
export const keeps = ({ threshold, comparison }: CapaPlan['criterion'], observed: Decimal): boolean =>
  comparison === 'at-most' ? !greater(observed, threshold) : !less(observed, threshold);
