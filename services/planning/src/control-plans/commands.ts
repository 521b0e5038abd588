import { CodeField, DecimalField, ListOf, OneOfField, SomeOfField, TextField, Uuid, Whole } from '@touchstone/platform';
import type { Decimal } from '@touchstone/kernel';

export const stages = ['incoming', 'in-process', 'final'] as const;
export const severities = ['minor', 'major', 'critical'] as const;
export const charts = ['xbar-r', 'individuals', 'none'] as const;
export const signalReactions = ['task', 'task-and-hold'] as const;

/** One characteristic as the plan wants it measured; method, gauge class, sample and reaction are never left out. */
export class PlannedCharacteristic {
  @CodeField({ description: 'short name, unique in the plan, e.g. diameter' }) characteristicId!: string;
  @TextField({ description: 'as people call it' }) name!: string;
  @CodeField({ description: 'of measurement, e.g. mm' }) unit!: string;
  @DecimalField({ optional: true, description: 'lower specification limit, in unit' }) lower?: Decimal;
  @DecimalField({ optional: true, description: 'upper specification limit, in unit' }) upper?: Decimal;
  @DecimalField({ optional: true, description: 'in unit' }) target?: Decimal;
  @OneOfField(severities, { description: 'of failing the specification' }) severity!: (typeof severities)[number];
  @TextField({ description: 'how it is measured' }) method!: string;
  @TextField({ description: 'what it is measured with' }) gaugeClass!: string;
  @Whole({ min: 1, max: 100, description: 'values a sample' }) sampleSize!: number;
  @Whole({ min: 0, max: 10_000, description: 'samples out of specification at which the inspection still accepts' }) acceptanceNumber!: number;
  @OneOfField(charts, { description: 'control chart kept' }) chart!: (typeof charts)[number];
  @OneOfField(signalReactions, { description: 'what a signal of the chart leads to' }) onSignal!: (typeof signalReactions)[number];
  @TextField({ description: 'reaction plan: what to do at a signal' }) reaction!: string;
}

/** Write the next revision of the item's plan. Nothing is inspected by it yet. */
export class DraftControlPlan {
  readonly type = 'DraftControlPlan';
  @Uuid() itemId!: string;
  @TextField() title!: string;
  @SomeOfField(stages, { description: 'inspections that must accept a lot before release' }) requiredInspections!: (typeof stages)[number][];
  @ListOf(() => PlannedCharacteristic, { min: 1, max: 200 }) characteristics!: PlannedCharacteristic[];
}

/** Take responsibility for a revision that somebody else wrote. */
export class ApproveControlPlan {
  readonly type = 'ApproveControlPlan';
  @Uuid() itemId!: string;
  @Whole({ min: 1, max: 1_000_000, description: 'of the plan' }) revision!: number;
}

/** From now on the item is inspected by this revision; the one before is superseded. */
export class PutControlPlanInForce {
  readonly type = 'PutControlPlanInForce';
  @Uuid() itemId!: string;
  @Whole({ min: 1, max: 1_000_000, description: 'of the plan' }) revision!: number;
}

/** Write down what was learned about a characteristic, for whoever drafts the next revision. Also sent by a reaction. */
export class NoteCharacteristic {
  readonly type = 'NoteCharacteristic';
  @Uuid() itemId!: string;
  @CodeField() characteristicId!: string;
  @TextField({ max: 2_000 }) note!: string;
  @CodeField({ description: 'id of the corrective action, complaint or study it was learned from' }) causeId!: string;
}

export type ControlPlanCommand = DraftControlPlan | ApproveControlPlan | PutControlPlanInForce | NoteCharacteristic;
export const controlPlanCommands = { DraftControlPlan, ApproveControlPlan, PutControlPlanInForce, NoteCharacteristic };
