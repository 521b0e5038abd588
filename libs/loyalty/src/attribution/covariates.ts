import { StatisticsError } from '@touchstone/statistics';

/**
 * What a covariate is to the exposure and the outcome. Data cannot tell these apart; whoever asks must.
 *
 * - `confounder` made both the exposure and the outcome more likely: adjust
 * - `precision`  tells about the outcome only: may be adjusted for, narrows the interval
 * - `instrument` tells about the exposure only: adjusting widens the interval and amplifies what confounding is left; allowed with a warning
 * - `mediator`   lies on the path from exposure to outcome (a complaint, a recovery): never adjusted for
 * - `collider`   is a consequence of exposure and outcome both (a win-back call, having answered an exit survey): never adjusted for
 */
export type CovariateRole = 'confounder' | 'mediator' | 'collider' | 'instrument' | 'precision';

export const COVARIATE_ROLES: readonly CovariateRole[] = ['confounder', 'mediator', 'collider', 'instrument', 'precision'];

/** When a covariate was known, seen from the exposure. */
export type MeasuredWhen = 'before-exposure' | 'after-exposure';

/** What must be declared of a covariate before anything is adjusted for it. */
export interface CovariateDeclaration {
  readonly name: string;
  readonly role: CovariateRole;
  readonly measured: MeasuredWhen;
}

/** A declared covariate with one value an account. Text and numbers are levels of a stratum; a hazard model takes numbers. */
export interface Covariate extends CovariateDeclaration {
  readonly values: ArrayLike<string | number>;
  /** When each value was measured; checked against `exposedAt` in the same unit or as ISO 8601 UTC strings of one format. */
  readonly measuredAt?: ArrayLike<string | number>;
}

const REFUSED: Readonly<Partial<Record<CovariateRole, string>>> = {
  mediator:
    'is a mediator: the failure works on loyalty through it, so adjusting for it would remove part of the very effect that is asked for; leave it out',
  collider:
    'is a collider: exposure and outcome both lead to it, so adjusting for it would make them look related where they are not; leave it out',
};

/**
 * Whether the covariates may be adjusted for; what is allowed but unwise comes back as warnings.
 *
 * Source: T. J. VanderWeele, Principles of confounder selection, European Journal of Epidemiology 34 (2019).
 * @throws StatisticsError `BAD_OPTION` for a mediator, a collider, what was measured after exposure, an unknown role, or a name twice
 */
export function checkAdjustment(covariates: readonly CovariateDeclaration[]): string[] {
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const { name, role, measured } of covariates) {
    if (seen.has(name)) throw new StatisticsError('BAD_OPTION', `the covariate '${name}' is given twice`);
    seen.add(name);
    if (!COVARIATE_ROLES.includes(role)) {
      throw new StatisticsError('BAD_OPTION', `the covariate '${name}' must declare its role: ${COVARIATE_ROLES.join(', ')}`);
    }
    const refusal = REFUSED[role];
    if (refusal !== undefined) throw new StatisticsError('BAD_OPTION', `'${name}' ${refusal}`);
    if (measured === 'after-exposure') throw new StatisticsError('BAD_OPTION', measuredAfter(name));
    if (measured !== 'before-exposure') {
      throw new StatisticsError(
        'BAD_OPTION',
        `the covariate '${name}' must declare when it was measured: before-exposure or after-exposure`,
      );
    }
    if (role === 'instrument') {
      warnings.push(`'${name}' is an instrument: adjusting for it widens the interval and amplifies the confounding that is left`);
    }
  }
  return warnings;
}

/**
 * Whether every value was measured before its account was exposed. Accounts never exposed (null) are not restricted.
 * @throws StatisticsError `BAD_OPTION` naming the first account measured later, `BAD_DATA` when times are missing or of two kinds
 */
export function checkMeasuredBefore(covariate: Covariate, exposedAt: ArrayLike<string | number | null>): void {
  const { measuredAt, name } = covariate;
  if (measuredAt === undefined) return;
  if (measuredAt.length !== exposedAt.length) {
    throw new StatisticsError('BAD_DATA', `'${name}' needs a time of measurement for each of the ${exposedAt.length} accounts`);
  }
  for (let index = 0; index < exposedAt.length; index += 1) {
    const exposed = exposedAt[index];
    if (exposed === null) continue;
    const measured = measuredAt[index];
    if (typeof exposed !== typeof measured) {
      throw new StatisticsError('BAD_DATA', `the times of '${name}' and of exposure must both be numbers or both ISO 8601 UTC strings`);
    }
    if (measured >= exposed) {
      throw new StatisticsError('BAD_OPTION', `${measuredAfter(name)} (account ${index + 1}: measured ${measured}, exposed ${exposed})`);
    }
  }
}

const measuredAfter = (name: string): string =>
  `'${name}' was measured after exposure, so the exposure may have changed it; adjust for its last value from before, or leave it out`;
