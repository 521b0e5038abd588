import { CodeField, OneOfField, Quantity, TextField, Uuid } from '@touchstone/platform';
import type { Decimal } from '@touchstone/kernel';

export const severities = ['minor', 'major', 'critical'] as const;
/** A signal of a control chart is no source: it says nothing about a requirement. */
export const sources = ['inspection', 'late-inspection', 'complaint', 'person'] as const;
export const dispositions = ['use-as-is', 'rework', 'scrap', 'return'] as const;

/** A requirement is not met by a quantity of a lot. */
export class ReportNonconformity {
  readonly type = 'ReportNonconformity';
  @Uuid() nonconformityId!: string;
  @Uuid() lotId!: string;
  @Uuid() itemId!: string;
  @CodeField({ optional: true, description: 'what failed, when it is a characteristic of the control plan' }) characteristicId?: string;
  @TextField({ description: 'what was not met, without personal data' }) requirement!: string;
  @Quantity() quantity!: Decimal;
  @OneOfField(severities) severity!: (typeof severities)[number];
  @OneOfField(sources) source!: (typeof sources)[number];
  @CodeField({ description: 'id of the inspection or complaint, or of the person' }) sourceId!: string;
}

/** Keep it from spreading or being used by mistake. */
export class ContainNonconformity {
  readonly type = 'ContainNonconformity';
  @Uuid() nonconformityId!: string;
  @TextField({ description: 'what was done, without personal data' }) actions!: string;
}

/** What becomes of the quantity, or of part of it. Use as is asks for the material review board. */
export class DecideDisposition {
  readonly type = 'DecideDisposition';
  @Uuid() nonconformityId!: string;
  @OneOfField(dispositions) disposition!: (typeof dispositions)[number];
  @Quantity() quantity!: Decimal;
  @TextField({ description: 'why, without personal data' }) rationale!: string;
  @TextField({ optional: true, description: 'reference of the customer\'s consent, without personal data' }) customerConsent?: string;
}

export class CloseNonconformity {
  readonly type = 'CloseNonconformity';
  @Uuid() nonconformityId!: string;
}

/** The report was wrong. It stays visible. */
export class VoidNonconformity {
  readonly type = 'VoidNonconformity';
  @Uuid() nonconformityId!: string;
  @TextField({ description: 'why, without personal data' }) reason!: string;
}

export type NonconformityCommand = ReportNonconformity | ContainNonconformity | DecideDisposition | CloseNonconformity | VoidNonconformity;
export const nonconformityCommands = { ReportNonconformity, ContainNonconformity, DecideDisposition, CloseNonconformity, VoidNonconformity };
