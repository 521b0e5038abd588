import { CodeField, Codes, DateTime, DecimalField, Flag, ListOf, Nested, OneOfField, TextField, Uuid, Whole } from '@touchstone/platform';
import type { Decimal, Instant } from '@touchstone/kernel';

export const occasions = ['severity', 'recurrence'] as const;
export const comparisons = ['at-most', 'at-least'] as const;

/** A nonconformity asks for a corrective action; a person will open or decline it. Sent by a reaction. */
export class ProposeCapa {
  readonly type = 'ProposeCapa';
  @Uuid() capaId!: string;
  @Uuid({ description: 'what leads to it' }) nonconformityId!: string;
  @Uuid() itemId!: string;
  @CodeField({ optional: true }) characteristicId?: string;
  @Uuid() lotId!: string;
  @OneOfField(occasions) why!: (typeof occasions)[number];
  @TextField({ max: 2_000, description: 'the requirement that was not met' }) problem!: string;
}

/** It is needed: somebody owns it, by a date. */
export class OpenCapa {
  readonly type = 'OpenCapa';
  @Uuid() capaId!: string;
  @CodeField({ description: 'actor who answers for it' }) owner!: string;
  @Codes({ description: 'actors who work on it' }) team!: string[];
  @DateTime({ description: 'by when it is to be closed' }) dueAt!: Instant;
}

/** It is not needed, and why. */
export class DeclineCapa {
  readonly type = 'DeclineCapa';
  @Uuid() capaId!: string;
  @TextField({ max: 2_000 }) rationale!: string;
}

/** What was done at once so that the problem reaches nobody else. */
export class RecordContainment {
  readonly type = 'RecordContainment';
  @Uuid() capaId!: string;
  @TextField({ max: 2_000 }) actions!: string;
}

export class ConfirmRootCause {
  readonly type = 'ConfirmRootCause';
  @Uuid() capaId!: string;
  @TextField({ max: 1_500, description: 'why it could happen' }) rootCause!: string;
  @TextField({ max: 120, description: 'how it was found, e.g. 5 why' }) method!: string;
}

export class PlannedAction {
  @TextField({ description: 'what is to be done' }) action!: string;
  @CodeField({ description: 'actor who does it' }) owner!: string;
}

/** When the actions count as effective. */
export class EffectivenessCriterion {
  @TextField({ max: 200, description: 'what is counted or measured, with its unit' }) metric!: string;
  @DecimalField({ description: 'in the unit of the metric' }) threshold!: Decimal;
  @OneOfField(comparisons, { description: 'of the observed value with the threshold' }) comparison!: (typeof comparisons)[number];
}

/** What will be done, and by what its effect will be judged. Planning again, before it is implemented, asks for a new approval. */
export class PlanCapa {
  readonly type = 'PlanCapa';
  @Uuid() capaId!: string;
  @ListOf(() => PlannedAction, { min: 1, max: 50 }) actions!: PlannedAction[];
  @Nested(() => EffectivenessCriterion) criterion!: EffectivenessCriterion;
  @Whole({ min: 1, max: 730, description: 'days after implementation through which the effect is observed' }) windowDays!: number;
}

export class ApproveCapaPlan {
  readonly type = 'ApproveCapaPlan';
  @Uuid() capaId!: string;
}

/** The planned actions are done. */
export class ImplementCapa {
  readonly type = 'ImplementCapa';
  @Uuid() capaId!: string;
  @TextField({ max: 2_000, description: 'what shows that they are done' }) evidence!: string;
}

/** The due date moves, for a reason. */
export class ExtendDueDate {
  readonly type = 'ExtendDueDate';
  @Uuid() capaId!: string;
  @DateTime({ description: 'later than before' }) dueAt!: Instant;
  @TextField() reason!: string;
}

/** What was observed in the window. The verdict follows from the criterion; `inconclusive`, with a reason, extends the window. */
export class VerifyEffectiveness {
  readonly type = 'VerifyEffectiveness';
  @Uuid() capaId!: string;
  @DecimalField({ optional: true, description: 'in the unit of the metric; needed unless inconclusive' }) observed?: Decimal;
  @TextField({ max: 2_000, description: 'where the value comes from' }) data!: string;
  @Flag({ optional: true, description: 'too little could be observed to judge' }) inconclusive?: boolean;
  @TextField({ optional: true, description: 'why it is inconclusive' }) reason?: string;
}

/** What was changed so that the problem comes back neither here nor elsewhere. */
export class PreventRecurrence {
  readonly type = 'PreventRecurrence';
  @Uuid() capaId!: string;
  @TextField({ max: 2_000 }) measures!: string;
}

export class CloseCapa {
  readonly type = 'CloseCapa';
  @Uuid() capaId!: string;
  @TextField({ description: 'of whom, and for what' }) recognition!: string;
}

/** It is still open at its due date. Sent by the deadline. */
export class MarkCapaOverdue {
  readonly type = 'MarkCapaOverdue';
  @Uuid() capaId!: string;
}

export type CapaCommand =
  | ProposeCapa | OpenCapa | DeclineCapa | RecordContainment | ConfirmRootCause | PlanCapa | ApproveCapaPlan | ImplementCapa | ExtendDueDate
  | VerifyEffectiveness | PreventRecurrence | CloseCapa | MarkCapaOverdue;

export const capaCommands = {
  ProposeCapa, OpenCapa, DeclineCapa, RecordContainment, ConfirmRootCause, PlanCapa, ApproveCapaPlan, ImplementCapa, ExtendDueDate,
  VerifyEffectiveness, PreventRecurrence, CloseCapa, MarkCapaOverdue,
};
