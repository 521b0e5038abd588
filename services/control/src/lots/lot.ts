import type { Decimal } from '@touchstone/kernel';
import { minus, plus, sum, unreachable } from '@touchstone/kernel';
import type { LotEvent } from './events.js';

export interface Lot {
  readonly lotId: string;
  readonly number: string;
  readonly itemId: string;
  readonly unit: string;
  readonly quantity: Decimal;
  /** The ledger: these four always add up to `quantity`. */
  readonly pending: Decimal;
  readonly accepted: Decimal;
  readonly rejected: Decimal;
  readonly consumed: Decimal;
  /** Of accepted: released so far, and of that set aside for deliveries. */
  readonly released: Decimal;
  readonly allocations: Readonly<Record<string, Decimal>>;
  readonly holds: Readonly<Record<string, Decimal>>;
  readonly required: readonly string[];
  readonly passed: readonly string[];
  readonly gaugesValid: boolean;
  readonly judgedBy: readonly string[];
  readonly dispositioned: readonly string[];
  readonly concessions: Readonly<Record<string, Concession>>;
}

export interface Concession {
  readonly quantity: Decimal;
  readonly used: Decimal;
  readonly waives: string;
  readonly validUntil: string;
  readonly grantedBy?: string;
}

export const held = (lot: Lot): Decimal => sum(Object.values(lot.holds));
export const allocated = (lot: Lot): Decimal => sum(Object.values(lot.allocations));
/** Accepted, on no hold, not yet released. */
export const free = (lot: Lot): Decimal => minus(minus(lot.accepted, held(lot)), lot.released);

/** The lot after the event; undefined is a lot that nobody registered. */
export function evolve(lot: Lot | undefined, event: LotEvent): Lot {
  if (event.type === 'control.LotRegistered.v1') {
    const { lotId, number, itemId, unit, quantity, requiredInspections } = event.data;
    return {
      lotId, number, itemId, unit, quantity, pending: quantity, accepted: '0', rejected: '0', consumed: '0', released: '0', allocations: {}, holds: {},
      required: requiredInspections, passed: [], gaugesValid: true, judgedBy: [], dispositioned: [], concessions: {},
    };
  }
  if (!lot) throw new Error(`${event.type} before the lot was registered`);
  switch (event.type) {
    case 'control.StagePassed.v1':
      return { ...lot, passed: [...lot.passed, event.data.stage], gaugesValid: lot.gaugesValid && event.data.gaugesValid, judgedBy: [...lot.judgedBy, event.data.inspectionId] };
    case 'control.LotAccepted.v1':
      return { ...lot, pending: minus(lot.pending, event.data.quantity), accepted: plus(lot.accepted, event.data.quantity) };
    case 'control.LotRejected.v1':
      return { ...lot, pending: minus(lot.pending, event.data.quantity), rejected: plus(lot.rejected, event.data.quantity), judgedBy: [...lot.judgedBy, event.data.inspectionId] };
    case 'control.ReassessmentOpened.v1':
      return { ...lot, judgedBy: [...lot.judgedBy, event.data.inspectionId] };
    case 'control.QuantityHeld.v1':
      return { ...lot, holds: { ...lot.holds, [event.data.holdId]: event.data.quantity } };
    case 'control.HoldLifted.v1':
      return { ...lot, holds: without(lot.holds, event.data.holdId) };
    case 'control.ConcessionGranted.v1': {
      const { concessionId, quantity, waives, validUntil, grantedBy } = event.data;
      return { ...lot, concessions: { ...lot.concessions, [concessionId]: { quantity, used: '0', waives, validUntil, grantedBy } } };
    }
    case 'control.QuantityReleased.v1':
      return { ...lot, released: plus(lot.released, event.data.quantity), concessions: used(lot, event.data) };
    case 'control.QuantityAllocated.v1':
      return { ...lot, allocations: { ...lot.allocations, [event.data.deliveryId]: event.data.quantity } };
    case 'control.QuantityDispositioned.v1':
      return dispositioned(lot, event.data);
    default:
      return unreachable(event);
  }
}

function dispositioned(lot: Lot, { nonconformityId, disposition, quantity, rejected }: { nonconformityId: string; disposition: string; quantity: Decimal; rejected: Decimal }): Lot {
  const done = { ...lot, dispositioned: [...lot.dispositioned, nonconformityId] };
  const fromAccepted = minus(quantity, rejected);
  const taken = { ...done, rejected: minus(lot.rejected, rejected), accepted: minus(lot.accepted, fromAccepted) };
  switch (disposition) {
    case 'use-as-is': return { ...taken, accepted: plus(taken.accepted, quantity) };
    // Rework forces reinspection: what had been passed counts no more.
    case 'rework': return { ...taken, pending: plus(lot.pending, quantity), passed: [], judgedBy: [] };
    default: return { ...taken, consumed: plus(lot.consumed, quantity) };
  }
}

function used(lot: Lot, { concessionId, quantity }: { concessionId?: string; quantity: Decimal }): Lot['concessions'] {
  const concession = concessionId === undefined ? undefined : lot.concessions[concessionId];
  return concession && concessionId !== undefined ? { ...lot.concessions, [concessionId]: { ...concession, used: plus(concession.used, quantity) } } : lot.concessions;
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> => Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
