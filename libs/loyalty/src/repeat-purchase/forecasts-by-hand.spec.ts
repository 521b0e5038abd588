import { logGamma } from '@touchstone/statistics/distributions';
import { analyseRepeatPurchase } from './analysis.js';
import { tableOf } from './customer-history.js';
import { gammaGammaLikelihood } from './gamma-gamma.js';
import { expectedSpend, fitBgNbd, fitGammaGamma } from './index.js';
import { compareHoldout, expectedFrequencies, trackRepeatPurchases } from './goodness.js';
import { expectedPurchasesOf, logLikelihoodOf, probabilityAlive, purchaseCountProbability } from './predictions.js';
import { forEachDeparture } from './pareto-nbd-likelihood.js';
import type { PurchaseSummaries } from './purchase-log.js';
import { summariesOf } from './purchase-log.js';
import { integrate } from './quadrature.js';

const gammaDensity = (at: number, shape: number, rate: number): number =>
  Math.exp(shape * Math.log(rate) + (shape - 1) * Math.log(at) - rate * at - logGamma(shape));
const AHEAD = 8;
const customers = [
  { frequency: 1, recency: 2, age: 10 },
  { frequency: 3, recency: 9.5, age: 10 },
  { frequency: 12, recency: 5, age: 9 },
];

// Bayes by brute force: who is still there, and what they then buy, over all rates and chances of leaving a customer may have.
describe('P(alive) and the purchases to come are what the model says, integrated numerically', () => {
  it.each(customers)('for BG/NBD and %o', (customer) => {
    const { frequency: x, recency, age } = customer;
    const [r, alpha, a, b] = [2, 6, 2, 3];
    const over = (of: (rate: number, p: number) => number): number =>
      integrate((p) => p ** (a - 1) * (1 - p) ** (b - 1) * integrate((rate) => gammaDensity(rate, r, alpha) * of(rate, p), 0, 12), 0, 1);
    const stayed = (rate: number, p: number): number => (1 - p) ** x * rate ** x * Math.exp(-rate * age);
    const left = (rate: number, p: number): number => p * (1 - p) ** (x - 1) * rate ** x * Math.exp(-rate * recency);
    const there = over(stayed);
    const all = there + over(left);
    const bought = over((rate, p) => (stayed(rate, p) * -Math.expm1(-rate * p * AHEAD)) / p);
    const model = { model: 'bg-nbd', parameters: { r, alpha, a, b } } as const;
    expect(probabilityAlive(model, customer)).toBeCloseTo(there / all, 10);
    expect(expectedPurchasesOf(model, customer, AHEAD)).toBeCloseTo(bought / all, 9);
  });

  it.each([{ frequency: 0, recency: 0, age: 7 }, ...customers])('for Pareto/NBD and %o', (customer) => {
    const { frequency: x, recency, age } = customer;
    const [r, alpha, s, beta] = [2, 6, 3, 20];
    const over = (of: (rate: number, leaving: number) => number): number =>
      integrate(
        (leaving) => gammaDensity(leaving, s, beta) * integrate((rate) => gammaDensity(rate, r, alpha) * of(rate, leaving), 0, 12),
        0,
        4,
      );
    const stayed = (rate: number, leaving: number): number => rate ** x * Math.exp(-(rate + leaving) * age);
    const either = (rate: number, leaving: number): number => {
      const sum = rate + leaving;
      return (rate ** x * (leaving * Math.exp(-sum * recency) + rate * Math.exp(-sum * age))) / sum;
    };
    const all = over(either);
    const bought = over((rate, leaving) => (stayed(rate, leaving) * rate * -Math.expm1(-leaving * AHEAD)) / leaving);
    const model = { model: 'pareto-nbd', parameters: { r, alpha, s, beta } } as const;
    expect(probabilityAlive(model, customer)).toBeCloseTo(over(stayed) / all, 10);
    expect(expectedPurchasesOf(model, customer, AHEAD)).toBeCloseTo(bought / all, 9);
  });
});

describe('the ways a history may have ended', () => {
  it.each([
    [0, 0, 1e5],
    [5, 1, 1e4],
    [60, 3, 40],
    [400, 20, 500],
  ])('of %d purchases, the last at %d of %d, have their integral to twelve digits', (x, from, to) => {
    const [r, alpha, s, beta] = [0.55, 10, 0.6, 12];
    let gone = 0;
    forEachDeparture({ r, alpha, s, beta }, x, from, to, (_, share) => (gone += share));
    // In the logarithm of the time since, where nothing is narrow.
    const byHand = integrate(
      (log) => s * Math.exp(-s * log - (r + x) * Math.log1p(((beta + from) * Math.expm1(log)) / (alpha + from))),
      0,
      Math.log1p((to - from) / (beta + from)),
    );
    expect(Math.abs(gone / byHand - 1)).toBeLessThan(1e-12);
  });
});

describe('Gamma-Gamma by hand', () => {
  it('has the likelihood of a mean of gamma values whose rate is gamma itself', () => {
    const [p, q, v] = [3, 4, 10];
    for (const { frequency: x, value } of [
      { frequency: 1, value: 5 },
      { frequency: 4, value: 3.5 },
    ]) {
      // The mean of x values that are Gamma(p, ν) is Gamma(px, νx).
      const byHand = integrate((rate) => gammaDensity(rate, q, v) * gammaDensity(value, p * x, rate * x), 0, 12);
      expect(gammaGammaLikelihood([{ frequency: x, value }], [p, q, v]).value).toBeCloseTo(Math.log(byHand), 10);
    }
  });

  it('has no population mean where it is infinite, and refuses to expect one', () => {
    const wild = Array.from({ length: 60 }, (_, at) => ({ frequency: 1 + (at % 3), value: 10 ** ((at * 7) % 6) }));
    const fit = fitGammaGamma(wild);
    expect(fit.parameters.q).toBeLessThan(1);
    expect(fit.populationMean).toBeNull();
    const atOne = { model: 'gamma-gamma', parameters: { p: 2, q: 1, v: 3 } } as const;
    expect(() => expectedSpend(atOne, { frequency: 0, value: null })).toThrow('infinite');
  });
});

describe('how well a model fits, by hand', () => {
  const model = { model: 'bg-nbd', parameters: { r: 0.8, alpha: 5, a: 1.2, b: 2.5 } } as const;

  it('counts a weight as so many customers', () => {
    const weighted = expectedFrequencies(
      model,
      [
        { frequency: 2, recency: 3, age: 9, weight: 3 },
        { frequency: 0, recency: 0, age: 4 },
      ],
      3,
    );
    expect(weighted.map(({ actual }) => actual)).toEqual([1, 0, 3, 0]);
    weighted
      .slice(0, 3)
      .forEach(({ expected }, x) =>
        expect(expected).toBeCloseTo(3 * purchaseCountProbability(model, 9, x) + purchaseCountProbability(model, 4, x), 12),
      );
    expect(weighted.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(4, 12);
  });

  const log = {
    customers: ['a', 'a', 'b', 'b', 'b', 'c', 'd', 'd', 'e', 'a', 'b', 'b'],
    days: [0, 9, 1, 20, 40, 2, 3, 48, 5, 60, 70, 77],
  };
  const summaries: PurchaseSummaries = summariesOf(log, { calibrationEnd: 49, observationEnd: 77 });

  it('compares every customer with what was foreseen', () => {
    const foreseen = summaries.customers.map((customer) => expectedPurchasesOf(model, customer, 4));
    const actual = [1, 2, 0, 0, 0];
    const errors = foreseen.map((each, index) => actual[index] - each);
    const holdout = compareHoldout(model, summaries, 4);
    expect(holdout).toMatchObject({ holdout: 4, n: 5, actual: 3 });
    expect(holdout.expected).toBeCloseTo(
      foreseen.reduce((sum, each) => sum + each),
      12,
    );
    expect(holdout.meanAbsoluteError).toBeCloseTo(errors.reduce((sum, each) => sum + Math.abs(each), 0) / 5, 12);
    expect(holdout.rootMeanSquareError).toBeCloseTo(Math.sqrt(errors.reduce((sum, each) => sum + each ** 2, 0) / 5), 12);
    // Nobody bought three or four times again in calibration: there is no such group.
    expect(holdout.groups.map(({ frequency, n, actualMean }) => [frequency, n, actualMean])).toEqual([
      [0, 2, 0],
      [1, 2, 0.5],
      [2, 1, 2],
    ]);
    const alike = { ...summaries, customers: summaries.customers.map((each) => ({ ...each, holdoutFrequency: 1 })) };
    expect(compareHoldout(model, alike).correlation).toBeNull();
  });

  it('follows purchases to the last day observed, and no further', () => {
    const tracking = trackRepeatPurchases(model, summaries, 1, 12);
    expect(tracking.map(({ actual }) => actual)).toEqual([0, 1, 2, 2, 2, 3, 4, 4, 5, 6, 7, null]);
  });

  it('looks ahead for the holdout period unless told otherwise, and discounts it in equal steps of at most one unit', () => {
    const values = [5, 7, 9, 3, 4, 8, 6, 6, 2, 5, 5, 5];
    const options = { penalty: 0.01, calibrationEnd: 49, observationEnd: 77 };
    const plain = analyseRepeatPurchase({ ...log, values }, options);
    expect(plain.horizon).toBe(4);
    const [ann] = plain.customers;
    expect(ann.lifetimeValue).toBeCloseTo(ann.expectedPurchases * (ann.expectedSpend ?? NaN), 12);
    const discounted = analyseRepeatPurchase({ ...log, values }, { ...options, horizon: 2.5, discountRate: 0.1 }).customers[0];
    const steps = [0, 2.5 / 3, 5 / 3, 2.5].map((time) => expectedPurchasesOf(plain.fit, summaries.customers[0], time));
    const byHand = [1, 2, 3].reduce((sum, k) => sum + (steps[k] - steps[k - 1]) / 1.1 ** ((k * 2.5) / 3), 0);
    expect(discounted.lifetimeValue).toBeCloseTo(byHand * (ann.expectedSpend ?? NaN), 10);
    expect(analyseRepeatPurchase({ ...log, values }, { ...options, horizon: 0, discountRate: 0.1 }).customers[0].lifetimeValue).toBe(0);
    // b bought for 3 and for 4 after the first time: two values, not one.
    expect(plain.customers[1].expectedSpend).toBe(
      expectedSpend(plain.spending as NonNullable<typeof plain.spending>, { frequency: 2, value: 3.5 }),
    );
    expect(analyseRepeatPurchase({ ...log, values }, { ...options, unitDays: 30.4375 }).tracking.map(({ time }) => time)).toEqual(
      [30, 60].map((day) => day / 30.4375),
    );
  });
});

describe('an analysis whose spending has no mean', () => {
  it('gives no value to customers of whom too little is known, and one to the others', () => {
    // Four copies of five customers, whose purchases are worth anything from 1 to 7,776.
    const rows = [0, 1, 2, 3].flatMap((copy) =>
      (['a0', 'a9', 'b1', 'b20', 'b40', 'c2', 'd3', 'd90', 'e5'] as const).map((row, at) => ({
        customer: `${row[0]}${copy}`,
        day: Number(row.slice(1)),
        value: 6 ** ((at * 7 + copy * 5) % 6),
      })),
    );
    const log = {
      customers: rows.map(({ customer }) => customer),
      days: rows.map(({ day }) => day),
      values: rows.map(({ value }) => value),
    };
    const { spending, customers: outlooks } = analyseRepeatPurchase(log, { penalty: 0.01, observationEnd: 100 });
    expect(spending?.populationMean).toBeNull();
    const { p, q } = (spending as NonNullable<typeof spending>).parameters;
    expect(p + q).toBeLessThan(1);
    expect(2 * p + q).toBeGreaterThan(1);
    const known = outlooks.map(({ frequency, expectedSpend: spend, lifetimeValue }) => [frequency, spend !== null, lifetimeValue !== null]);
    expect(known).toEqual(outlooks.map(({ frequency }) => [frequency, frequency > 1, frequency > 1]));
    expect(known.filter(([frequency]) => frequency === 2)).toHaveLength(4);
  });
});

describe('histories', () => {
  it('that are alike count as one with the sum of their weights', () => {
    const [one, other] = [
      { frequency: 2, recency: 3, age: 9 },
      { frequency: 0, recency: 0, age: 4 },
    ];
    const table = tableOf([{ ...one, weight: 2 }, other, { ...one, weight: 3 }, one]);
    expect(table).toMatchObject({ rows: 2, customers: 7, repeatCustomers: 6, repeatPurchases: 12, meanAge: 58 / 7, longestAge: 9 });
    expect([...table.weight]).toEqual([1, 6]);
    expect([...table.purchasersBeyond]).toEqual([6, 6]);
  });

  it('are refused with more purchases than visits can be', () => {
    expect(() => tableOf([{ frequency: 1_000_001, recency: 1, age: 2 }])).toThrow('single visits');
    expect(tableOf([{ frequency: 1000, recency: 1, age: 2 }]).repeatPurchases).toBe(1000);
  });
});

describe('the criteria of a fit', () => {
  const histories = [...Array.from({ length: 30 }, (_, at) => ({ frequency: at % 5, recency: at % 5 === 0 ? 0 : 5 + (at % 7), age: 20 }))];

  it('are Akaike’s and Schwarz’s, without the penalty', () => {
    const { logLikelihood, aic, bic, parameters } = fitBgNbd(histories, { penalty: 0.01 });
    expect(aic).toBeCloseTo(8 - 2 * logLikelihood, 12);
    expect(bic).toBeCloseTo(4 * Math.log(30) - 2 * logLikelihood, 12);
    expect(logLikelihood).toBeCloseTo(logLikelihoodOf({ model: 'bg-nbd', parameters }, histories), 10);
    const penalised = (tried: typeof parameters): number =>
      logLikelihoodOf({ model: 'bg-nbd', parameters: tried }, histories) -
      0.01 * 30 * (tried.r ** 2 + (tried.alpha / 2) ** 2 + tried.a ** 2 + tried.b ** 2);
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      for (const factor of [0.99, 1.01])
        expect(penalised({ ...parameters, [name]: factor * parameters[name] })).toBeLessThan(penalised(parameters));
    // The penalty counts times so that the longest age is 10: in other units the same customers have the same fit.
    const days = fitBgNbd(
      histories.map(({ frequency, recency, age }) => ({ frequency, recency: 7 * recency, age: 7 * age })),
      { penalty: 0.01 },
    );
    expect(days.parameters.alpha / 7).toBeCloseTo(parameters.alpha, 8);
    expect(days.parameters.r).toBeCloseTo(parameters.r, 8);
  });
});
