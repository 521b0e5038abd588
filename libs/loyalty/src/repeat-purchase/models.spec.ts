import fc from 'fast-check';
import { logGamma } from '@touchstone/statistics/distributions';
import { bgNbdLikelihood } from './bg-nbd-likelihood.js';
import { tableOf } from './customer-history.js';
import { gammaGammaLikelihood } from './gamma-gamma.js';
import type { RepeatPurchaseModel } from './model.js';
import { paretoNbdLikelihood } from './pareto-nbd-likelihood.js';
import { digamma, trigamma } from './polygamma.js';
import { expectedPurchases, expectedPurchasesOf, logLikelihoodOf, probabilityAlive, purchaseCountProbability } from './predictions.js';
import { byIntegral, bySeries, purchasesBeforeDropout } from './purchases-before-dropout.js';
import { integrate } from './quadrature.js';
import type { NaturalSurface } from './surface.js';

const bgNbd = (r: number, alpha: number, a: number, b: number): RepeatPurchaseModel => ({
  model: 'bg-nbd',
  parameters: { r, alpha, a, b },
});
const paretoNbd = (r: number, alpha: number, s: number, beta: number): RepeatPurchaseModel => ({
  model: 'pareto-nbd',
  parameters: { r, alpha, s, beta },
});

const histories = [
  { frequency: 0, recency: 0, age: 7 },
  { frequency: 1, recency: 2, age: 10 },
  { frequency: 3, recency: 9.5, age: 10, weight: 2 },
  { frequency: 12, recency: 5, age: 30 },
];
const parameter = fc.double({ min: 0.2, max: 20, noNaN: true });
const four = fc.tuple(parameter, parameter, parameter, parameter);
const history = fc
  .record({
    frequency: fc.integer({ min: 1, max: 40 }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    age: fc.double({ min: 0.1, max: 100, noNaN: true }),
  })
  .map(({ frequency, share, age }) => ({ frequency, recency: share * age, age }));

const gammaDensity = (at: number, shape: number, rate: number): number =>
  Math.exp(shape * Math.log(rate) + (shape - 1) * Math.log(at) - rate * at - logGamma(shape));
const betaDensity = (at: number, a: number, b: number): number =>
  Math.exp((a - 1) * Math.log(at) + (b - 1) * Math.log1p(-at) + logGamma(a + b) - logGamma(a) - logGamma(b));

/** Slopes and curvatures against differences of values and of slopes. */
function expectDerivatives(at: (parameters: readonly number[]) => NaturalSurface, parameters: readonly number[]): void {
  const { gradient, hessian } = at(parameters);
  parameters.forEach((value, index) => {
    const h = 1e-5 * value;
    const above = at(parameters.map((each, other) => (other === index ? each + h : each)));
    const below = at(parameters.map((each, other) => (other === index ? each - h : each)));
    const scale = 1 + Math.abs(gradient[index]);
    expect(Math.abs((above.value - below.value) / (2 * h) - gradient[index])).toBeLessThan(1e-5 * scale);
    parameters.forEach((_, other) => {
      const slope = (above.gradient[other] - below.gradient[other]) / (2 * h);
      expect(Math.abs(slope - hessian[index * parameters.length + other])).toBeLessThan(1e-5 * (1 + Math.abs(slope)));
    });
  });
}

describe('the likelihoods', () => {
  it.each(histories)(
    'BG/NBD of %o is the mean over rates and chances of leaving, integrated numerically',
    ({ frequency: x, recency, age }) => {
      const [r, alpha, a, b] = [2, 6, 2, 3];
      const byHand = integrate(
        (p) =>
          betaDensity(p, a, b) *
          integrate(
            (rate) => {
              const stayed = (1 - p) ** x * rate ** x * Math.exp(-rate * age);
              const left = x > 0 ? p * (1 - p) ** (x - 1) * rate ** x * Math.exp(-rate * recency) : 0;
              return gammaDensity(rate, r, alpha) * (stayed + left);
            },
            0,
            12,
          ),
        0,
        1,
      );
      expect(
        bgNbdLikelihood(
          tableOf([
            { frequency: x, recency, age },
            { frequency: 1, recency: 1, age: 1 },
          ]),
          [r, alpha, a, b],
        ).value - one(bgNbdLikelihood, [r, alpha, a, b]),
      ).toBeCloseTo(Math.log(byHand), 9);
    },
  );

  it.each(histories)(
    'Pareto/NBD of %o is the mean over rates of buying and of leaving, integrated numerically',
    ({ frequency: x, recency, age }) => {
      const [r, alpha, s, beta] = [2, 6, 3, 20];
      const byHand = integrate(
        (leaving) =>
          gammaDensity(leaving, s, beta) *
          integrate(
            (rate) => {
              const sum = rate + leaving;
              const either = (leaving * Math.exp(-sum * recency) + rate * Math.exp(-sum * age)) / sum;
              return gammaDensity(rate, r, alpha) * rate ** x * either;
            },
            0,
            12,
          ),
        0,
        4,
      );
      expect(
        paretoNbdLikelihood(
          tableOf([
            { frequency: x, recency, age },
            { frequency: 1, recency: 1, age: 1 },
          ]),
          [r, alpha, s, beta],
        ).value - one(paretoNbdLikelihood, [r, alpha, s, beta]),
      ).toBeCloseTo(Math.log(byHand), 9);
    },
  );

  it('have the derivatives they say', () => {
    const table = tableOf(histories);
    const spends = [
      { frequency: 1, value: 5 },
      { frequency: 4, value: 20 },
    ];
    fc.assert(
      fc.property(four, (parameters) => {
        expectDerivatives((at) => bgNbdLikelihood(table, at), parameters);
        expectDerivatives((at) => paretoNbdLikelihood(table, at), parameters);
        expectDerivatives((at) => gammaGammaLikelihood(spends, at), parameters.slice(1));
      }),
      { numRuns: 25 },
    );
  });

  it('count a weight as so many customers', () => {
    const repeated = [...histories, histories[2]].map(({ frequency, recency, age }) => ({ frequency, recency, age }));
    for (const model of [bgNbd(0.3, 4, 0.8, 2.4), paretoNbd(0.5, 10, 0.6, 12)])
      expect(logLikelihoodOf(model, repeated)).toBe(logLikelihoodOf(model, histories));
  });
});

function one(likelihood: typeof bgNbdLikelihood, parameters: readonly number[]): number {
  return likelihood(tableOf([{ frequency: 1, recency: 1, age: 1 }]), parameters).value;
}

describe('the expectations', () => {
  it('agree as series and as integral, and where the integral is elementary', () => {
    fc.assert(
      fc.property(four, fc.double({ min: 0.01, max: 20, noNaN: true }), ([shape, , a, b], tau) => {
        const series = bySeries(shape, tau, a, b, (1 + tau) ** -shape);
        expect(Math.abs(byIntegral(shape, tau, a, b) / series - 1)).toBeLessThan(1e-11);
      }),
    );
    // With a, b and the shape 1 the integral is ∫ τ/(1+pτ) dp = ln(1+τ); in the closed form a = 1 divides by zero.
    expect(purchasesBeforeDropout(1, 3, 1, 1, 6)).toBeCloseTo(Math.log(3), 14);
    expect(purchasesBeforeDropout(1, 1, 1, 1, 1e6)).toBeCloseTo(Math.log1p(1e6), 11);
    expect(purchasesBeforeDropout(1, 1, 1, 1, 1e12)).toBeCloseTo(Math.log1p(1e12), 10);
  });

  it('are the means of the probabilities of counts, which sum to 1', () => {
    for (const model of [bgNbd(1.5, 4, 2, 3), paretoNbd(1.5, 4, 2, 9), bgNbd(0.24, 4.4, 1, 2.4), paretoNbd(0.55, 10, 1, 12)]) {
      const chances = Array.from({ length: 400 }, (_, x) => purchaseCountProbability(model, 12, x));
      expect(chances.reduce((sum, chance) => sum + chance)).toBeCloseTo(1, 11);
      expect(chances.reduce((sum, chance, x) => sum + x * chance, 0)).toBeCloseTo(expectedPurchases(model, 12), 10);
    }
  });

  it('do not depend on the unit of time', () => {
    fc.assert(
      fc.property(
        four,
        history,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        ([r, alpha, s, beta], { frequency, recency, age }, unit) => {
          const scaled = { frequency, recency: recency * unit, age: Math.max(age * unit, recency * unit) };
          const pairs = [
            [bgNbd(r, alpha, s, beta), bgNbd(r, alpha * unit, s, beta)],
            [paretoNbd(r, alpha, s, beta), paretoNbd(r, alpha * unit, s, beta * unit)],
          ];
          for (const [plain, other] of pairs) {
            const before = expectedPurchasesOf(plain, { frequency, recency, age }, 13);
            expect(Math.abs(expectedPurchasesOf(other, scaled, 13 * unit) - before)).toBeLessThan(1e-9 * (1e-9 + before));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('rise with the time ahead and never exceed what a customer who stays would buy', () => {
    fc.assert(
      fc.property(four, history, ([r, alpha, s, beta], customer) => {
        for (const model of [bgNbd(r, alpha, s, beta), paretoNbd(r, alpha, s, beta)]) {
          const [near, far] = [5, 10].map((time) => expectedPurchasesOf(model, customer, time));
          // Both may be as good as all that is ever bought: then they differ by rounding only.
          expect(near).toBeLessThanOrEqual(far * (1 + 1e-12));
          expect(far).toBeLessThanOrEqual((((r + customer.frequency) * 10) / (alpha + customer.age)) * (1 + 1e-12));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('stay finite for frequent customers and long times', () => {
    for (const model of [bgNbd(0.24, 4.4, 0.79, 2.4), paretoNbd(0.55, 10, 0.6, 12)]) {
      const customer = { frequency: 5000, recency: 9000, age: 10000 };
      expect(probabilityAlive(model, customer)).toBeGreaterThanOrEqual(0);
      expect(expectedPurchasesOf(model, { ...customer, recency: 10000 }, 1e6)).toBeGreaterThan(1);
      expect(logLikelihoodOf(model, [customer])).toBeLessThan(0);
    }
  });
});

describe('P(alive)', () => {
  it('falls with the time since the last purchase, and lies between 0 and 1', () => {
    fc.assert(
      fc.property(four, history, ([r, alpha, s, beta], customer) => {
        for (const model of [bgNbd(r, alpha, s, beta), paretoNbd(r, alpha, s, beta)]) {
          const [soon, late] = [customer.age, customer.age + 5].map((age) => probabilityAlive(model, { ...customer, age }));
          expect(late).toBeLessThanOrEqual(soon);
          expect(late).toBeGreaterThanOrEqual(0);
          expect(soon).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('of Pareto/NBD is 1 right after a purchase, of BG/NBD 1 before the first repeat purchase', () => {
    expect(probabilityAlive(paretoNbd(0.5, 10, 0.6, 12), { frequency: 3, recency: 20, age: 20 })).toBe(1);
    expect(probabilityAlive(bgNbd(0.5, 10, 0.6, 12), { frequency: 0, recency: 0, age: 20 })).toBe(1);
  });
});

describe('the derivatives of ln Γ', () => {
  it('have their known values at 1 and ½, and their recurrences', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 14);
    expect(digamma(0.5)).toBeCloseTo(-0.5772156649015329 - 2 * Math.LN2, 13);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 14);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 13);
    expect(digamma(30.5) - digamma(29.5)).toBeCloseTo(1 / 29.5, 14);
    expect(trigamma(29.5) - trigamma(30.5)).toBeCloseTo(1 / 29.5 ** 2, 14);
  });
});
