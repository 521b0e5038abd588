import type { Actor, Fact } from '@touchstone/kernel';
import type { Characteristic } from '@touchstone/contracts';
import { contracts, sampleCharacteristic } from '@touchstone/contracts';
import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import type { LotRegistered } from '@touchstone/contracts/control';
import { inspectionCompleted, inspectionStarted, measurementCorrected, measurementsRecorded, resultOutOfSpecification } from '@touchstone/contracts/control';
import { atFirst, deciderSpec } from '@touchstone/testing';
import type { CompleteInspection, CorrectMeasurement, InspectionCommand, RecordMeasurements, StartInspection, VoidInspection } from './commands.js';
import { inspection } from './decider.js';
import type { InspectionEvent } from './events.js';

const [inspectionId, lotId, itemId] = ['7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02'];
const ada: Actor = { id: 'inspector-1', name: 'Ada Muster', roles: ['inspector'] };
const system: Actor = { id: 'system:control:some-reaction', roles: ['system'] };

/** Diameter: 73.95 to 74.05 mm, five values a sample, one bad sample passes. Hardness: at least 60 HRC, one value, none passes. */
const diameter: Characteristic = sampleCharacteristic;
const { upper: _, target: _target, ...oneSided } = diameter;
const hardness: Characteristic = { ...oneSided, characteristicId: 'hardness', name: 'Hardness', unit: 'HRC', lower: '60', severity: 'critical', sampleSize: 1, acceptanceNumber: 0, chart: 'none' };

const lotFact: Fact<LotRegistered['data']> = {
  value: { lotId, number: 'L-2026-0117', itemId, quantity: '500', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] },
  refs: [{ stream: `lot-${lotId}`, version: 1 }], seq: 1,
};
const planFact: Fact<ControlPlanInForce['data']> = {
  value: { itemId, revision: 4, title: 'Piston ring', unit: 'pcs', requiredInspections: ['final'], characteristics: [diameter, hardness], author: 'planner-1', approvedBy: 'manager-1' },
  refs: [{ stream: `planning/controlPlan-${itemId}`, version: 3 }], seq: 3,
};
const none = { value: null, refs: [], seq: 1 };

const start: StartInspection = { type: 'StartInspection', inspectionId, lotId, stage: 'final' };
const good = ['74.03', '74.002', '74.019', '73.992', '74.008'] as const;
const bad = ['74.03', '74.002', '74.062', '73.992', '74.008'] as const;
const record = (values: readonly string[] = good, rest: Partial<RecordMeasurements> = {}): RecordMeasurements => ({
  type: 'RecordMeasurements', inspectionId, characteristicId: 'diameter', values: [...values], unit: 'mm', represents: '100', gaugeId: 'MIC-07',
  gaugeCalibratedUntil: '2026-06-30T00:00:00.000Z', ...rest,
});
const recordHardness = (value: string) => record([value], { characteristicId: 'hardness', unit: 'HRC' });
const correct = (rest: Partial<CorrectMeasurement> = {}): CorrectMeasurement => ({
  type: 'CorrectMeasurement', inspectionId, characteristicId: 'diameter', sample: 1, index: 2, value: '74.026', reason: 'digits swapped when typing', ...rest,
});
const complete: CompleteInspection = { type: 'CompleteInspection', inspectionId };
const voiding: VoidInspection = { type: 'VoidInspection', inspectionId, reason: 'measured the wrong lot' };

const about = { inspectionId, lotId, itemId };
const started = inspectionStarted({ ...about, stage: 'final', planRevision: 4, characteristics: [diameter, hardness], site: 'ulm' });
const recorded = (sample: number, values: readonly string[] = good, rest: { gaugeValid?: boolean } = {}) => measurementsRecorded({
  ...about, characteristicId: 'diameter', sample, values: [...values], unit: 'mm', represents: '100', gaugeId: 'MIC-07', gaugeValid: true, ...rest,
});
const hardnessRecorded = (value: string) =>
  measurementsRecorded({ ...about, characteristicId: 'hardness', sample: 1, values: [value], unit: 'HRC', represents: '100', gaugeId: 'MIC-07', gaugeValid: true });
const outOfSpecification = (sample: number, ...values: string[]) => resultOutOfSpecification({
  ...about, characteristicId: 'diameter', sample, values, unit: 'mm', lower: '73.95', upper: '74.05', severity: 'major', represents: '100',
});
const corrected = (was: string, now: string, sample = 1, index = 2) =>
  measurementCorrected({ ...about, characteristicId: 'diameter', sample, index, was, now, reason: 'digits swapped when typing' });
const completed = (outcome: 'accepted' | 'rejected', samples: number, out: string[] = [], gaugesValid = true) => inspectionCompleted({
  ...about, stage: 'final', outcome, samples, outOfSpecification: out, gaugesValid, inspectorId: 'inspector-1', inspectorName: 'Ada Muster',
});
const voided: InspectionEvent = { type: 'control.InspectionVoided.v1', data: { inspectionId, reason: 'measured the wrong lot' } };

const spec = deciderSpec(inspection, { contracts });

describe('starting an inspection', () => {
  const facts = { lot: lotFact, plan: planFact };
  it('pins the revision of the control plan that is in force', () => spec.when(start, { facts }).then(started));
  it('needs a lot that is registered', () => spec.when(start, { facts: { lot: none } }).thenRefused('LOT_UNKNOWN', { lotId }));
  it('needs a control plan in force', () => spec.when(start, { facts: { lot: lotFact, plan: none } }).thenRefused('NO_CONTROL_PLAN_IN_FORCE', { itemId }));
  it('happens once', () => {
    spec.given(started).when(start, { facts }).thenRefused('INSPECTION_ALREADY_STARTED', { inspectionId });
    spec.repeating(start, { facts });
  });
});

describe('an inspection that nobody started', () => {
  it.each<InspectionCommand>([record(), correct(), complete, voiding])('is not known to $type', (command) => spec.when(command).thenRefused('INSPECTION_UNKNOWN', { inspectionId }));
});

describe('measurements', () => {
  const given = spec.given(started);
  it('are recorded, sample after sample of each characteristic', () => {
    given.when(record()).then(recorded(1));
    spec.given(started, recorded(1), hardnessRecorded('61')).when(record()).then(recorded(2));
  });
  it('out of specification are named, with the limits, and hold for what the sample represents', () =>
    given.when(record(['74.062', '74', '73.9', '74', '74'])).then(recorded(1, ['74.062', '74', '73.9', '74', '74']), outOfSpecification(1, '74.062', '73.9')));
  it('on a limit conform', () => given.when(record(['74.05', '73.95', '74', '74', '74'])).then(recorded(1, ['74.05', '73.95', '74', '74', '74'])));
  it('are compared exactly, to the last digit', () =>
    given.when(record(['74.050000000001', '74', '74', '74', '74'])).then(recorded(1, ['74.050000000001', '74', '74', '74', '74']), outOfSpecification(1, '74.050000000001')));
  it('of a characteristic with one limit fail on its side only', () => {
    given.when(recordHardness('99')).then(hardnessRecorded('99'));
    given.when(recordHardness('59.9')).then(hardnessRecorded('59.9'), resultOutOfSpecification({
      ...about, characteristicId: 'hardness', sample: 1, values: ['59.9'], unit: 'HRC', lower: '60', severity: 'critical', represents: '100',
    }));
  });
  it('are of the plan, in its unit, and as many as it asks for', () => {
    given.when(record(good, { characteristicId: 'width' })).thenRefused('CHARACTERISTIC_NOT_IN_PLAN', { characteristicId: 'width', plan: ['diameter', 'hardness'] });
    given.when(record(good, { unit: 'cm' })).thenRefused('UNIT_MISMATCH', { expected: 'mm', given: 'cm' });
    given.when(record(['74'])).thenRefused('SAMPLE_SIZE_DIFFERS', { expected: 5, given: 1 });
  });
  it('tell whether their gauge was in date when it measured, to the last moment', () => {
    given.when(record(good, { gaugeCalibratedUntil: atFirst })).then(recorded(1));
    given.when(record(good, { gaugeCalibratedUntil: atFirst }), { at: '2026-03-02T08:00:00.001Z' }).then(recorded(1, good, { gaugeValid: false }));
  });
  it('are not added to an inspection that is completed or voided', () => {
    spec.given(started, recorded(1), hardnessRecorded('61'), completed('accepted', 2)).when(record()).thenRefused('INSPECTION_COMPLETED', { inspectionId });
    spec.given(started, voided).when(record()).thenRefused('INSPECTION_VOIDED', { inspectionId });
  });
});

describe('a correction', () => {
  const given = spec.given(started, recorded(1, bad), outOfSpecification(1, '74.062'));
  it('keeps the value that was recorded beside the one that holds', () => given.when(correct()).then(corrected('74.062', '74.026')));
  it('is followed by another from the value that holds', () =>
    spec.given(started, recorded(1, bad), outOfSpecification(1, '74.062'), corrected('74.062', '74.026')).when(correct({ value: '74.027' })).then(corrected('74.026', '74.027')));
  it('that brings a sample out of specification says so', () =>
    spec.given(started, recorded(1)).when(correct({ value: '74.07' })).then(corrected('74.019', '74.07'), outOfSpecification(1, '74.07')));
  it('within a sample that was out of specification already does not say it again', () => given.when(correct({ value: '74.07' })).then(corrected('74.062', '74.07')));
  it('to the value that holds changes nothing, however it is written', () => {
    given.when(correct({ value: '74.0620' })).thenNothing();
    given.repeating(correct());
  });
  it('names a value that was recorded', () => {
    given.when(correct({ characteristicId: 'width' })).thenRefused('MEASUREMENT_UNKNOWN', { characteristicId: 'width', sample: 1, index: 2 });
    given.when(correct({ sample: 2 })).thenRefused('MEASUREMENT_UNKNOWN', { characteristicId: 'diameter', sample: 2, index: 2 });
    given.when(correct({ index: 5 })).thenRefused('MEASUREMENT_UNKNOWN', { characteristicId: 'diameter', sample: 1, index: 5 });
  });
  it('is possible after completion, so that a late finding still holds its quantity', () =>
    spec.given(started, recorded(1), hardnessRecorded('61'), completed('accepted', 2)).when(correct({ value: '74.07' })).then(corrected('74.019', '74.07'), outOfSpecification(1, '74.07')));
  it('of a voided inspection has no use', () => spec.given(started, recorded(1), voided).when(correct()).thenRefused('INSPECTION_VOIDED', { inspectionId }));
});

describe('completing', () => {
  const by = { actor: ada };
  const oneBad = [started, recorded(1, bad), outOfSpecification(1, '74.062'), recorded(2), hardnessRecorded('61')];
  it('accepts when as many samples failed as the plan lets pass', () => spec.given(...oneBad).when(complete, by).then(completed('accepted', 3, ['diameter'])));
  it('rejects when one more failed', () =>
    spec.given(...oneBad, recorded(3, bad), outOfSpecification(3, '74.062')).when(complete, by).then(completed('rejected', 4, ['diameter'])));
  it('judges each characteristic by its own number', () =>
    spec.given(started, recorded(1), hardnessRecorded('59')).when(complete, by).then(completed('rejected', 2, ['hardness'])));
  it('judges the values as they hold after correction', () => {
    spec.given(...oneBad, corrected('74.062', '74.026')).when(complete, by).then(completed('accepted', 3));
    spec.given(...oneBad, corrected('74.019', '74.07', 2)).when(complete, by).then(completed('rejected', 3, ['diameter']));
  });
  it('needs every characteristic measured', () => {
    spec.given(started).when(complete, by).thenRefused('CHARACTERISTIC_NOT_MEASURED', { missing: ['diameter', 'hardness'] });
    spec.given(started, recorded(1)).when(complete, by).thenRefused('CHARACTERISTIC_NOT_MEASURED', { missing: ['hardness'] });
  });
  it('tells when one gauge was out of date', () =>
    spec.given(started, recorded(1, good, { gaugeValid: false }), recorded(2), hardnessRecorded('61')).when(complete, by).then(completed('accepted', 3, [], false)));
  it('is done by a person, who is named', () => {
    spec.given(...oneBad).when(complete, { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
    const nameless = completed('accepted', 3, ['diameter']);
    spec.given(...oneBad).when(complete).then({ ...nameless, data: { ...nameless.data, inspectorName: 'inspector-1' } });
  });
  it('happens once', () => {
    spec.given(...oneBad).repeating(complete, by);
    spec.given(started, voided).when(complete, by).thenRefused('INSPECTION_VOIDED', { inspectionId });
  });
});

describe('voiding', () => {
  it('keeps the reason', () => spec.given(started, recorded(1)).when(voiding).then(voided));
  it('happens once', () => {
    spec.given(started, voided).when(voiding).thenRefused('INSPECTION_VOIDED', { inspectionId });
    spec.given(started).repeating(voiding);
  });
  it('comes too late once the lot was judged by it', () =>
    spec.given(started, recorded(1), hardnessRecorded('61'), completed('accepted', 2)).when(voiding).thenRefused('INSPECTION_COMPLETED', { inspectionId }));
});
