import { OneOfField, Uuid } from '@touchstone/platform';

export const severities = ['minor', 'major', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Find out who received quantity of a lot with a nonconformity. May be repeated as deliveries become known. */
export class IdentifyExposure {
  readonly type = 'IdentifyExposure';
  @Uuid() nonconformityId!: string;
  @Uuid() lotId!: string;
  @Uuid({ optional: true }) itemId?: string;
  @OneOfField(severities, { description: 'of the nonconformity' }) severity!: Severity;
}

export type ExposureCommand = IdentifyExposure;
export const exposureCommands = { IdentifyExposure };
