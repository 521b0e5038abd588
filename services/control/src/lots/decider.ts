import type { By, Decider, Fact, Refusal } from '@touchstone/kernel';
import { compare, greater, isPositive, isSystem, isZero, minus, plus, refuse, smaller, unreachable } from '@touchstone/kernel';
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
import { allocated, evolve, free, held } from './lot.js';

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
      case 'LiftHold': return lift(state, command);
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
  const required = command.requiredInspections ?? plan?.value?.requiredInspections;
  if (!required) return refuse('NO_CONTROL_PLAN_IN_FORCE', { itemId: command.itemId });
  const unit = plan?.value?.unit ?? command.unit;
  if (command.unit !== unit) return refuse('UNIT_MISMATCH', { expected: unit, given: command.unit });
  return [lotRegistered({ ...command, requiredInspections: required })];
}

/** Holds no more than there is: what two holds want of the same quantity is held once. */
function hold(lot: Lot, { holdId, quantity, cause, causeId, reason }: HoldQuantity): Decision {
  if (lot.holds[holdId] !== undefined) return [];
  const holdable = minus(minus(lot.quantity, lot.consumed), held(lot));
  if (!isPositive(holdable)) return [];
  return [quantityHeld({ lotId: lot.lotId, holdId, quantity: smaller(quantity, holdable), cause, causeId, reason })];
}

function lift(lot: Lot, { holdId, reason }: LiftHold): Decision {
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
  if (missing.length > 0 && !waivesInspection && isZero(lot.accepted)) return refuse('INSPECTION_MISSING', { missing });
  if (!lot.gaugesValid && concession?.waives !== 'GAUGE_NOT_VALID_AT_MEASUREMENT') return refuse('GAUGE_NOT_VALID_AT_MEASUREMENT', { inspections: lot.judgedBy });
  const releasable = waivesInspection ? plus(free(lot), lot.pending) : free(lot);
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
  if (isPositive(lot.pending)) {
    return [lotRejected({ lotId, number, itemId, inspectionId, stage, quantity: lot.pending, characteristicIds, inspectorId, inspectorName })];
  }
  // A late result is accepted: it cannot unmake a release, so it opens a reassessment and holds what is still here.
  const here = smaller(free(lot), minus(minus(lot.quantity, lot.consumed), held(lot)));
  return [
    reassessmentOpened({ lotId, number, itemId, inspectionId, characteristicIds, released: lot.released, allocated: allocated(lot) }),
    ...(isPositive(here)
      ? [quantityHeld({ lotId, holdId: inspectionId, quantity: here, cause: 'out-of-specification', causeId: inspectionId, reason: `late ${stage} inspection rejected the lot` })]
      : []),
  ];
}

function allocate(lot: Lot, { deliveryId, quantity }: AllocateQuantity): Decision {
  if (lot.allocations[deliveryId] !== undefined) return [];
  const unallocated = minus(lot.released, allocated(lot));
  if (greater(quantity, unallocated)) return refuse('QUANTITY_NOT_RELEASED', { released: lot.released, unallocated });
  return [quantityAllocated({ lotId: lot.lotId, deliveryId, quantity })];
}

/** Rejected quantity is taken first, then accepted quantity that is still here. */
function disposition(lot: Lot, { nonconformityId, disposition: decided, quantity }: ApplyDisposition): Decision {
  if (lot.dispositioned.includes(nonconformityId)) return [];
  const rejected = smaller(quantity, lot.rejected);
  const here = minus(lot.accepted, lot.released);
  if (compare(minus(quantity, rejected), here) > 0) return refuse('QUANTITY_NOT_IN_HOUSE', { rejected: lot.rejected, acceptedHere: here });
  return [quantityDispositioned({ lotId: lot.lotId, nonconformityId, disposition: decided, quantity, rejected })];
}
