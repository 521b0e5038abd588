/**
 * The loyalty of an account, as it is judged. Guards: a judgement names its policy, its facts and the rules that fired, so that it
 * comes out again; nothing is claimed from too few cases; silence is not distrust. Stream: loyalty-<accountId>. All its events are public.
 */
import type { LoyaltyAssessed } from '@touchstone/contracts/analytics';

export const loyaltyStream = (accountId: string): string => `loyalty-${accountId}`;

export type LoyaltyEvent = LoyaltyAssessed;
