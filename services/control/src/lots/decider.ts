import type { By, Decider, Decimal, Fact, Refusal } from '@touchstone/kernel';
import { equals, greater, isPositive, isSystem, minus, plus, refuse, smaller, unreachable } from '@touchstone/kernel';
import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import {
  concessionGranted, holdLifted, lotAccepted, lotRegistered, lotRejected, quantityAllocated, quantityDispositioned, quantityHeld, quantityReleased,
  reassessmentOpened, stagePassed,
} from '@touchstone/contracts/control';
import type {
  AllocateQuantity, ApplyDisposition, GrantConcession, HoldQuantity, LiftHold, LotCommand, RecordInspectionResult, RegisterLot, ReleaseQuantity,
} from './commands.js';
import type { LotEvent } from './events.js';
import type { Lot } from './lot.js';
import { allocatable, allocated, evolve, free, freeUninspected, held, remaining } from './lot.js';

export type LotFacts = {
  /** The item's control plan in force; only for registering. */
  readonly plan?: Fact<ControlPlanInForce['data'] | null>;
};

type Decision = readonly LotEvent[] | Refusal;

export const lot: Decider<Lot | undefined, LotCommand, LotEvent, LotFacts> = {
  name: 'control.lot',
  version: 1,
  initialState: () => undefined,
  evolve,
  decide(state, command, facts, by) {
    if (command.type === 'RegisterLot') return register(state, command, facts);
    if (!state) return refuse('LOT_UNKNOWN', { lotId: command.lotId });
    switch (command.type) {
      case 'HoldQuantity': return hold(state, command);
      case 'LiftHold': return lift(state, command, by);
      case 'ReleaseQuantity': return release(state, command, by);
      case 'GrantConcession': return grant(state, command, by);
      case 'RecordInspectionResult': return judge(state, command);
      case 'AllocateQuantity': return allocate(state, command);
      case 'ApplyDisposition': return disposition(state, command);
      default: return unreachable(command);
    }
  },
};

function register(state: Lot | undefined, { type: _, ...command }: RegisterLot, { plan }: LotFacts): Decision {
  if (state) return refuse('LOT_ALREADY_REGISTERED', { number: state.number });
  const { requiredInspections: given } = command;
  if (!given && !plan?.value) return refuse('NO_CONTROL_PLAN_IN_FORCE', { itemId: command.itemId });
  const unit = plan?.value?.unit ?? command.unit;
  if (command.unit !== unit) return refuse('UNIT_MISMATCH', { expected: unit, given: command.unit });
  // Whoever registers may ask for more inspections than the plan, never for fewer.
  const required = new Set([...(plan?.value?.requiredInspections ?? []), ...(given ?? [])]);
  return [lotRegistered({ ...command, requiredInspections: [...required] })];
}

/** Each hold stands for itself: when two want the same quantity, lifting one leaves it held by the other. */
function hold(lot: Lot, { holdId, quantity, cause, causeId, reason }: HoldQuantity): Decision {
  if (lot.lifted.includes(holdId)) return refuse('HOLD_ALREADY_LIFTED', { holdId });
  const holdable = smaller(quantity, remaining(lot));
  if (lot.holds[holdId] !== undefined || !isPositive(holdable)) return [];
  return [quantityHeld({ lotId: lot.lotId, holdId, quantity: holdable, cause, causeId, reason })];
}

function lift(lot: Lot, { holdId, reason }: LiftHold, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (lot.lifted.includes(holdId)) return [];
  const quantity = lot.holds[holdId];
  return quantity === undefined ? refuse('HOLD_UNKNOWN', { holdId }) : [holdLifted({ lotId: lot.lotId, holdId, quantity, reason })];
}

function release(lot: Lot, { quantity, concessionId }: ReleaseQuantity, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  const concession = concessionId === undefined ? undefined : lot.concessions[concessionId];
  if (concessionId !== undefined && !concession) return refuse('CONCESSION_UNKNOWN', { concessionId });
  if (concession && concession.validUntil < by.at) return refuse('CONCESSION_EXPIRED', { validUntil: concession.validUntil });
  if (concession && greater(quantity, minus(concession.quantity, concession.used))) {
    return refuse('CONCESSION_EXCEEDED', { covers: minus(concession.quantity, concession.used) });
  }
  const missing = lot.required.filter((stage) => !lot.passed.includes(stage));
  const waivesInspection = concession?.waives === 'INSPECTION_MISSING';
  if (missing.length > 0 && !waivesInspection && equals(lot.accepted, lot.released)) return refuse('INSPECTION_MISSING', { missing });
  if (lot.gaugesInvalid.length > 0 && concession?.waives !== 'GAUGE_NOT_VALID_AT_MEASUREMENT') {
    return refuse('GAUGE_NOT_VALID_AT_MEASUREMENT', { stages: lot.gaugesInvalid });
  }
  const releasable = waivesInspection ? freeUninspected(lot) : free(lot);
  if (greater(quantity, releasable)) return refuse('QUANTITY_NOT_FREE', { free: releasable, held: held(lot), rejected: lot.rejected });
  return [quantityReleased({ lotId: lot.lotId, quantity, ...(concessionId !== undefined && { concessionId }) })];
}

function grant(lot: Lot, { type: _, ...command }: GrantConcession, by: By): Decision {
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (lot.concessions[command.concessionId]) return refuse('CONCESSION_ALREADY_GRANTED', { concessionId: command.concessionId });
  if (command.validUntil <= by.at) return refuse('CONCESSION_EXPIRED', { validUntil: command.validUntil });
  if (greater(command.quantity, lot.quantity)) return refuse('QUANTITY_NOT_IN_LOT', { quantity: lot.quantity });
  return [concessionGranted({ ...command, grantedBy: by.actor.id })];
}

function judge(lot: Lot, { inspectionId, stage, outcome, gaugesValid, characteristicIds, inspectorId, inspectorName }: RecordInspectionResult): Decision {
  if (lot.judgedBy.includes(inspectionId)) return [];
  const { lotId, number, itemId } = lot;
  if (outcome === 'accepted') {
    const passed = [...lot.passed, stage];
    const all = lot.required.every((each) => passed.includes(each)) && isPositive(lot.pending);
    return [stagePassed({ lotId, inspectionId, stage, gaugesValid }), ...(all ? [lotAccepted({ lotId, inspectionId, stage, quantity: lot.pending })] : [])];
  }
  const rejects = isPositive(lot.pending)
    ? [lotRejected({ lotId, number, itemId, inspectionId, stage, quantity: lot.pending, characteristicIds, inspectorId, inspectorName })]
    : [];
  if (rejects.length === 0 && !isPositive(lot.accepted)) return []; // rejected already, or gone
  // What waited for this result is rejected. What did not wait for it is reassessed, and kept here as far as it is still here.
  if (rejects.length > 0 && !isPositive(lot.uninspected)) return rejects;
  const here = minus(lot.accepted, allocated(lot));
  return [
    ...rejects,
    reassessmentOpened({ lotId, number, itemId, inspectionId, characteristicIds, released: lot.released, allocated: allocated(lot) }),
    ...(isPositive(here)
      ? [quantityHeld({ lotId, holdId: inspectionId, quantity: here, cause: 'out-of-specification', causeId: inspectionId, reason: `late ${stage} inspection rejected the lot` })]
      : []),
  ];
}

function allocate(lot: Lot, { deliveryId, quantity }: AllocateQuantity): Decision {
  if (lot.allocations[deliveryId] !== undefined) return [];
  const unallocated = allocatable(lot);
  if (greater(quantity, unallocated)) return refuse('QUANTITY_NOT_RELEASED', { released: lot.released, unallocated, held: held(lot) });
  return [quantityAllocated({ lotId: lot.lotId, deliveryId, quantity })];
}

/** What has left the house is taken back from each customer in his own case; the ledger moves what is still here. */
function returnWhatIsHere(lot: Lot, { nonconformityId, dispositionId }: Pick<ApplyDisposition, 'nonconformityId' | 'dispositionId'>, rejected: Decimal, here: Decimal): Decision {
  const quantity = plus(rejected, here);
  if (!isPositive(quantity)) return [];
  return [quantityDispositioned({ lotId: lot.lotId, nonconformityId, ...(dispositionId !== undefined && { dispositionId }), disposition: 'return', quantity, rejected })];
}

/** Rejected quantity is taken first, then accepted quantity that is still here. */
function disposition(lot: Lot, { nonconformityId, dispositionId, disposition: decided, quantity }: ApplyDisposition): Decision {
  if (lot.dispositioned.includes(dispositionId ?? nonconformityId)) return [];
  const rejected = smaller(quantity, lot.rejected);
  const here = minus(lot.accepted, lot.released);
  if (decided === 'return' && greater(quantity, plus(rejected, here))) return returnWhatIsHere(lot, { nonconformityId, dispositionId }, rejected, here);
  if (greater(minus(quantity, rejected), here)) return refuse('QUANTITY_NOT_IN_HOUSE', { rejected: lot.rejected, acceptedHere: here });
  return [quantityDispositioned({ lotId: lot.lotId, nonconformityId, ...(dispositionId !== undefined && { dispositionId }), disposition: decided, quantity, rejected })];
}
