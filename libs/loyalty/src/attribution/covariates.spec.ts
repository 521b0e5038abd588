import { COVARIATE_ROLES, checkAdjustment, compareExposed, exposureHazard, rSquaredShares } from './index.js';
import type { Covariate, CovariateDeclaration, CovariateRole } from './index.js';

const declared = (role: CovariateRole, measured: CovariateDeclaration['measured'] = 'before-exposure'): CovariateDeclaration => ({
  name: 'complaint',
  role,
  measured,
});

describe('what may be adjusted for', () => {
  it.each(['confounder', 'precision'] as const)('is a %s measured before exposure', (role) => {
    expect(checkAdjustment([declared(role)])).toEqual([]);
  });

  it('is an instrument too, with a warning that it amplifies the confounding that is left', () => {
    expect(checkAdjustment([declared('instrument')])).toEqual([expect.stringContaining("'complaint' is an instrument")]);
  });

  it('is no mediator: the effect would be adjusted away', () => {
    expect(() => checkAdjustment([declared('mediator')])).toThrow(/'complaint' is a mediator.*remove part of the very effect/);
  });

  it('is no collider: a relation would be made up', () => {
    expect(() => checkAdjustment([declared('collider')])).toThrow(/'complaint' is a collider.*where they are not/);
  });

  it.each(COVARIATE_ROLES.filter((role) => role !== 'mediator' && role !== 'collider'))('is no %s measured after exposure', (role) => {
    expect(() => checkAdjustment([declared(role, 'after-exposure')])).toThrow(/measured after exposure/);
  });

  it('must say what it is and when it was measured, once', () => {
    const silent = { name: 'complaint', measured: 'before-exposure' } as CovariateDeclaration;
    const timeless = { name: 'complaint', role: 'confounder' } as CovariateDeclaration;
    expect(() => checkAdjustment([silent])).toThrow(/must declare its role/);
    expect(() => checkAdjustment([timeless])).toThrow(/must declare when it was measured/);
    expect(() => checkAdjustment([declared('confounder'), declared('confounder')])).toThrow(/given twice/);
  });

  it('is refused by every estimator that adjusts', () => {
    const complaint: Covariate = { ...declared('mediator'), values: [0, 1] };
    const refusal = expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining('is a mediator') });
    const history = { account: 'a', startDays: 0, endDays: 1, churned: true, exposedAtDays: [] };
    expect(() => compareExposed({ outcome: [0, 1], exposed: [0, 1], covariates: [complaint] })).toThrow(refusal);
    expect(() => exposureHazard([history, { ...history, account: 'b' }], { covariates: [complaint] })).toThrow(refusal);
    expect(() => rSquaredShares([0, 1], [{ name: 'late', values: [0, 1] }], { covariates: [complaint] })).toThrow(refusal);
  });
});

describe('times of measurement', () => {
  const site = (measuredAt: readonly (string | number)[]): Covariate => ({
    name: 'site',
    role: 'confounder',
    measured: 'before-exposure',
    values: ['A', 'B'],
    measuredAt,
  });
  const compare = (measuredAt: readonly (string | number)[], exposedAt?: readonly (string | number | null)[]) => () =>
    compareExposed({ outcome: [0, 1], exposed: [1, 0], covariates: [site(measuredAt)], exposedAt });
  const after = expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining("'site' was measured after exposure") });
  const march = '2026-03-01T00:00:00.000Z';
  const april = '2026-04-01T00:00:00.000Z';

  it('are held against each account’s exposure, whatever the declaration says', () => {
    expect(compare([april, march], [march, null])).toThrow(after);
    expect(compare([5, 1], [4, null])).toThrow(after);
    expect(compare([4, 1], [4, null])).toThrow(after);
  });

  it('do not restrict accounts that were never exposed, nor those measured in time', () => {
    const tooFew = expect.objectContaining({ code: 'TOO_FEW_POINTS' });
    expect(compare([march, april], [april, null])).toThrow(tooFew);
  });

  it('need times of exposure of the same kind, one an account', () => {
    const bad = expect.objectContaining({ code: 'BAD_DATA' });
    expect(compare([1, 1])).toThrow(bad);
    expect(compare([1, 1], [march, null])).toThrow(bad);
    expect(compare([1], [4, null])).toThrow(bad);
  });

  it('are checked by the hazard model against the first exposure', () => {
    const history = { account: 'a', startDays: 0, endDays: 9, churned: true, exposedAtDays: [6, 4] };
    expect(() => exposureHazard([history, { ...history, account: 'b', exposedAtDays: [] }], { covariates: [site([5, 5])] })).toThrow(after);
  });
});
