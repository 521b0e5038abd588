import { CodeField, DateTime, Flag, OneOfField, Quantity, SomeOfField, TextField, Uuid, Codes } from '@touchstone/platform';
import { Personal } from '@touchstone/event-store';
import type { Decimal, Instant } from '@touchstone/kernel';

export const stages = ['incoming', 'in-process', 'final'] as const;
export type Stage = (typeof stages)[number];

/** A lot was made or received. It needs the inspections of the control plan in force, and those that are given beside. */
export class RegisterLot {
  readonly type = 'RegisterLot';
  @Uuid() lotId!: string;
  @CodeField({ description: 'as printed on the lot; unique' }) number!: string;
  @Uuid() itemId!: string;
  @CodeField({ optional: true }) itemRevision?: string;
  @Quantity() quantity!: Decimal;
  @CodeField({ description: 'the unit in which the item is counted' }) unit!: string;
  @CodeField() site!: string;
  @CodeField({ optional: true }) supplierId?: string;
  @SomeOfField(stages, { optional: true }) requiredInspections?: Stage[];
}

/** Nobody may release this quantity until the hold is lifted. Anybody may stop the line. */
export class HoldQuantity {
  readonly type = 'HoldQuantity';
  @Uuid() lotId!: string;
  @Uuid() holdId!: string;
  @Quantity() quantity!: Decimal;
  @OneOfField(['out-of-specification', 'signal', 'nonconformity', 'person']) cause!: 'out-of-specification' | 'signal' | 'nonconformity' | 'person';
  @CodeField() causeId!: string;
  @TextField() reason!: string;
}

export class LiftHold {
  readonly type = 'LiftHold';
  @Uuid() lotId!: string;
  @Uuid() holdId!: string;
  @TextField() reason!: string;
}

/** Release part of a lot for shipping. `concessionId`: covers what would otherwise block it. */
export class ReleaseQuantity {
  readonly type = 'ReleaseQuantity';
  @Uuid() lotId!: string;
  @Quantity() quantity!: Decimal;
  @Uuid({ optional: true }) concessionId?: string;
}

export const waivable = ['GAUGE_NOT_VALID_AT_MEASUREMENT', 'INSPECTION_MISSING', 'REASSESSMENT_OPEN'] as const;

/** Let a quantity of the lot be released although a rule stands against it; for a limited time, by a named person. */
export class GrantConcession {
  readonly type = 'GrantConcession';
  @Uuid() lotId!: string;
  @Uuid() concessionId!: string;
  @OneOfField(['deviation-permit', 'concession']) kind!: 'deviation-permit' | 'concession';
  @Quantity() quantity!: Decimal;
  @OneOfField(waivable) waives!: (typeof waivable)[number];
  @TextField() reason!: string;
  @DateTime() validUntil!: Instant;
}

/** What an inspection found about the lot. Sent by a reaction; a late one is taken too. */
export class RecordInspectionResult {
  readonly type = 'RecordInspectionResult';
  @Uuid() lotId!: string;
  @Uuid() inspectionId!: string;
  @OneOfField(stages) stage!: Stage;
  @OneOfField(['accepted', 'rejected']) outcome!: 'accepted' | 'rejected';
  @Flag() gaugesValid!: boolean;
  @Codes() characteristicIds!: string[];
  @CodeField() inspectorId!: string;
  @Personal('inspectorId') @TextField() inspectorName!: string;
}

/** Set released quantity aside for one delivery. Sent by a reaction. */
export class AllocateQuantity {
  readonly type = 'AllocateQuantity';
  @Uuid() lotId!: string;
  @Uuid() deliveryId!: string;
  @Quantity() quantity!: Decimal;
}

/** Carry out what was decided about a nonconforming quantity. Sent by a reaction. */
export class ApplyDisposition {
  readonly type = 'ApplyDisposition';
  @Uuid() lotId!: string;
  @Uuid() nonconformityId!: string;
  @Uuid({ optional: true, description: 'tells several decisions about one nonconformity apart' }) dispositionId?: string;
  @OneOfField(['use-as-is', 'rework', 'scrap', 'return']) disposition!: 'use-as-is' | 'rework' | 'scrap' | 'return';
  @Quantity() quantity!: Decimal;
}

export type LotCommand =
  | RegisterLot | HoldQuantity | LiftHold | ReleaseQuantity | GrantConcession | RecordInspectionResult | AllocateQuantity | ApplyDisposition;

export const lotCommands = {
  RegisterLot, HoldQuantity, LiftHold, ReleaseQuantity, GrantConcession, RecordInspectionResult, AllocateQuantity, ApplyDisposition,
};
