import { ApiProperty } from '@nestjs/swagger';
import { IsObject, Matches } from 'class-validator';
import { CodeField, DateTime, Whole } from '@touchstone/platform';
import type { Instant } from '@touchstone/kernel';

const MOST_VERSIONS = 100_000;

/** A code that can name a stream: a slash would read as another service's. */
const PolicyId = (): PropertyDecorator => (target, property) => {
  CodeField({ description: 'letters, digits or ._:-' })(target, property);
  Matches(/^[^/]*$/, { message: '$property must have no slash', context: { code: 'NOT_A_CODE' } })(target, property);
};

/** Propose a version of a policy: the whole decision table, with its own `id` and `version`. */
export class ProposePolicy {
  readonly type = 'ProposePolicy';
  @PolicyId() policyId!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'the decision table' })
  @IsObject({ message: '$property must be a JSON object', context: { code: 'NOT_AN_OBJECT' } })
  document!: Readonly<Record<string, unknown>>;
}

/** Let a proposed version decide from an instant on. Somebody else than its author does so. */
export class ApprovePolicy {
  readonly type = 'ApprovePolicy';
  @PolicyId() policyId!: string;
  @Whole({ min: 1, max: MOST_VERSIONS }) version!: number;
  @DateTime({ description: 'from when on it decides; not before now' }) inForceFrom!: Instant;
}

export type PolicyCommand = ProposePolicy | ApprovePolicy;
export const policyCommands = { ProposePolicy, ApprovePolicy };
