import { logGamma } from '@touchstone/statistics/distributions';
import { softplus } from '../log-odds.js';

/** More terms than this, and the integral is quicker. */
const MANY_TERMS = 3_000;
/** Below e^−700 the first weight of the series is no longer a normal double. */
const LOWEST_LOG = -700;
const NEGLIGIBLE = 1e-17;
/** For p below e^−600 nobody leaves, and the expected purchases are shape · τ. */
const TINY_LOG = -600;
/** Chances of e^−150 and less change nothing any more, whatever the time. */
const FAR_LOGIT = 150;

/**
 * Expected purchases within `time` of somebody whose rate is Gamma(shape, scale) and whose chance of leaving after each purchase is
 * Beta(a, b). In Fader, Hardie and Lee (2005), equations 9 and 10 without P(alive),
 *
 *     (a+b−1)/(a−1) · [1 − (scale/(scale+t))^shape · ₂F₁(shape, b; a+b−1; t/(scale+t))],
 *
 * which cancels near a = 1, and where little happens. The same is a sum of positive terms: had nobody left, the purchases k would
 * be negative binomial, and of k purchases Σ E[(1−p)^j], j < k, take place. (Multiply Euler's transformation of ₂F₁ out, and
 * collect by powers of t/(scale+t).) Where that needs too many terms, it is an integral over p.
 */
export function purchasesBeforeDropout(shape: number, scale: number, a: number, b: number, time: number): number {
  if (time === 0) return 0;
  const tau = time / scale;
  const logNone = -shape * Math.log1p(tau);
  const fewTerms = (shape + 40) * (tau + 1) < MANY_TERMS;
  return fewTerms && logNone > LOWEST_LOG ? bySeries(shape, tau, a, b, Math.exp(logNone)) : byIntegral(shape, tau, a, b);
}

/** `none` is the probability of no purchase at all, (1+τ)^−shape. */
export function bySeries(shape: number, tau: number, a: number, b: number, none: number): number {
  const z = tau / (1 + tau);
  let probability = none;
  let stillThere = 1;
  let takingPlace = 0;
  let sum = 0;
  let lost = 0;
  for (let k = 1; ; k += 1) {
    probability *= ((shape + k - 1) / k) * z;
    takingPlace += stillThere;
    stillThere *= (b + k - 1) / (a + b + k - 1);
    const term = probability * takingPlace;
    const next = sum + term;
    lost += sum >= term ? sum - next + term : term - next + sum;
    sum = next;
    // From here on each term is at most `ratio` times the one before.
    const ratio = ((shape + k) / (k + 1)) * z * ((k + 1) / k);
    if (ratio < 1 && (term * ratio) / (1 - ratio) <= NEGLIGIBLE * sum) return sum + lost;
  }
}

/**
 * ∫ Beta(p; a, b) · (1 − (1+pτ)^−shape)/p dp by the trapezoidal rule in the logit of p, where the integrand is analytic
 * between ±iπ and vanishes at both ends, so the error falls exponentially with the step.
 */
export function byIntegral(shape: number, tau: number, a: number, b: number): number {
  const step = Math.min(0.25, 0.5 * Math.sqrt(1 / a + 1 / b));
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const integrand = (logit: number): number => {
    const logP = -softplus(-logit);
    const logDensity = a * logP - b * softplus(logit) - logBeta;
    const expected = logP < TINY_LOG ? shape * tau : -Math.expm1(-shape * Math.log1p(Math.exp(logP) * tau)) / Math.exp(logP);
    return Math.exp(logDensity) * expected;
  };
  const middle = Math.log(a / b);
  return step * (integrand(middle) + tailSum(integrand, middle, -step, a) + tailSum(integrand, middle, step, b));
}

/** Σ integrand(middle + n·step), n ≥ 1. Far out the terms fall by a constant factor e^−|rate·step|, and the rest is a geometric series. */
function tailSum(integrand: (logit: number) => number, middle: number, step: number, rate: number): number {
  const factor = Math.exp(-rate * Math.abs(step));
  let sum = 0;
  let before = integrand(middle);
  for (let logit = middle + step; Math.abs(logit) < FAR_LOGIT; logit += step) {
    const term = integrand(logit);
    sum += term;
    if (term < before && term < NEGLIGIBLE * 1e-3 * (sum + before)) return sum;
    before = term;
  }
  return sum + (before * factor) / -Math.expm1(-rate * Math.abs(step));
}
