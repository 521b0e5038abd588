import { StatisticsError } from '@touchstone/statistics';

/** @throws StatisticsError `BAD_OPTION` outside (0, 1) */
export function assertConfidence(confidence: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new StatisticsError('BAD_OPTION', `confidence ${confidence} is not between 0 and 1; 0.95 is usual`);
  return confidence;
}
