/**
 * Why a calculation was refused. Codes are stable.
 *
 * - `NOT_FINITE`        an observation that is NaN or infinite
 * - `TOO_FEW_POINTS`    fewer observations than the estimate needs
 * - `SIZE_OUT_OF_RANGE` a subgroup size without constants (2 to 100 are known)
 * - `BAD_LIMITS`        limits that nothing can be judged by: not finite, or a sigma that is not positive
 * - `BAD_OPTION`        an option outside its range, or a stored state that is not one
 * - `BAD_DATA`          observations that contradict each other or the method: lengths that differ, a count above its sample, no spread
 * - `NO_CONVERGENCE`    an iteration that found no optimum; the message says what usually causes it
 * - `UNSTABLE_PROCESS`  capability asked of a process whose chart shows special causes
 */
export type StatisticsErrorCode =
  | 'NOT_FINITE'
  | 'TOO_FEW_POINTS'
  | 'SIZE_OUT_OF_RANGE'
  | 'BAD_LIMITS'
  | 'BAD_OPTION'
  | 'BAD_DATA'
  | 'NO_CONVERGENCE'
  | 'UNSTABLE_PROCESS';

/** A calculation that has no meaningful result for what it was given. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError';

  constructor(
    readonly code: StatisticsErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** The observation itself. @throws StatisticsError `NOT_FINITE` */
export function finite(observation: number): number {
  if (!Number.isFinite(observation)) throw new StatisticsError('NOT_FINITE', 'an observation that is not a finite number');
  return observation;
}
