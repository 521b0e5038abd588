/**
 * A corrective action (CAPA): from a nonconformity to a cause that is gone. Guards: the order of the work (containment, cause,
 * plan, approval, implementation, proof), four eyes on plan and proof, a criterion that is fixed before it is measured, and due
 * dates that move only by a reasoned extension. Stream: capa-<capaId>. All its events are public.
 */
import type {
  CapaClosed, CapaDeclined, CapaDueDateExtended, CapaImplemented, CapaOpened, CapaOverdue, CapaPlanApproved, CapaPlanned, CapaProposed, CapaReopened,
  ContainmentRecorded, EffectivenessVerified, RecurrencePrevented, RootCauseConfirmed,
} from '@touchstone/contracts/assurance';

export const capaStream = (capaId: string): string => `capa-${capaId}`;

export type CapaEvent =
  | CapaProposed | CapaOpened | CapaDeclined | ContainmentRecorded | RootCauseConfirmed | CapaPlanned | CapaPlanApproved | CapaImplemented
  | CapaDueDateExtended | EffectivenessVerified | CapaReopened | RecurrencePrevented | CapaClosed | CapaOverdue;
