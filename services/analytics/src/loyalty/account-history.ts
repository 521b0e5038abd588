import type { Decimal, Instant } from '@touchstone/kernel';

/** What is known about an account, as the read model tells it: nothing after the instant it was asked for. */
export interface AccountHistory {
  readonly registered: boolean;
  readonly purchases: { readonly count: number; readonly first: Instant | null; readonly last: Instant | null };
  /** Promises of the last 365 days that were due or settled; kept: on time, in full, and of a lot without nonconformity. */
  readonly promises: { readonly due: number; readonly kept: number };
  readonly exposures: readonly Exposed[];
  readonly complaints: readonly Complained[];
  /** In the order they were stated. */
  readonly scores: readonly { readonly score: number; readonly at: Instant }[];
}

export type Severity = 'minor' | 'major' | 'critical';

/** A delivery of a lot with a nonconformity. */
export interface Exposed {
  readonly deliveryId: string;
  readonly lotId: string;
  readonly severity: Severity;
  readonly at: Instant;
}

export interface Complained {
  readonly complaintId: string;
  readonly lotId: string | null;
  readonly deliveryId: string | null;
  /** Null until somebody has assessed it. */
  readonly severity: Severity | null;
  readonly receivedAt: Instant;
  /** When something was done for the customer, and whether he was content with it. */
  readonly resolvedAt: Instant | null;
  readonly agreed: boolean | null;
  readonly closedAt: Instant | null;
  readonly outcome: string | null;
}

export const severityWeights: Readonly<Record<Severity, Decimal>> = { critical: '3', major: '1', minor: '0.25' };
