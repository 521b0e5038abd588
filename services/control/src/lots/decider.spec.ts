import type { Actor, Fact } from '@touchstone/kernel';
import { contracts, sampleCharacteristic } from '@touchstone/contracts';
import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import {
  concessionGranted, holdLifted, lotAccepted, lotRegistered, lotRejected, quantityAllocated, quantityDispositioned, quantityHeld, quantityReleased,
  reassessmentOpened, stagePassed,
} from '@touchstone/contracts/control';
import { atFirst, deciderSpec } from '@touchstone/testing';
import type {
  AllocateQuantity, ApplyDisposition, GrantConcession, HoldQuantity, LiftHold, LotCommand, RecordInspectionResult, RegisterLot, ReleaseQuantity, Stage,
} from './commands.js';
import { lot } from './decider.js';

const [lotId, itemId, firstHold, secondHold] = [
  '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', '5a1f8f0d-0d5c-5b0e-9a0f-8b1c2d3e4f50', '6b2a9a1e-1e6d-5c1f-8b1a-9c2d3e4f5a61',
];
const [finalInspection, lateInspection, deliveryId, nonconformityId, concessionId] = [
  '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', '8a2d2c7f-62d3-5e2b-9b4e-4a7a1d0e3c32', '3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e',
  '1f0c9c9e-1f5b-5f51-9f1d-70a52c1f1a33',
];
const system: Actor = { id: 'system:control:some-reaction', roles: ['system'] };

const about = { lotId, number: 'L-2026-0117', itemId, quantity: '500', unit: 'pcs', site: 'ulm' };
const planInForce = (requiredInspections: Stage[]): Fact<ControlPlanInForce['data']> => ({
  value: { itemId, revision: 1, title: 'Piston ring', unit: 'pcs', requiredInspections, characteristics: [sampleCharacteristic], author: 'planner-1', approvedBy: 'manager-1' },
  refs: [{ stream: `planning/controlPlan-${itemId}`, version: 3 }], seq: 3,
});
const noPlan = { value: null, refs: [], seq: 0 };

const register = (rest: Partial<RegisterLot> = {}): RegisterLot => ({ type: 'RegisterLot', ...about, ...rest });
const hold = (quantity = '40', holdId = firstHold): HoldQuantity =>
  ({ type: 'HoldQuantity', lotId, holdId, quantity, cause: 'person', causeId: 'inspector-1', reason: 'burr at the edge' });
const lift = (holdId = firstHold): LiftHold => ({ type: 'LiftHold', lotId, holdId, reason: 'measured again, conforms' });
const release = (quantity: string, concession?: string): ReleaseQuantity =>
  ({ type: 'ReleaseQuantity', lotId, quantity, ...(concession !== undefined && { concessionId: concession }) });
const grant = (rest: Partial<GrantConcession> = {}): GrantConcession => ({ type: 'GrantConcession', ...concession, ...rest });
const result = (outcome: 'accepted' | 'rejected', rest: Partial<RecordInspectionResult> = {}): RecordInspectionResult => ({
  type: 'RecordInspectionResult', lotId, inspectionId: finalInspection, stage: 'final', outcome, gaugesValid: true,
  characteristicIds: outcome === 'rejected' ? ['diameter'] : [], inspectorId: 'inspector-1', inspectorName: 'Ada Muster', ...rest,
});
const allocate = (quantity: string): AllocateQuantity => ({ type: 'AllocateQuantity', lotId, deliveryId, quantity });
const dispose = (disposition: ApplyDisposition['disposition'], quantity: string, rest: Partial<ApplyDisposition> = {}): ApplyDisposition =>
  ({ type: 'ApplyDisposition', lotId, nonconformityId, disposition, quantity, ...rest });

const concession = {
  lotId, concessionId, kind: 'concession' as const, quantity: '100', waives: 'INSPECTION_MISSING' as const, reason: 'customer waits, function not touched',
  validUntil: '2026-04-01T00:00:00.000Z',
};
const registered = (requiredInspections: Stage[] = ['final']) => lotRegistered({ ...about, requiredInspections });
const passed = (stage: Stage = 'final', gaugesValid = true, inspectionId = finalInspection) => stagePassed({ lotId, inspectionId, stage, gaugesValid });
const accepted = (quantity = '500') => lotAccepted({ lotId, inspectionId: finalInspection, stage: 'final', quantity });
const rejected = (quantity = '500', inspectionId = finalInspection) => lotRejected({
  lotId, number: about.number, itemId, inspectionId, stage: 'final', quantity, characteristicIds: ['diameter'], inspectorId: 'inspector-1', inspectorName: 'Ada Muster',
});
const held = (quantity = '40', holdId = firstHold) =>
  quantityHeld({ lotId, holdId, quantity, cause: 'person', causeId: 'inspector-1', reason: 'burr at the edge' });
const heldByLateResult = (quantity: string) => quantityHeld({
  lotId, holdId: lateInspection, quantity, cause: 'out-of-specification', causeId: lateInspection, reason: 'late final inspection rejected the lot',
});
const lifted = holdLifted({ lotId, holdId: firstHold, quantity: '40', reason: 'measured again, conforms' });
const released = (quantity: string, by?: string) => quantityReleased({ lotId, quantity, ...(by !== undefined && { concessionId: by }) });
const allocated = (quantity: string) => quantityAllocated({ lotId, deliveryId, quantity });
const granted = (rest: Partial<GrantConcession> = {}) => {
  const { type: _, ...body } = grant(rest);
  return concessionGranted({ ...body, grantedBy: 'inspector-1' });
};
const reassessed = (releasedBefore: string, allocatedBefore = '0') => reassessmentOpened({
  lotId, number: about.number, itemId, inspectionId: lateInspection, characteristicIds: ['diameter'], released: releasedBefore, allocated: allocatedBefore,
});
const disposed = (disposition: ApplyDisposition['disposition'], quantity: string, ofRejected = quantity) =>
  quantityDispositioned({ lotId, nonconformityId, disposition, quantity, rejected: ofRejected });

const spec = deciderSpec(lot, { contracts });
const acceptedLot = [registered(), passed(), accepted()];

describe('registering a lot', () => {
  it('asks for the inspections of the control plan in force', () => spec.when(register(), { facts: { plan: planInForce(['final']) } }).then(registered(['final'])));
  it('may ask for more inspections than the plan, never for fewer', () => {
    const facts = { plan: planInForce(['final']) };
    spec.when(register({ requiredInspections: ['incoming'] }), { facts }).then(registered(['final', 'incoming']));
    spec.when(register({ requiredInspections: [] }), { facts }).then(registered(['final']));
  });
  it('without a plan in force needs the inspections named', () => {
    spec.when(register(), { facts: { plan: noPlan } }).thenRefused('NO_CONTROL_PLAN_IN_FORCE', { itemId });
    spec.when(register({ requiredInspections: ['incoming'] }), { facts: { plan: noPlan } }).then(registered(['incoming']));
  });
  it('counts in the unit of the item', () =>
    spec.when(register({ unit: 'kg' }), { facts: { plan: planInForce(['final']) } }).thenRefused('UNIT_MISMATCH', { expected: 'pcs', given: 'kg' }));
  it('happens once', () => {
    spec.given(registered()).when(register(), { facts: { plan: noPlan } }).thenRefused('LOT_ALREADY_REGISTERED', { number: 'L-2026-0117' });
    spec.repeating(register(), { facts: { plan: planInForce(['final']) } });
  });
});

describe('a lot that nobody registered', () => {
  it.each<LotCommand>([hold(), lift(), release('1'), grant(), result('accepted'), allocate('1'), dispose('scrap', '1')])('is not known to $type', (command) =>
    spec.when(command).thenRefused('LOT_UNKNOWN', { lotId }));
});

describe('a hold', () => {
  it('lies on its quantity and leaves the rest of the lot free', () => {
    spec.given(...acceptedLot).when(hold('40')).then(held('40'));
    spec.given(...acceptedLot, held('40')).when(release('460')).then(released('460'));
    spec.given(...acceptedLot, held('40')).when(release('460.1')).thenRefused('QUANTITY_NOT_FREE', { free: '460', held: '40', rejected: '0' });
  });
  it('holds no more than there is, and nothing when all is gone', () => {
    spec.given(registered()).when(hold('900')).then(held('500'));
    spec.given(registered(), rejected(), disposed('scrap', '200')).when(hold('900')).then(held('300'));
    spec.given(registered(), rejected(), disposed('scrap', '500')).when(hold('1')).thenNothing();
  });
  it('stands for itself: when two want the same quantity, lifting one leaves it held by the other', () => {
    spec.given(...acceptedLot, held('500')).when(hold('40', secondHold)).then(held('40', secondHold));
    const oneLifted = spec.given(...acceptedLot, held('500'), held('40', secondHold), holdLifted({ lotId, holdId: firstHold, quantity: '500', reason: 'sorted' }));
    oneLifted.when(release('500')).thenRefused('QUANTITY_NOT_FREE', { free: '460', held: '40', rejected: '0' });
    oneLifted.when(release('460')).then(released('460'));
  });
  it('is lifted by a person, with the quantity that it held', () => {
    spec.given(registered(), held('40')).when(lift()).then(lifted);
    spec.given(registered(), held('40')).when(lift(), { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
    spec.given(registered(), held('40')).when(lift(secondHold)).thenRefused('HOLD_UNKNOWN', { holdId: secondHold });
  });
  it('that was lifted frees its quantity, and does not come back under its old id', () => {
    spec.given(...acceptedLot, held('40'), lifted).when(release('500')).then(released('500'));
    spec.given(registered(), held('40'), lifted).when(hold('40')).thenRefused('HOLD_ALREADY_LIFTED', { holdId: firstHold });
  });
  it('placed or lifted twice changes nothing the second time', () => {
    spec.given(registered()).repeating(hold());
    spec.given(registered(), held()).when(hold('300')).thenNothing();
    spec.given(registered(), held()).repeating(lift());
  });
});

describe('an inspection result', () => {
  const twoStages = spec.given(registered(['incoming', 'final']));
  it('accepts the lot with the last inspection that it needs, in any order', () => {
    twoStages.when(result('accepted')).then(passed());
    spec.given(registered(['incoming', 'final']), passed('incoming', true, lateInspection)).when(result('accepted')).then(passed(), accepted());
  });
  it('rejects all that waits for it', () => twoStages.when(result('rejected')).then(rejected()));
  it('of an inspection that has been counted changes nothing', () => {
    spec.given(registered()).repeating(result('accepted'));
    spec.given(registered()).repeating(result('rejected'));
    spec.given(...acceptedLot).repeating(result('rejected', { inspectionId: lateInspection }));
  });
  it('accepting a lot that was rejected does not accept it: what is rejected needs a disposition', () => {
    spec.given(registered(), rejected()).when(result('accepted', { inspectionId: lateInspection })).then(passed('final', true, lateInspection));
  });
  it('rejecting a lot that was rejected already changes nothing', () =>
    spec.given(registered(), rejected()).when(result('rejected', { inspectionId: lateInspection })).thenNothing());
});

describe('a late result that rejects', () => {
  const late = result('rejected', { inspectionId: lateInspection });
  it('is taken, opens a reassessment and holds what no delivery has yet, released or not', () => {
    spec.given(...acceptedLot).when(late).then(reassessed('0'), heldByLateResult('500'));
    spec.given(...acceptedLot, released('300'), allocated('200')).when(late).then(reassessed('300', '200'), heldByLateResult('300'));
  });
  it('holds nothing when everything was set aside for deliveries', () =>
    spec.given(...acceptedLot, released('500'), allocated('500')).when(late).then(reassessed('500', '500')));
  it('stops what was released from being set aside for deliveries', () =>
    spec.given(...acceptedLot, released('300'), reassessed('300'), heldByLateResult('500')).when(allocate('1'))
      .thenRefused('QUANTITY_NOT_RELEASED', { released: '300', unallocated: '0', held: '500' }));
  it('after a release by concession rejects what waited and reassesses what went', () =>
    spec.given(registered(), granted(), released('100', concessionId)).when(late).then(rejected('400', lateInspection), reassessed('100'), heldByLateResult('100')));
  it('leaves alone what went by concession once the inspection has accepted it', () => {
    const inspected = [registered(), granted(), released('100', concessionId), passed(), accepted('400'), disposed('rework', '40', '0')];
    spec.given(...inspected).when(late).then(rejected('40', lateInspection));
  });
  it('of reworked quantity leaves alone what had been released before', () =>
    spec.given(...acceptedLot, released('460'), disposed('rework', '40', '0')).when(late).then(rejected('40', lateInspection)));
});

describe('releasing', () => {
  it('takes what is accepted and free, down to the last of it', () => {
    spec.given(...acceptedLot).when(release('500')).then(released('500'));
    spec.given(...acceptedLot, released('499.5')).when(release('0.5')).then(released('0.5'));
    spec.given(...acceptedLot, released('499.5')).when(release('0.6')).thenRefused('QUANTITY_NOT_FREE', { free: '0.5', held: '0', rejected: '0' });
    spec.given(...acceptedLot).repeating(release('500'));
  });
  it('needs every required inspection', () => {
    spec.given(registered()).when(release('1')).thenRefused('INSPECTION_MISSING', { missing: ['final'] });
    spec.given(registered(['incoming', 'final']), passed()).when(release('1')).thenRefused('INSPECTION_MISSING', { missing: ['incoming'] });
  });
  it('is done by a person', () => spec.given(...acceptedLot).when(release('1'), { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id }));
  it('takes nothing that was rejected and is not dispositioned', () => {
    spec.given(registered(), passed('final', true, lateInspection), rejected()).when(release('1')).thenRefused('QUANTITY_NOT_FREE', { free: '0', held: '0', rejected: '500' });
    spec.given(registered(), rejected(), disposed('use-as-is', '100')).when(release('101'), { facts: {} }).thenRefused('QUANTITY_NOT_FREE', { free: '100', held: '0', rejected: '400' });
    spec.given(registered(), rejected(), disposed('use-as-is', '100')).when(release('100')).then(released('100'));
  });
  it('needs gauges that were valid when they measured', () =>
    spec.given(registered(), passed('final', false), accepted()).when(release('1')).thenRefused('GAUGE_NOT_VALID_AT_MEASUREMENT', { stages: ['final'] }));
  it('is possible again once the stage was measured with a valid gauge', () => {
    const again = passed('final', true, lateInspection);
    spec.given(registered(), passed('final', false), accepted(), again).when(release('500')).then(released('500'));
    spec.given(registered(), passed('final', false), accepted(), passed('incoming', true, lateInspection)).when(release('1'))
      .thenRefused('GAUGE_NOT_VALID_AT_MEASUREMENT', { stages: ['final'] });
  });
});

describe('a concession', () => {
  const doubtful = [registered(), passed('final', false), accepted()];
  const forGauge = granted({ waives: 'GAUGE_NOT_VALID_AT_MEASUREMENT' });
  it('is granted by a named person, in time and for no more than the lot', () => {
    spec.given(registered()).when(grant()).then(granted());
    spec.given(registered()).when(grant(), { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
    spec.given(registered()).when(grant({ validUntil: atFirst })).thenRefused('CONCESSION_EXPIRED', { validUntil: atFirst });
    spec.given(registered()).when(grant({ quantity: '501' })).thenRefused('QUANTITY_NOT_IN_LOT', { quantity: '500' });
    spec.given(registered(), granted()).when(grant()).thenRefused('CONCESSION_ALREADY_GRANTED', { concessionId });
    spec.given(registered()).repeating(grant());
  });
  it('lets its quantity go before the inspection, and no more', () => {
    const given = spec.given(registered(), granted());
    given.when(release('100', concessionId)).then(released('100', concessionId));
    given.when(release('101', concessionId)).thenRefused('CONCESSION_EXCEEDED', { covers: '100' });
    spec.given(registered(), granted(), released('60', concessionId)).when(release('41', concessionId)).thenRefused('CONCESSION_EXCEEDED', { covers: '40' });
    spec.given(registered(), granted(), released('60', concessionId)).when(release('1')).thenRefused('INSPECTION_MISSING', { missing: ['final'] });
  });
  it('does not reach what is held', () =>
    spec.given(registered(), held('450'), granted()).when(release('51', concessionId)).thenRefused('QUANTITY_NOT_FREE', { free: '50', held: '450', rejected: '0' }));
  it('is in date to the last moment', () => {
    const given = spec.given(registered(), granted());
    given.when(release('1', concessionId), { at: concession.validUntil }).then(released('1', concessionId));
    given.when(release('1', concessionId), { at: '2026-04-01T00:00:00.001Z' }).thenRefused('CONCESSION_EXPIRED', { validUntil: concession.validUntil });
  });
  it('covers the rule that it names and no other', () => {
    spec.given(...doubtful, forGauge).when(release('100', concessionId)).then(released('100', concessionId));
    spec.given(...doubtful, granted()).when(release('1', concessionId)).thenRefused('GAUGE_NOT_VALID_AT_MEASUREMENT', { stages: ['final'] });
    spec.given(registered(), forGauge).when(release('1', concessionId)).thenRefused('INSPECTION_MISSING', { missing: ['final'] });
  });
  it('must be known', () => spec.given(...acceptedLot).when(release('1', concessionId)).thenRefused('CONCESSION_UNKNOWN', { concessionId }));
  it('leaves to the inspection what it did not let go', () =>
    spec.given(registered(), granted(), released('100', concessionId)).when(result('accepted')).then(passed(), accepted('400')));
});

describe('setting aside for a delivery', () => {
  it('takes what is released and not yet set aside', () => {
    spec.given(...acceptedLot, released('300')).when(allocate('300')).then(allocated('300'));
    spec.given(...acceptedLot, released('300')).when(allocate('301')).thenRefused('QUANTITY_NOT_RELEASED', { released: '300', unallocated: '300', held: '0' });
    const other = quantityAllocated({ lotId, deliveryId: lateInspection, quantity: '200' });
    spec.given(...acceptedLot, released('300'), other).when(allocate('101')).thenRefused('QUANTITY_NOT_RELEASED', { released: '300', unallocated: '100', held: '0' });
  });
  it('leaves what a hold wants beyond the unreleased quantity', () => {
    spec.given(...acceptedLot, released('300'), held('200')).when(allocate('300')).then(allocated('300'));
    spec.given(...acceptedLot, released('300'), held('250')).when(allocate('251')).thenRefused('QUANTITY_NOT_RELEASED', { released: '300', unallocated: '250', held: '250' });
  });
  it('of what went by concession is not hindered by a hold on what still waits for inspection', () =>
    spec.given(registered(), held('40'), granted(), released('100', concessionId)).when(allocate('100')).then(allocated('100')));
  it('happens once a delivery', () => {
    spec.given(...acceptedLot, released('300')).repeating(allocate('100'));
    spec.given(...acceptedLot, released('300'), allocated('100')).when(allocate('50')).thenNothing();
  });
});

describe('a disposition', () => {
  const given = spec.given(registered(), rejected());
  it('takes rejected quantity first, then accepted quantity that is still here', () => {
    given.when(dispose('scrap', '40')).then(disposed('scrap', '40'));
    const mixed = [registered(), rejected(), disposed('use-as-is', '460'), released('450')];
    const other = { nonconformityId: lateInspection };
    spec.given(...mixed).when(dispose('scrap', '50', other)).then(quantityDispositioned({ lotId, ...other, disposition: 'scrap', quantity: '50', rejected: '40' }));
    spec.given(...mixed).when(dispose('scrap', '51', other)).thenRefused('QUANTITY_NOT_IN_HOUSE', { rejected: '40', acceptedHere: '10' });
  });
  it('taken back from customers: the ledger moves what is still here', () => {
    const mixed = [registered(), rejected(), disposed('use-as-is', '460'), released('450')];
    const other = { nonconformityId: lateInspection };
    spec.given(...mixed).when(dispose('return', '500', other)).then(quantityDispositioned({ lotId, ...other, disposition: 'return', quantity: '50', rejected: '40' }));
    spec.given(registered(), passed('final'), accepted(), released('500')).when(dispose('return', '500', other)).thenNothing();
  });
  it('use as is: may be released; scrapped or returned: is gone; rework: is inspected again', () => {
    spec.given(registered(), rejected(), disposed('use-as-is', '500')).when(release('500')).then(released('500'));
    spec.given(registered(), rejected(), disposed('scrap', '500')).when(dispose('scrap', '1', { nonconformityId: lateInspection }))
      .thenRefused('QUANTITY_NOT_IN_HOUSE', { rejected: '0', acceptedHere: '0' });
    spec.given(registered(), rejected(), disposed('return', '500')).when(release('1')).thenRefused('INSPECTION_MISSING', { missing: ['final'] });
    spec.given(registered(), rejected(), disposed('rework', '500')).when(release('1')).thenRefused('INSPECTION_MISSING', { missing: ['final'] });
    spec.given(registered(), rejected(), disposed('rework', '500')).when(result('accepted')).then(passed(), accepted());
  });
  it('rework of the whole lot ends the doubt about gauges, of a part of it does not', () => {
    const doubtful = [registered(), passed('incoming', false, lateInspection), passed('final', false), accepted()];
    spec.given(...doubtful, disposed('rework', '500', '0'), passed(), accepted()).when(release('500')).then(released('500'));
    spec.given(...doubtful, disposed('rework', '40', '0')).when(release('1')).thenRefused('GAUGE_NOT_VALID_AT_MEASUREMENT', { stages: ['incoming', 'final'] });
  });
  it('is carried out once; several decisions about one nonconformity each once', () => {
    given.repeating(dispose('rework', '40'));
    given.repeating(dispose('scrap', '40', { dispositionId: firstHold }));
    spec.given(registered(), rejected(), quantityDispositioned({ lotId, nonconformityId, dispositionId: firstHold, disposition: 'scrap', quantity: '30', rejected: '30' }))
      .when(dispose('scrap', '10', { dispositionId: secondHold }))
      .then(quantityDispositioned({ lotId, nonconformityId, dispositionId: secondHold, disposition: 'scrap', quantity: '10', rejected: '10' }));
  });
});
