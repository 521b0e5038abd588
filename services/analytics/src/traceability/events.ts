/**
 * The exposure to one nonconformity: which accounts received quantity of its lot. Guards: what was dispatched is named once, and
 * nothing that was not; a held lot reached nobody. Stream: exposure-<nonconformityId>. All its events are public.
 */
import type { ExposureIdentified } from '@touchstone/contracts/analytics';

export const exposureStream = (nonconformityId: string): string => `exposure-${nonconformityId}`;

export type ExposureEvent = ExposureIdentified;
