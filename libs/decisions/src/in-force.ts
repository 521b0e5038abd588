import type { PolicyDocument } from './policy.js';

/** A policy somebody else than its author put in force. */
export interface ApprovedPolicy {
  readonly policy: PolicyDocument;
  readonly author: string;
  readonly approvedBy: string;
  /** ISO 8601 UTC, as in 2026-01-01T00:00:00Z; from this instant on, inclusive. */
  readonly inForceFrom: string;
}

/**
 * The policy in force at an instant (ISO 8601 UTC): the one with the latest `inForceFrom` not after it; of two from the
 * same instant the higher version. Undefined before the first. A policy approved by its own author is never in force.
 *
 * @throws RangeError for an instant that is not ISO 8601 UTC
 */
export function inForce<P extends ApprovedPolicy>(policies: readonly P[], at: string): P | undefined {
  const instant = nanoseconds(at);
  let found: P | undefined;
  for (const candidate of policies) {
    if (candidate.approvedBy === candidate.author || nanoseconds(candidate.inForceFrom) > instant) continue;
    if (found === undefined || isLater(candidate, found)) found = candidate;
  }
  return found;
}

function isLater(candidate: ApprovedPolicy, found: ApprovedPolicy): boolean {
  const [from, foundFrom] = [nanoseconds(candidate.inForceFrom), nanoseconds(found.inForceFrom)];
  return from === foundFrom ? candidate.policy.version > found.policy.version : from > foundFrom;
}

/** Fractions count to the nanosecond, as databases and brokers write more digits than a JavaScript time keeps. */
function nanoseconds(instant: string): bigint {
  const [, whole, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(instant) ?? [];
  const milliseconds = Date.parse(`${whole}Z`);
  // JavaScript reads 30 February as 2 March.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== `${whole}.000Z`) {
    throw new RangeError(`not an instant in ISO 8601 UTC: ${instant}`);
  }
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
