import { OneOfField, Uuid } from '@touchstone/platform';

export const reasons = ['event', 'month', 'command'] as const;

/** Judge an account by the policy in force and by what is known when the command takes effect. */
export class AssessAccount {
  readonly type = 'AssessAccount';
  @Uuid() accountId!: string;
  @OneOfField(reasons, { description: 'what leads to it; a person says: command' }) because!: (typeof reasons)[number];
}

export type LoyaltyCommand = AssessAccount;
export const loyaltyCommands = { AssessAccount };
