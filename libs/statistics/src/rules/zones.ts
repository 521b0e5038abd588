import { StatisticsError } from '../statistics-error.js';

/** Center line and standard deviation of what is plotted: on an X̄ chart σ/√n. */
export interface RuleLimits {
  readonly center: number;
  readonly sigma: number;
}

/** 0 on the center line, otherwise 1 (zone C, within 1σ), 2 (B), 3 (A) or 4 (beyond 3σ), negative below it. A line belongs to the zone inside it. */
export function zoneOf(value: number, { center, sigma }: RuleLimits): number {
  const distance = value - center;
  const size = Math.abs(distance);
  const zone = Number(size > 0) + Number(size > sigma) + Number(size > 2 * sigma) + Number(size > 3 * sigma);
  return distance < 0 ? -zone : zone;
}

/** A distance from the center line, in σ, that lies in the middle of a zone. */
export const middleOf = (zone: number): number => zone - 0.5 * Math.sign(zone);

/** @throws StatisticsError `BAD_LIMITS` unless the center line is finite and sigma positive */
export function assertLimits({ center, sigma }: RuleLimits): void {
  if (Number.isFinite(center) && Number.isFinite(sigma) && sigma > 0) return;
  throw new StatisticsError('BAD_LIMITS', 'run rules need a finite center line and a positive sigma');
}
