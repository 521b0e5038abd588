import type { Decimal } from '@touchstone/kernel';
import { greater, isPositive, isZero, minus, plus, smaller, sum, unreachable } from '@touchstone/kernel';
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
  /** Of released: what a concession let go before its inspections. */
  readonly uninspected: Decimal;
  /** What each hold wants held; together they may want more than there is. */
  readonly holds: Readonly<Record<string, Decimal>>;
  readonly lifted: readonly string[];
  readonly required: readonly string[];
  readonly passed: readonly string[];
  /** Stages whose last inspection measured with a gauge that was out of date. */
  readonly gaugesInvalid: readonly string[];
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

export const remaining = (lot: Lot): Decimal => minus(lot.quantity, lot.consumed);
export const held = (lot: Lot): Decimal => smaller(sum(Object.values(lot.holds)), remaining(lot));
export const allocated = (lot: Lot): Decimal => sum(Object.values(lot.allocations));
/** Accepted, on no hold, not yet released. */
export const free = (lot: Lot): Decimal => notNegative(minus(minus(lot.accepted, held(lot)), lot.released));
/** Accepted or still waiting for inspection, on no hold, not yet released. */
export const freeUninspected = (lot: Lot): Decimal => notNegative(minus(minus(plus(lot.accepted, lot.pending), held(lot)), lot.released));
/** Released, not set aside for a delivery, and not wanted by holds that want more than is unreleased. */
export function allocatable(lot: Lot): Decimal {
  const heldOfReleased = notNegative(minus(held(lot), minus(plus(lot.accepted, lot.pending), lot.released)));
  return notNegative(minus(minus(lot.released, allocated(lot)), heldOfReleased));
}

const notNegative = (value: Decimal): Decimal => (isPositive(value) ? value : '0');

/** The lot after the event; undefined is a lot that nobody registered. */
export function evolve(lot: Lot | undefined, event: LotEvent): Lot {
  if (event.type === 'control.LotRegistered.v1') {
    const { lotId, number, itemId, unit, quantity, requiredInspections } = event.data;
    return {
      lotId, number, itemId, unit, quantity, pending: quantity, accepted: '0', rejected: '0', consumed: '0', released: '0', allocations: {},
      uninspected: '0', holds: {}, lifted: [], required: requiredInspections, passed: [], gaugesInvalid: [], judgedBy: [], dispositioned: [], concessions: {},
    };
  }
  if (!lot) throw new Error(`${event.type} before the lot was registered`);
  switch (event.type) {
    case 'control.StagePassed.v1':
      return passed(lot, event.data);
    case 'control.LotAccepted.v1':
      return { ...lot, pending: minus(lot.pending, event.data.quantity), accepted: plus(lot.accepted, event.data.quantity) };
    case 'control.LotRejected.v1':
      return { ...lot, pending: minus(lot.pending, event.data.quantity), rejected: plus(lot.rejected, event.data.quantity), judgedBy: [...lot.judgedBy, event.data.inspectionId] };
    case 'control.ReassessmentOpened.v1':
      return { ...lot, judgedBy: [...lot.judgedBy, event.data.inspectionId] };
    case 'control.QuantityHeld.v1':
      return { ...lot, holds: { ...lot.holds, [event.data.holdId]: event.data.quantity } };
    case 'control.HoldLifted.v1':
      return { ...lot, holds: without(lot.holds, event.data.holdId), lifted: [...lot.lifted, event.data.holdId] };
    case 'control.ConcessionGranted.v1': {
      const { concessionId, quantity, waives, validUntil, grantedBy } = event.data;
      return { ...lot, concessions: { ...lot.concessions, [concessionId]: { quantity, used: '0', waives, validUntil, grantedBy } } };
    }
    case 'control.QuantityReleased.v1':
      return released(lot, event.data);
    case 'control.QuantityAllocated.v1':
      return { ...lot, allocations: { ...lot.allocations, [event.data.deliveryId]: event.data.quantity } };
    case 'control.QuantityDispositioned.v1':
      return dispositioned(lot, event.data);
    default:
      return unreachable(event);
  }
}

function passed(lot: Lot, { stage, gaugesValid, inspectionId }: { stage: string; gaugesValid: boolean; inspectionId: string }): Lot {
  const stages = [...lot.passed.filter((each) => each !== stage), stage];
  // Measured again with a valid gauge, the stage is measured validly.
  const gaugesInvalid = [...lot.gaugesInvalid.filter((each) => each !== stage), ...(gaugesValid ? [] : [stage])];
  const all = lot.required.every((each) => stages.includes(each));
  return { ...lot, passed: stages, gaugesInvalid, uninspected: all ? '0' : lot.uninspected, judgedBy: [...lot.judgedBy, inspectionId] };
}

/** What is released beyond the accepted quantity, by a concession, counts as accepted by it: released never exceeds accepted. */
function released(lot: Lot, { concessionId, quantity }: { concessionId?: string; quantity: Decimal }): Lot {
  const after = plus(lot.released, quantity);
  const conceded = greater(after, lot.accepted) ? minus(after, lot.accepted) : '0';
  return {
    ...lot, released: after, uninspected: plus(lot.uninspected, conceded), pending: minus(lot.pending, conceded), accepted: plus(lot.accepted, conceded),
    concessions: used(lot, concessionId, quantity),
  };
}

interface Dispositioned {
  readonly nonconformityId: string;
  readonly dispositionId?: string;
  readonly disposition: string;
  readonly quantity: Decimal;
  readonly rejected: Decimal;
}

function dispositioned(lot: Lot, { nonconformityId, dispositionId = nonconformityId, disposition, quantity, rejected }: Dispositioned): Lot {
  const fromAccepted = minus(quantity, rejected);
  const taken = {
    ...lot, rejected: minus(lot.rejected, rejected), accepted: minus(lot.accepted, fromAccepted), dispositioned: [...lot.dispositioned, dispositionId],
  };
  switch (disposition) {
    case 'use-as-is': return { ...taken, accepted: plus(taken.accepted, quantity) };
    // Rework forces reinspection: what had been passed counts no more. Doubts about gauges stay while anything accepted by them is left.
    case 'rework':
      return { ...taken, pending: plus(lot.pending, quantity), passed: [], judgedBy: [], gaugesInvalid: isZero(taken.accepted) ? [] : lot.gaugesInvalid };
    default: return { ...taken, consumed: plus(lot.consumed, quantity) };
  }
}

function used(lot: Lot, concessionId: string | undefined, quantity: Decimal): Lot['concessions'] {
  const concession = concessionId === undefined ? undefined : lot.concessions[concessionId];
  return concession && concessionId !== undefined ? { ...lot.concessions, [concessionId]: { ...concession, used: plus(concession.used, quantity) } } : lot.concessions;
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> => Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
