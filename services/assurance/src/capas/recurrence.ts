import type { Instant } from '@touchstone/kernel';
import { daysBetween } from '@touchstone/kernel';

/** Nonconformities of one kind within this many days of each other are a recurrence. */
export const RECURRENCE = { count: 3, days: 90 };

/** Whether `at`, which is one of `all`, lies in a span of 90 days that holds three of them; in whatever order they became known. */
export function isRecurrence(at: Instant, all: readonly Instant[]): boolean {
  const sorted = all.toSorted();
  return sorted.some((first, index) => {
    const last = sorted[index + RECURRENCE.count - 1];
    return last !== undefined && first <= at && at <= last && daysBetween(first, last) <= RECURRENCE.days;
  });
}
