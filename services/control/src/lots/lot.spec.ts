import fc from 'fast-check';
import type { By, Decimal } from '@touchstone/kernel';
import { compare, derivedId, fold, isRefusal, plus, sum } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { lotRegistered } from '@touchstone/contracts/control';
import { atFirst, inspector } from '@touchstone/testing';
import type { LotCommand } from './commands.js';
import { lot } from './decider.js';
import type { LotEvent } from './events.js';
import type { Lot } from './lot.js';
import { allocatable, allocated, free, freeUninspected, held, remaining } from './lot.js';

const lotId = derivedId('lot');
const quantity = '500';
const registered = lotRegistered({
  lotId, number: 'L-1', itemId: derivedId('item'), quantity, unit: 'kg', site: 'ulm', requiredInspections: ['incoming', 'final'],
});

// A small world, so that commands meet: few ids, quantities with a fraction, dates before and after a concession ends.
const amounts = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 6_500 })).map((tenths): Decimal => plus('0', `${Math.floor(tenths / 10)}.${tenths % 10}`));
const ids = (what: string) => fc.integer({ min: 1, max: 4 }).map((number) => derivedId(what, number));
const stage = fc.constantFrom('incoming', 'final');
const concessionId = ids('concession');
const reason = fc.constant('because');
const commands: fc.Arbitrary<LotCommand> = fc.oneof(
  fc.record({ type: fc.constant('HoldQuantity'), lotId: fc.constant(lotId), holdId: ids('hold'), quantity: amounts, cause: fc.constant('person'), causeId: fc.constant('inspector-1'), reason }),
  fc.record({ type: fc.constant('LiftHold'), lotId: fc.constant(lotId), holdId: fc.oneof(ids('hold'), ids('inspection')), reason }),
  fc.record({ type: fc.constant('ReleaseQuantity'), lotId: fc.constant(lotId), quantity: amounts, concessionId }, { requiredKeys: ['type', 'lotId', 'quantity'] }),
  fc.record({
    type: fc.constant('GrantConcession'), lotId: fc.constant(lotId), concessionId, kind: fc.constant('concession'), quantity: amounts,
    waives: fc.constantFrom('INSPECTION_MISSING', 'GAUGE_NOT_VALID_AT_MEASUREMENT'), reason, validUntil: fc.constantFrom('2026-03-02T08:00:00.001Z', '2026-04-01T00:00:00.000Z'),
  }),
  fc.record({
    type: fc.constant('RecordInspectionResult'), lotId: fc.constant(lotId), inspectionId: ids('inspection'), stage, outcome: fc.constantFrom('accepted', 'accepted', 'rejected'),
    gaugesValid: fc.boolean(), characteristicIds: fc.constant([]), inspectorId: fc.constant('inspector-1'), inspectorName: fc.constant('Ada Muster'),
  }),
  fc.record({ type: fc.constant('AllocateQuantity'), lotId: fc.constant(lotId), deliveryId: ids('delivery'), quantity: amounts }),
  fc.record({
    type: fc.constant('ApplyDisposition'), lotId: fc.constant(lotId), nonconformityId: ids('nonconformity'), dispositionId: ids('disposition'),
    disposition: fc.constantFrom('use-as-is', 'rework', 'scrap', 'return'), quantity: amounts,
  }, { requiredKeys: ['type', 'lotId', 'nonconformityId', 'disposition', 'quantity'] }),
) as fc.Arbitrary<LotCommand>;
const days: fc.Arbitrary<By> = fc.constantFrom(atFirst, '2026-03-20T00:00:00.000Z', '2026-05-01T00:00:00.000Z').map((at) => ({ actor: inspector, at }));
const histories = fc.array(fc.tuple(commands, days), { minLength: 1, maxLength: 60 });

interface Step {
  readonly before: Lot;
  readonly command: LotCommand;
  readonly by: By;
  readonly events: readonly LotEvent[];
  readonly after: Lot;
}

/** The commands that were accepted, one after the other. */
function steps(history: readonly (readonly [LotCommand, By])[]): Step[] {
  let state = lot.evolve(undefined, registered) as Lot;
  const taken: Step[] = [];
  for (const [command, by] of history) {
    const events = lot.decide(state, command, {}, by);
    if (isRefusal(events)) continue;
    const before = state;
    state = fold(lot, before, events) as Lot;
    taken.push({ before, command, by, events, after: state });
  }
  return taken;
}

const always = (check: (step: Step) => void) => {
  fc.assert(fc.property(histories, (history) => steps(history).forEach(check)), { numRuns: 400 });
};
const noMore = (part: Decimal, whole: Decimal) => expect(compare(part, whole)).toBeLessThanOrEqual(0);

describe('after any sequence of commands', () => {
  it('accepted + rejected + pending + consumed is the quantity of the lot, and none is negative', () => always(({ after }) => {
    expect(sum([after.accepted, after.rejected, after.pending, after.consumed])).toBe(quantity);
    for (const part of [after.accepted, after.rejected, after.pending, after.consumed, free(after), allocatable(after)]) noMore('0', part);
  }));

  it('no more is released than was accepted, and no more set aside for deliveries than was released', () => always(({ after }) => {
    noMore(after.released, after.accepted);
    noMore(allocated(after), after.released);
    noMore(after.uninspected, after.released);
  }));

  it('no more is held than there is', () => always(({ after }) => noMore(held(after), remaining(after))));

  it('nothing that is held is released', () => always(({ before, command, events }) => {
    if (command.type === 'ReleaseQuantity' && events.length > 0) noMore(command.quantity, freeUninspected(before));
    if (command.type === 'ReleaseQuantity' && command.concessionId === undefined) noMore(command.quantity, free(before));
  }));

  it('no concession covers more than was granted', () => always(({ after }) => {
    for (const { used, quantity: granted } of Object.values(after.concessions)) noMore(used, granted);
  }));

  it('every event keeps its contract', () => always(({ events }) => events.forEach((event) => contracts.check(event))));

  it('a command with an id of its own changes nothing when it comes again', () => always(({ command, by, after }) => {
    if (command.type === 'ReleaseQuantity') return; // has no id: each release is another one, its Idempotency-Key tells repetitions
    const again = lot.decide(after, command, {}, by);
    // Reworked quantity is inspected anew, so an inspection may count again; nothing else may.
    if (!isRefusal(again) && command.type !== 'RecordInspectionResult') expect(again).toEqual([]);
  }));

  it('the same history gives the same lot', () => fc.assert(fc.property(histories, (history) => {
    const taken = steps(history);
    const log = [registered, ...taken.flatMap(({ events }) => events)];
    expect(fold(lot, undefined, log)).toEqual(taken.at(-1)?.after ?? lot.evolve(undefined, registered));
  }), { numRuns: 100 }));

  it('the commands meet: every kind of event happens in a few hundred histories', () => {
    const seen = new Set(fc.sample(histories, { numRuns: 400, seed: 7 }).flatMap(steps).flatMap(({ events }) => events.map(({ type }) => type)));
    expect([...seen].toSorted()).toEqual([
      'control.ConcessionGranted.v1', 'control.HoldLifted.v1', 'control.LotAccepted.v1', 'control.LotRejected.v1', 'control.QuantityAllocated.v1',
      'control.QuantityDispositioned.v1', 'control.QuantityHeld.v1', 'control.QuantityReleased.v1', 'control.ReassessmentOpened.v1', 'control.StagePassed.v1',
    ]);
  });
});
