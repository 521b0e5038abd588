import { StatisticsError } from '@touchstone/statistics';

/** Below these an analysis is refused. Each can be set; what was in force is part of every result. */
export interface Minimums {
  /** Accounts in each of the two arms, after strata without overlap are dropped. */
  readonly accountsPerArm: number;
  /** Events (churned, or bought again) in each arm, and as many accounts without. */
  readonly eventsPerArm: number;
  /** Events in a stratum for an estimate of its own and a place in the homogeneity test; the pooled estimate uses every stratum. */
  readonly eventsPerStratum: number;
  /** Events for each coefficient of a hazard model. */
  readonly eventsPerCoefficient: number;
}

export const DEFAULT_MINIMUMS: Minimums = { accountsPerArm: 50, eventsPerArm: 5, eventsPerStratum: 5, eventsPerCoefficient: 10 };

/** Why the defaults are what they are; quoted by the refusal. */
export const MINIMUM_REASONS: Readonly<Record<keyof Minimums, string>> = {
  accountsPerArm:
    'below 50 the half-width of a 95 % interval exceeds 20 points at worst, and cluster-robust errors are too small (Cameron and Miller, Journal of Human Resources 50, 2015)',
  eventsPerArm: 'normal intervals need about five of each kind in every cell (Cochran, Biometrics 10, 1954)',
  eventsPerStratum: 'the chi-square test of homogeneity needs about five events in a table (Cochran, Biometrics 10, 1954)',
  eventsPerCoefficient:
    'with fewer than ten events a coefficient, estimates and intervals are biased (Peduzzi et al., Journal of Clinical Epidemiology 48, 1995)',
};

/** The minimums in force. @throws StatisticsError `BAD_OPTION` unless they are whole numbers; none may be below 1, as nothing can be compared with nobody */
export function minimumsOf(chosen: Partial<Minimums> = {}): Minimums {
  const minimums = { ...DEFAULT_MINIMUMS, ...chosen };
  for (const [name, least] of Object.entries(minimums)) {
    if (!Number.isInteger(least) || least < 1)
      throw new StatisticsError('BAD_OPTION', `the minimum '${name}' must be a whole number of at least 1`);
  }
  return minimums;
}

/** @throws StatisticsError `TOO_FEW_POINTS` that states what there is, what is needed, and why */
export function requireAtLeast(found: number, minimums: Minimums, rule: keyof Minimums, what: string, factor = 1): void {
  const needed = minimums[rule] * factor;
  if (found < needed) {
    throw new StatisticsError('TOO_FEW_POINTS', `no claim: ${found} ${what}, at least ${needed} are needed; ${MINIMUM_REASONS[rule]}`);
  }
}
