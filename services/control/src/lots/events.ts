/**
 * A lot: a quantity of one item, made or received together. Guards: only accepted quantity that nobody holds and nobody has
 * released before is released; accepted + rejected + pending + consumed = quantity. Stream: lot-<lotId>. All its events are
 * public: they stand in the contracts, are storage formats, and are never edited.
 */
import type {
  ConcessionGranted, HoldLifted, LotAccepted, LotRegistered, LotRejected, QuantityAllocated, QuantityDispositioned, QuantityHeld,
  QuantityReleased, ReassessmentOpened, StagePassed,
} from '@touchstone/contracts/control';

export const lotStream = (lotId: string): string => `lot-${lotId}`;

export type LotEvent =
  | LotRegistered | StagePassed | LotAccepted | LotRejected | ReassessmentOpened | QuantityHeld | HoldLifted | ConcessionGranted
  | QuantityReleased | QuantityAllocated | QuantityDispositioned;
