import type { Decimal, Instant } from '@touchstone/kernel';
import { daysBetween, divide, sum, times } from '@touchstone/kernel';
import type { Complained, Exposed, Severity } from './account-history.js';
import { severityWeights } from './account-history.js';

const HALVED_EVERY_DAYS = 90;
/** A burden fades, and never to nothing: recovery does not fully undo harm. */
const MOST_HALVINGS = 8;
const RECOVERED: Decimal = '0.5';

/**
 * What has gone wrong for an account, in weights of severity. It counts causes, not voices: a complaint about a lot or delivery
 * that is known to be nonconforming is that same cause, so saying so never weighs more than staying silent, and being helped
 * weighs less. A complaint about something else is the only sign of its cause and counts for it, even when it is resolved.
 */
export function burdenOf(exposures: readonly Exposed[], complaints: readonly Complained[], at: Instant): Decimal {
  const ours = complaints.filter(({ outcome }) => outcome !== 'duplicate' && outcome !== 'not-ours');
  const known = exposures.map((exposure) => {
    const about = ours.filter((complaint) => isAbout(complaint, exposure));
    const recovered = about.length > 0 && about.every((complaint) => isRecovered(complaint));
    return weight(exposure.severity, exposure.at, at, recovered);
  });
  const others = ours
    .filter((complaint) => !exposures.some((exposure) => isAbout(complaint, exposure)))
    .map((complaint) => weight(complaint.severity ?? 'minor', isOpen(complaint) ? at : (settledAt(complaint) ?? at), at, isRecovered(complaint)));
  return sum([...known, ...others]);
}

/** Neither resolved with the customer's consent nor closed. */
export const isOpen = (complaint: Complained): boolean => complaint.closedAt === null && !isRecovered(complaint);

const isRecovered = ({ agreed, outcome }: Complained): boolean => outcome === 'confirmed' || (outcome === null && agreed === true);
const settledAt = ({ resolvedAt, closedAt }: Complained): Instant | null => resolvedAt ?? closedAt;
const isAbout = (complaint: Complained, exposure: Exposed): boolean => complaint.deliveryId === exposure.deliveryId || complaint.lotId === exposure.lotId;

function weight(severity: Severity, since: Instant, at: Instant, recovered: boolean): Decimal {
  const halvings = Math.min(MOST_HALVINGS, Math.max(0, Math.floor(daysBetween(since, at) / HALVED_EVERY_DAYS)));
  const faded = times(severityWeights[severity], divide('1', String(1 << halvings), MOST_HALVINGS));
  return recovered ? times(faded, RECOVERED) : faded;
}
