import type { By, Decider, Decimal, Fact, Refusal } from '@touchstone/kernel';
import { equals, greater, isSystem, less, refuse, unreachable } from '@touchstone/kernel';
import type { Characteristic } from '@touchstone/contracts';
import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import type { LotRegistered } from '@touchstone/contracts/control';
import { inspectionCompleted, inspectionStarted, measurementCorrected, measurementsRecorded, resultOutOfSpecification } from '@touchstone/contracts/control';
import type { CorrectMeasurement, InspectionCommand, RecordMeasurements, StartInspection } from './commands.js';
import type { InspectionEvent } from './events.js';

export interface Inspection {
  readonly status: 'open' | 'completed' | 'voided';
  readonly inspectionId: string;
  readonly lotId: string;
  readonly itemId: string;
  readonly stage: 'incoming' | 'in-process' | 'final';
  readonly characteristics: readonly Characteristic[];
  /** By characteristic: its samples in order, with the values as they hold now. */
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  readonly gaugesValid: boolean;
}

export interface Sample {
  readonly values: readonly Decimal[];
  readonly represents: Decimal;
}

export type InspectionFacts = {
  readonly lot?: Fact<LotRegistered['data'] | null>;
  readonly plan?: Fact<ControlPlanInForce['data'] | null>;
};

type Decision = readonly InspectionEvent[] | Refusal;

export const inspection: Decider<Inspection | undefined, InspectionCommand, InspectionEvent, InspectionFacts> = {
  name: 'control.inspection',
  version: 1,
  initialState: () => undefined,
  evolve,
  decide(state, command, facts, by) {
    if (command.type === 'StartInspection') return start(state, command, facts);
    if (!state) return refuse('INSPECTION_UNKNOWN', { inspectionId: command.inspectionId });
    if (state.status === 'voided') return refuse('INSPECTION_VOIDED', { inspectionId: state.inspectionId });
    switch (command.type) {
      case 'RecordMeasurements': return record(state, command, by);
      case 'CorrectMeasurement': return correct(state, command);
      case 'CompleteInspection': return complete(state, by);
      case 'VoidInspection':
        return state.status === 'completed' ? refuse('INSPECTION_COMPLETED', { inspectionId: state.inspectionId }) : [{ type: 'control.InspectionVoided.v1', data: { inspectionId: state.inspectionId, reason: command.reason } }];
      default: return unreachable(command);
    }
  },
};

function evolve(state: Inspection | undefined, event: InspectionEvent): Inspection {
  if (event.type === 'control.InspectionStarted.v1') {
    const { inspectionId, lotId, itemId, stage, characteristics } = event.data;
    return { status: 'open', inspectionId, lotId, itemId, stage, characteristics, samples: {}, gaugesValid: true };
  }
  if (!state) throw new Error(`${event.type} before the inspection started`);
  switch (event.type) {
    case 'control.MeasurementsRecorded.v1': {
      const { characteristicId, values, represents, gaugeValid } = event.data;
      const samples = { ...state.samples, [characteristicId]: [...samplesOf(state, characteristicId), { values, represents }] };
      return { ...state, samples, gaugesValid: state.gaugesValid && gaugeValid };
    }
    case 'control.MeasurementCorrected.v1': {
      const { characteristicId, sample, index, now } = event.data;
      const corrected = samplesOf(state, characteristicId).map((each, at) => (at === sample - 1 ? { ...each, values: each.values.with(index, now) } : each));
      return { ...state, samples: { ...state.samples, [characteristicId]: corrected } };
    }
    case 'control.ResultOutOfSpecification.v1': return state;
    case 'control.InspectionCompleted.v1': return { ...state, status: 'completed' };
    case 'control.InspectionVoided.v1': return { ...state, status: 'voided' };
    default: return unreachable(event);
  }
}

function start(state: Inspection | undefined, { inspectionId, lotId, stage }: StartInspection, { lot, plan }: InspectionFacts): Decision {
  if (state) return refuse('INSPECTION_ALREADY_STARTED', { inspectionId });
  if (!lot?.value) return refuse('LOT_UNKNOWN', { lotId });
  const { itemId, site } = lot.value;
  if (!plan?.value) return refuse('NO_CONTROL_PLAN_IN_FORCE', { itemId });
  const { revision, characteristics } = plan.value;
  return [inspectionStarted({ inspectionId, lotId, itemId, stage, planRevision: revision, characteristics, site })];
}

function record(state: Inspection, command: RecordMeasurements, by: By): Decision {
  const { inspectionId, lotId, itemId } = state;
  const { characteristicId, values, unit, represents, gaugeId, gaugeCalibratedUntil } = command;
  if (state.status === 'completed') return refuse('INSPECTION_COMPLETED', { inspectionId });
  const characteristic = characteristicOf(state, characteristicId);
  if (!characteristic) return refuse('CHARACTERISTIC_NOT_IN_PLAN', { characteristicId, plan: state.characteristics.map((each) => each.characteristicId) });
  if (unit !== characteristic.unit) return refuse('UNIT_MISMATCH', { expected: characteristic.unit, given: unit });
  if (values.length !== characteristic.sampleSize) return refuse('SAMPLE_SIZE_DIFFERS', { expected: characteristic.sampleSize, given: values.length });
  const sample = samplesOf(state, characteristicId).length + 1;
  const recorded = measurementsRecorded({
    inspectionId, lotId, itemId, characteristicId, sample, values, unit, represents, gaugeId, gaugeValid: gaugeCalibratedUntil >= by.at,
  });
  return [recorded, ...outOfSpecification(state, characteristic, sample, values, represents)];
}

function correct(state: Inspection, { characteristicId, sample, index, value, reason }: CorrectMeasurement): Decision {
  const { inspectionId, lotId, itemId } = state;
  const characteristic = characteristicOf(state, characteristicId);
  const recorded = samplesOf(state, characteristicId)[sample - 1];
  const was = recorded?.values[index];
  if (!characteristic || !recorded || was === undefined) return refuse('MEASUREMENT_UNKNOWN', { characteristicId, sample, index });
  if (equals(was, value)) return [];
  const values = recorded.values.with(index, value);
  const failedBefore = failing(characteristic, recorded.values).length > 0;
  return [
    measurementCorrected({ inspectionId, lotId, itemId, characteristicId, sample, index, was, now: value, reason }),
    ...(failedBefore ? [] : outOfSpecification(state, characteristic, sample, values, recorded.represents)),
  ];
}

function complete(state: Inspection, by: By): Decision {
  const { inspectionId, lotId, itemId, stage, characteristics, gaugesValid } = state;
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (state.status === 'completed') return [];
  const missing = characteristics.filter(({ characteristicId }) => samplesOf(state, characteristicId).length === 0).map((each) => each.characteristicId);
  if (missing.length > 0) return refuse('CHARACTERISTIC_NOT_MEASURED', { missing });
  const failed = characteristics.map((each) => ({ each, count: samplesOf(state, each.characteristicId).filter(({ values }) => failing(each, values).length > 0).length }));
  const rejected = failed.some(({ each, count }) => count > each.acceptanceNumber);
  return [
    inspectionCompleted({
      inspectionId, lotId, itemId, stage, outcome: rejected ? 'rejected' : 'accepted', gaugesValid,
      samples: Object.values(state.samples).reduce((total, samples) => total + samples.length, 0),
      outOfSpecification: failed.filter(({ count }) => count > 0).map(({ each }) => each.characteristicId),
      inspectorId: by.actor.id, inspectorName: by.actor.name ?? by.actor.id,
    }),
  ];
}

function outOfSpecification(state: Inspection, characteristic: Characteristic, sample: number, values: readonly Decimal[], represents: Decimal): InspectionEvent[] {
  const failed = failing(characteristic, values);
  const { characteristicId, unit, lower, upper, severity } = characteristic;
  const { inspectionId, lotId, itemId } = state;
  const limits = { ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }) };
  return failed.length === 0 ? [] : [resultOutOfSpecification({ inspectionId, lotId, itemId, characteristicId, sample, values: failed, unit, ...limits, severity, represents })];
}

/** Values outside the specification limits; a value on a limit conforms. */
const failing = ({ lower, upper }: Characteristic, values: readonly Decimal[]): Decimal[] =>
  values.filter((value) => (lower !== undefined && less(value, lower)) || (upper !== undefined && greater(value, upper)));

const characteristicOf = (state: Inspection, characteristicId: string) => state.characteristics.find((each) => each.characteristicId === characteristicId);
const samplesOf = (state: Inspection, characteristicId: string): readonly Sample[] => state.samples[characteristicId] ?? [];
