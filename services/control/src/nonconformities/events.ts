/**
 * A nonconformity: a requirement that a quantity of a lot does not meet. Guards: contained before it is decided about; decided by
 * people, use as is by the material review board and not by who reported it; closed when all of its quantity is decided about.
 * Stream: nonconformity-<nonconformityId>. All its events are public.
 */
import type {
  DispositionDecided, NonconformityClosed, NonconformityContained, NonconformityReported, NonconformityVoided,
} from '@touchstone/contracts/control';

export const nonconformityStream = (nonconformityId: string): string => `nonconformity-${nonconformityId}`;

export type NonconformityEvent = NonconformityReported | NonconformityContained | DispositionDecided | NonconformityClosed | NonconformityVoided;
