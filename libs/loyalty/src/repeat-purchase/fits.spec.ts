import { readFileSync } from 'node:fs';
import { analyseRepeatPurchase } from './analysis.js';
import { fitBgNbd } from './bg-nbd.js';
import { expectedSpend, fitGammaGamma } from './gamma-gamma.js';
import { compareHoldout, expectedFrequencies, trackRepeatPurchases } from './goodness.js';
import { lifetimeValue } from './lifetime-value.js';
import { fitParetoNbd } from './pareto-nbd.js';
import { expectedPurchases, expectedPurchasesOf, probabilityAlive, purchaseCountProbability } from './predictions.js';
import { cdnowSummaries } from './references.js';

const cdnow = cdnowSummaries((name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
const model = fitBgNbd(cdnow.customers);
const spending = fitGammaGamma(cdnow.customers);
const refusal = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('a fit', () => {
  it('is the same to the last bit whatever the order of the customers, and whether they are listed or weighted', () => {
    expect(fitBgNbd(cdnow.customers.toReversed())).toEqual(model);
    expect(fitGammaGamma(cdnow.customers.toReversed())).toEqual(spending);
    const counted = new Map<string, { frequency: number; recency: number; age: number; weight: number }>();
    for (const { frequency, recency, age } of cdnow.customers) {
      const key = `${frequency} ${recency} ${age}`;
      counted.set(key, { frequency, recency, age, weight: (counted.get(key)?.weight ?? 0) + 1 });
    }
    expect(fitBgNbd(counted.values())).toEqual(model);
  });

  it('in days has α seven times that in weeks, and the other estimates and their errors as they are', () => {
    for (const fit of [fitBgNbd, fitParetoNbd]) {
      const weeks = fit(cdnow.customers);
      const days = fit(cdnow.customers.map(({ frequency, recency, age }) => ({ frequency, recency: recency * 7, age: age * 7 })));
      weeks.estimates.forEach(({ name, estimate, standardError }, index) => {
        const unit = name === 'alpha' || name === 'beta' ? 7 : 1;
        expect(days.estimates[index].estimate / (unit * estimate)).toBeCloseTo(1, 8);
        expect(days.estimates[index].standardError / (unit * standardError)).toBeCloseTo(1, 7);
      });
      expect(days.logLikelihood).toBeCloseTo(weeks.logLikelihood - 2457 * Math.log(7), 6);
    }
  });

  it('says that it converged: no slope is left, and every start led there', () => {
    for (const { convergence } of [model, spending]) {
      expect(convergence).toMatchObject({ converged: true, starts: 3, agreeing: 3 });
      expect(convergence.largestSlope).toBeLessThan(1e-8);
    }
    const [{ estimate, standardError, lower, upper }] = model.estimates;
    expect(Math.sqrt(lower * upper)).toBeCloseTo(estimate, 12);
    expect(Math.log(upper / estimate)).toBeCloseTo((1.959963984540054 * standardError) / estimate, 12);
    expect(model.covariance[0][0]).toBeCloseTo(standardError ** 2, 15);
  });

  it('is refused where the likelihood rises for ever, and kept from infinity by a penalty', () => {
    const loyal = Array.from({ length: 40 }, (_, index) => ({ frequency: 5 + (index % 3), recency: 30, age: 30 }));
    expect(() => fitBgNbd(loyal)).toThrow(refusal('NO_CONVERGENCE'));
    const alike = Array.from({ length: 40 }, (_, index) => ({ frequency: 5, recency: index % 2 === 0 ? 29 : 12, age: 30 }));
    expect(() => fitBgNbd(alike)).toThrow(refusal('NO_CONVERGENCE'));
    const { parameters, convergence } = fitBgNbd(alike, { penalty: 0.001 });
    expect(convergence.converged).toBe(true);
    expect(parameters.r).toBeLessThan(100);
    expect(fitBgNbd(alike, { penalty: 0.01 }).parameters.r).toBeLessThan(parameters.r);
  });

  it.each([
    ['a frequency that is no whole number', { frequency: 1.5, recency: 1, age: 2 }, 'BAD_DATA'],
    ['a negative frequency', { frequency: -1, recency: 0, age: 2 }, 'BAD_DATA'],
    ['repeat purchases with recency 0', { frequency: 1, recency: 0, age: 2 }, 'BAD_DATA'],
    ['recency without repeat purchases', { frequency: 0, recency: 1, age: 2 }, 'BAD_DATA'],
    ['a purchase after the end', { frequency: 1, recency: 3, age: 2 }, 'BAD_DATA'],
    ['a negative age', { frequency: 0, recency: 0, age: -1 }, 'BAD_DATA'],
    ['a weight of 0', { frequency: 1, recency: 1, age: 2, weight: 0 }, 'BAD_DATA'],
    ['an age that is no number', { frequency: 0, recency: 0, age: Number.NaN }, 'NOT_FINITE'],
    ['nobody who bought again', { frequency: 0, recency: 0, age: 2 }, 'TOO_FEW_POINTS'],
  ])('refuses %s', (_, history, code) => {
    expect(() => fitBgNbd([history])).toThrow(refusal(code));
    expect(() => fitParetoNbd([history])).toThrow(refusal(code));
    if (code !== 'TOO_FEW_POINTS') expect(() => probabilityAlive(model, history)).toThrow(refusal(code));
  });

  it('refuses options and questions without meaning', () => {
    expect(() => fitBgNbd(cdnow.customers, { penalty: -1 })).toThrow(refusal('BAD_OPTION'));
    expect(() => fitBgNbd(cdnow.customers, { confidence: 95 })).toThrow(refusal('BAD_OPTION'));
    expect(() => expectedPurchases(model, -1)).toThrow(refusal('BAD_OPTION'));
    expect(() => purchaseCountProbability(model, 1, 0.5)).toThrow(refusal('BAD_OPTION'));
    expect(() => expectedPurchases({ model: 'bg-nbd', parameters: { r: 0, alpha: 1, a: 1, b: 1 } }, 1)).toThrow(refusal('BAD_OPTION'));
  });
});

describe('Gamma-Gamma', () => {
  it('leaves out who never bought again, and says how frequency and value go together', () => {
    expect(spending).toMatchObject({ customers: 946, omitted: 1411 });
    expect(spending.frequencyValueCorrelation).toBeCloseTo(0.11388791939, 10);
    expect(fitGammaGamma(cdnow.customers.filter(({ frequency }) => frequency > 0)).parameters).toEqual(spending.parameters);
  });

  it('scales v, and nothing else, with the currency', () => {
    const cents = fitGammaGamma(cdnow.customers.map(({ frequency, value }) => ({ frequency, value: value === null ? null : value * 100 })));
    expect(cents.parameters.p / spending.parameters.p).toBeCloseTo(1, 8);
    expect(cents.parameters.v / spending.parameters.v / 100).toBeCloseTo(1, 8);
  });

  it('expects a mean of the own and of everybody’s spend', () => {
    const population = spending.populationMean ?? Number.NaN;
    expect(expectedSpend(spending, { frequency: 0, value: null })).toBeCloseTo(population, 12);
    const expected = expectedSpend(spending, { frequency: 4, value: 100 });
    expect(expected).toBeGreaterThan(population);
    expect(expected).toBeLessThan(100);
  });

  it.each([
    ['a value of 0', { frequency: 2, value: 0 }, 'BAD_DATA'],
    ['a missing value', { frequency: 2, value: null }, 'BAD_DATA'],
    ['half a purchase', { frequency: 0.5, value: 1 }, 'BAD_DATA'],
    ['an infinite value', { frequency: 2, value: Infinity }, 'NOT_FINITE'],
    ['nobody who bought again', { frequency: 0, value: null }, 'TOO_FEW_POINTS'],
  ])('refuses %s', (_, spend, code) => {
    expect(() => fitGammaGamma([spend])).toThrow(refusal(code));
  });

  it('refuses an infinite expectation', () => {
    expect(() => expectedSpend({ model: 'gamma-gamma', parameters: { p: 2, q: 0.9, v: 3 } }, { frequency: 0, value: null })).toThrow(
      refusal('BAD_DATA'),
    );
  });
});

describe('what a model foresees', () => {
  it('is worth the purchases times the spend, discounted period by period', () => {
    const history = { frequency: 2, recency: 30, age: 38 };
    const spend = { frequency: 2, value: 20 };
    const plain = lifetimeValue(model, spending, history, spend, { periods: 3, period: 4, margin: 0.5 });
    expect(plain.lifetimeValue).toBeCloseTo(0.5 * expectedPurchasesOf(model, history, 12) * expectedSpend(spending, spend), 12);
    const steps = [4, 8, 12].map((time) => expectedPurchasesOf(model, history, time));
    const discounted = steps[0] / 1.1 + (steps[1] - steps[0]) / 1.21 + (steps[2] - steps[1]) / 1.331;
    expect(lifetimeValue(model, spending, history, spend, { periods: 3, period: 4, discountRate: 0.1 }).lifetimeValue).toBeCloseTo(
      discounted * plain.expectedSpend,
      11,
    );
    for (const bad of [{ periods: 0 }, { periods: 1, period: 0 }, { periods: 1, discountRate: -1 }, { periods: 1, margin: Number.NaN }]) {
      expect(() => lifetimeValue(model, spending, history, spend, bad)).toThrow(refusal('BAD_OPTION'));
    }
  });

  it('accounts for every customer of CDNOW by number of repeat purchases', () => {
    const frequencies = expectedFrequencies(model, cdnow.customers);
    expect(frequencies.map(({ actual }) => actual)).toEqual([1411, 439, 214, 100, 62, 38, 29, 64]);
    expect(frequencies.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(2357, 8);
    expect(frequencies[7]).toMatchObject({ purchases: 7, orMore: true });
  });

  it('is followed week by week', () => {
    const tracking = trackRepeatPurchases(model, cdnow);
    expect(tracking).toHaveLength(77);
    expect(tracking[0].time).toBe(1);
    // All repeat purchases up to 1997-09-30 and, the 39th week ending on 1997-10-01, of the day after.
    expect(tracking[38]).toMatchObject({ time: 39, actual: 2462 });
    const births = cdnow.customers.map(({ age }) => expectedPurchases(model, age + 1 / 7));
    expect(tracking[38].expected).toBeCloseTo(
      births.reduce((sum, each) => sum + each),
      8,
    );
    expect(trackRepeatPurchases(model, cdnow, 1, 100).at(-1)).toMatchObject({ time: 100, actual: null });
    expect(() => trackRepeatPurchases(model, cdnow, 0.1)).toThrow(refusal('BAD_OPTION'));
  });

  it('is compared with the holdout by frequency', () => {
    const { groups, correlation } = compareHoldout(model, cdnow);
    const means = [
      0.22508612930074395, 0.5231246916395698, 1.0441368227627421, 1.5202595480000816, 2.1639046870846075, 2.653913331855145,
      3.504090157641497, 6.1574119219837,
    ];
    // Those were found with times rounded to two decimals.
    groups.forEach(({ expectedMean }, index) => expect(Math.abs(expectedMean - means[index])).toBeLessThan(3e-4));
    expect(correlation).toBeCloseTo(0.62563, 4);
    expect(() => compareHoldout(model, { ...cdnow, holdout: 0 })).toThrow(refusal('BAD_DATA'));
  });

  it('comes out of one call', () => {
    const log = {
      customers: ['a', 'a', 'b', 'b', 'b', 'c', 'd', 'd', 'e'],
      days: [0, 9, 1, 20, 40, 2, 3, 90, 5],
      values: [5, 7, 9, 3, 4, 8, 6, 6, 2],
    };
    const analysis = analyseRepeatPurchase(log, {
      penalty: 0.01,
      discountRate: 0.01,
      horizon: 4.5,
      calibrationEnd: 80,
      observationEnd: 100,
    });
    expect(analysis).toMatchObject({ horizon: 4.5, summaries: { holdout: 20 / 7 }, fit: { model: 'bg-nbd', customers: 5 } });
    expect(analysis.holdout?.actual).toBe(1);
    const [a] = analysis.customers;
    expect(a.lifetimeValue).toBeLessThan(a.expectedPurchases * (a.expectedSpend ?? Number.NaN));
    const { values: _, ...counts } = log;
    expect(analyseRepeatPurchase(counts, { penalty: 0.01, model: 'pareto-nbd' })).toMatchObject({
      spending: null,
      holdout: null,
      horizon: 52,
      fit: { model: 'pareto-nbd' },
    });
  });
});
