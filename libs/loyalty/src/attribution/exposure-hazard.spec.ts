import { claimsEffect, exposureHazard, simulateHistories } from './index.js';
import type { AccountHistory, Covariate } from './index.js';

const smallAccounts = (values: Covariate['values']): Covariate => ({
  name: 'small',
  role: 'confounder',
  measured: 'before-exposure',
  values,
});

describe('the hazard under exposure', () => {
  it('is found in a world where exposure doubles it', () => {
    const { histories, small } = simulateHistories(31, { accounts: 4000, hazardRatio: 2 });
    const { hazardRatio, accounts, events, exposed, unexposed } = exposureHazard(histories, { covariates: [smallAccounts(small)] });
    expect(hazardRatio.lower).toBeLessThan(2);
    expect(hazardRatio.upper).toBeGreaterThan(2);
    expect(hazardRatio.lower).toBeGreaterThan(1.7);
    expect(accounts).toBe(4000);
    expect(unexposed.accounts).toBe(4000);
    expect(exposed.events + unexposed.events).toBe(events);
    expect(exposed.days + unexposed.days).toBeCloseTo(
      histories.reduce((sum, { startDays, endDays }) => sum + endDays - startDays, 0),
      6,
    );
  });

  it('is confounded by the size of accounts unless adjusted for it', () => {
    const { histories, small } = simulateHistories(32, { accounts: 8000, confounding: 3 });
    const adjusted = exposureHazard(histories, { covariates: [smallAccounts(small)] });
    expect(claimsEffect(exposureHazard(histories).hazardRatio)).toBe(true);
    expect(claimsEffect(adjusted.hazardRatio)).toBe(false);
    expect(adjusted.adjustment).toMatchObject([{ name: 'small' }]);
    expect(Math.exp(adjusted.adjustment[0].logHazardRatio)).toBeCloseTo(2, 0);
  });

  it('does not make exposed accounts immortal until their exposure', () => {
    const { histories } = simulateHistories(33, { accounts: 4000, confounding: 0 });
    // The mistake: whoever is ever exposed counts as exposed from the first day.
    const fromTheFirstDay = histories.map((history) => ({ ...history, exposedAtDays: history.exposedAtDays.map(() => history.startDays) }));
    expect(exposureHazard(fromTheFirstDay).hazardRatio.upper).toBeLessThan(0.9);
    expect(claimsEffect(exposureHazard(histories).hazardRatio)).toBe(false);
  });

  it('reads text as levels against the first to occur, numbers as they are', () => {
    const { histories, small } = simulateHistories(34);
    const text = Array.from(small, (value) => (value === 1 ? 'small' : 'large'));
    const byText = exposureHazard(histories, { covariates: [smallAccounts(text)] });
    const byNumber = exposureHazard(histories, { covariates: [smallAccounts(small)] });
    expect(byText.hazardRatio.estimate).toBeCloseTo(byNumber.hazardRatio.estimate, 10);
    expect(byText.adjustment[0].name).toBe(`small=${text[0] === 'large' ? 'small' : 'large'}`);
    expect(() => exposureHazard(histories, { covariates: [smallAccounts([1, ...text.slice(1)])] })).toThrow(/mixes text and numbers/);
  });

  it('can count failures instead of telling only whether there was one', () => {
    const { histories } = simulateHistories(35);
    const twice = histories.map((history) => ({ ...history, exposedAtDays: [...history.exposedAtDays, ...history.exposedAtDays] }));
    const one = exposureHazard(histories).hazardRatio.estimate;
    expect(exposureHazard(twice).hazardRatio.estimate).toBeCloseTo(one, 10);
    expect(exposureHazard(twice, { dose: 'count' }).hazardRatio.estimate).toBeCloseTo(Math.sqrt(one), 10);
  });

  it('is refused below the minimum of accounts, of churned accounts in each state, and of events a coefficient', () => {
    const tooFew = (message: RegExp) => expect.objectContaining({ code: 'TOO_FEW_POINTS', message: expect.stringMatching(message) });
    const { histories, small } = simulateHistories(36);
    const stayed = (state: 'exposed' | 'unexposed') =>
      histories.map((history): AccountHistory => ({
        ...history,
        churned: history.churned && history.exposedAtDays.length > 0 !== (state === 'exposed'),
      }));
    expect(() => exposureHazard(histories.slice(0, 60))).toThrow(tooFew(/accounts observed while exposed, at least 50/));
    expect(() => exposureHazard(stayed('exposed'))).toThrow(tooFew(/0 churned while exposed/));
    expect(() => exposureHazard(stayed('unexposed'))).toThrow(tooFew(/0 churned while unexposed/));
    expect(() => exposureHazard(histories, { covariates: [smallAccounts(small)], minimums: { eventsPerCoefficient: 200 } })).toThrow(
      tooFew(/churned for 2 coefficients, at least 400 are needed/),
    );
  });
});
