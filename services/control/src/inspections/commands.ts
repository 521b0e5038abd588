import { CodeField, DateTime, DecimalField, Decimals, OneOfField, Quantity, TextField, Uuid, Whole } from '@touchstone/platform';
import type { Decimal, Instant } from '@touchstone/kernel';

export const stages = ['incoming', 'in-process', 'final'] as const;

/** Begin to inspect a lot; pins the revision of the control plan that is in force now. */
export class StartInspection {
  readonly type = 'StartInspection';
  @Uuid() inspectionId!: string;
  @Uuid() lotId!: string;
  @OneOfField(stages) stage!: (typeof stages)[number];
}

/** One sample of one characteristic. `represents`: the quantity of the lot that the sample stands for. */
export class RecordMeasurements {
  readonly type = 'RecordMeasurements';
  @Uuid() inspectionId!: string;
  @CodeField() characteristicId!: string;
  @Decimals() values!: Decimal[];
  @CodeField({ description: 'unit of the values; must be the plan\'s' }) unit!: string;
  @Quantity() represents!: Decimal;
  @CodeField() gaugeId!: string;
  @DateTime({ description: 'until when the gauge is calibrated' }) gaugeCalibratedUntil!: Instant;
}

/** A recorded value was wrong. The old one stays visible. */
export class CorrectMeasurement {
  readonly type = 'CorrectMeasurement';
  @Uuid() inspectionId!: string;
  @CodeField() characteristicId!: string;
  @Whole({ min: 1, max: 100_000, description: 'number of the sample' }) sample!: number;
  @Whole({ min: 0, max: 99, description: 'place of the value in the sample, from 0' }) index!: number;
  @DecimalField() value!: Decimal;
  @TextField() reason!: string;
}

/** Judge the lot by what was measured. */
export class CompleteInspection {
  readonly type = 'CompleteInspection';
  @Uuid() inspectionId!: string;
}

/** The inspection was done wrongly and counts for nothing. */
export class VoidInspection {
  readonly type = 'VoidInspection';
  @Uuid() inspectionId!: string;
  @TextField() reason!: string;
}

export type InspectionCommand = StartInspection | RecordMeasurements | CorrectMeasurement | CompleteInspection | VoidInspection;
export const inspectionCommands = { StartInspection, RecordMeasurements, CorrectMeasurement, CompleteInspection, VoidInspection };
