import { StatisticsError } from '../statistics-error.js';

/** What is asked of a characteristic, in its unit. At least one limit. */
export interface SpecificationLimits {
  readonly lower?: number | null;
  readonly upper?: number | null;
  /** Default: the middle of two limits; none for one. */
  readonly target?: number | null;
}

export interface Specification {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly target: number | null;
}

/**
 * The limits with null for what does not exist.
 * @throws StatisticsError `BAD_LIMITS` for none, a limit that is not finite, reversed or equal limits, or a target outside them
 */
export function specificationOf(limits: SpecificationLimits): Specification {
  const lower = limits.lower ?? null;
  const upper = limits.upper ?? null;
  if (![lower, upper, limits.target ?? null].every((limit) => limit === null || Number.isFinite(limit))) {
    throw new StatisticsError('BAD_LIMITS', 'specification limits and target are finite numbers; leave out the limit that does not exist');
  }
  if (lower === null && upper === null) throw new StatisticsError('BAD_LIMITS', 'capability needs a lower or an upper specification limit');
  if (lower !== null && upper !== null && lower >= upper) {
    throw new StatisticsError(
      'BAD_LIMITS',
      `the lower specification limit ${lower} is not below the upper one ${upper}; are they reversed?`,
    );
  }
  const target = limits.target ?? (lower !== null && upper !== null ? lower + (upper - lower) / 2 : null);
  if (target !== null && ((lower !== null && target < lower) || (upper !== null && target > upper))) {
    throw new StatisticsError('BAD_LIMITS', `the target ${target} lies outside the specification limits`);
  }
  return { lower, upper, target };
}
