// Published results the estimators of attribution are held to.
import type { ReferenceCase, ReferencedMethod, ReferencesOf } from '@touchstone/statistics/references';
import { compareStrata } from './compare-exposed.js';
import { eValue } from './e-value.js';
import { rSquaredShares } from './explained-shares.js';
import { mantelHaenszelDifference, mantelHaenszelOddsRatio, mantelHaenszelRatio } from './mantel-haenszel.js';
import type { StratumCounts } from './mantel-haenszel.js';
import { panelIndex, panelRegression } from './panel-regression.js';
import type { FixedEffects } from './panel-regression.js';
import { randomFromState } from './random.js';
import { shapleyShares } from './shapley.js';

/** Deaths in the University Group Diabetes Program, tolbutamide against placebo, by age: Modern Epidemiology, table 15-1. */
export const DIABETES_PROGRAM: readonly StratumCounts[] = [
  { stratum: 'under 55', exposedEvents: 8, exposed: 106, unexposedEvents: 5, unexposed: 120 },
  { stratum: '55 and over', exposedEvents: 22, exposed: 98, unexposedEvents: 16, unexposed: 85 },
];

/** Tuberculosis after BCG vaccination in 13 trials: G. A. Colditz et al., JAMA 271 (1994); vaccinated cases and not, unvaccinated cases and not. */
export const BCG_TRIALS: readonly StratumCounts[] = [
  [4, 119, 11, 128],
  [6, 300, 29, 274],
  [3, 228, 11, 209],
  [62, 13536, 248, 12619],
  [33, 5036, 47, 5761],
  [180, 1361, 372, 1079],
  [8, 2537, 10, 619],
  [505, 87886, 499, 87892],
  [29, 7470, 45, 7232],
  [17, 1699, 65, 1600],
  [186, 50448, 141, 27197],
  [5, 2493, 3, 2338],
  [27, 16886, 29, 17825],
].map(([ill, well, unvaccinatedIll, unvaccinatedWell], trial) => ({
  stratum: `trial ${trial + 1}`,
  exposedEvents: ill,
  exposed: ill + well,
  unexposedEvents: unvaccinatedIll,
  unexposed: unvaccinatedIll + unvaccinatedWell,
}));

export const attributionReferences: ReferencesOf = (read) => [
  mantelHaenszelReference(),
  eValueReference(),
  panelReference(JSON.parse(read('attribution-investment.json')) as Investment),
  relativeImportanceReference(JSON.parse(read('attribution-swiss.json')) as Swiss),
  shapleyReference(),
  randomReference(),
];

const caseOf = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  tolerance,
  ours,
});

function mantelHaenszelReference(): ReferencedMethod {
  const whole = () => compareStrata(DIABETES_PROGRAM, { confidence: 0.9 });
  const difference = () => mantelHaenszelDifference(DIABETES_PROGRAM, 0.9);
  const ratio = () => mantelHaenszelRatio(DIABETES_PROGRAM, 0.9);
  const odds = () => mantelHaenszelOddsRatio(DIABETES_PROGRAM, 0.9);
  const trials = () => mantelHaenszelRatio(BCG_TRIALS, 0.95);
  const last = 0.5e-4 * 1.0001;
  return {
    name: 'Stratified comparison of exposed and unexposed accounts (Mantel–Haenszel)',
    formula: 'RD = Σ(a·n0 − b·n1)/N / Σ n1·n0/N;  RR = Σ a·n0/N / Σ b·n1/N;  variances of Greenland and Robins',
    source:
      'S. Greenland, J. M. Robins, Biometrics 41 (1985); K. J. Rothman et al., Modern Epidemiology, 3rd edition, chapter 15; figures of the R package metafor on its table 15-1 and on 13 BCG trials, as its tests assert them',
    cases: [
      caseOf('risk difference, tolbutamide', 0.0349, last, () => difference().estimate),
      caseOf('its lower 90 % limit', -0.0176, last, () => difference().lower),
      caseOf('its upper 90 % limit', 0.0874, last, () => difference().upper),
      caseOf('homogeneity of the differences', 0.0017, last, () => whole().homogeneity.riskDifference?.statistic ?? NaN),
      caseOf('risk ratio, tolbutamide', 1.3256, last, () => ratio()?.estimate ?? NaN),
      caseOf('its lower 90 % limit', 0.8658, last, () => ratio()?.lower ?? NaN),
      caseOf('its upper 90 % limit', 2.0296, last, () => ratio()?.upper ?? NaN),
      caseOf('homogeneity of the ratios', 0.4472, last, () => whole().homogeneity.riskRatio?.statistic ?? NaN),
      caseOf('its p-value', 0.5037, last, () => whole().homogeneity.riskRatio?.pValue ?? NaN),
      caseOf('odds ratio, tolbutamide', 1.4031, last, () => odds()?.estimate ?? NaN),
      caseOf('its lower 90 % limit', 0.8411, last, () => odds()?.lower ?? NaN),
      caseOf('its upper 90 % limit', 2.3409, last, () => odds()?.upper ?? NaN),
      caseOf('chi-square of no association', 1.1914, last, () => whole().test?.statistic ?? NaN),
      caseOf('its p-value', 0.275, last, () => whole().test?.pValue ?? NaN),
      caseOf('crude risk ratio', 1.4356, last, () => whole().crude.riskRatio?.estimate ?? NaN),
      caseOf('log risk ratio, BCG', -0.4537, last, () => Math.log(trials()?.estimate ?? NaN)),
      caseOf('its lower 95 % limit', -0.5308, last, () => Math.log(trials()?.lower ?? NaN)),
      caseOf('its upper 95 % limit', -0.3766, last, () => Math.log(trials()?.upper ?? NaN)),
    ],
  };
}

function eValueReference(): ReferencedMethod {
  const breastfeeding = () => eValue({ estimate: 3.9, lower: 1.8, upper: 8.7 });
  const leukemia = () => eValue({ estimate: 0.8, lower: 0.71, upper: 0.91 });
  return {
    name: 'E-value',
    formula: 'E = RR + √(RR·(RR − 1)), of 1/RR where RR < 1',
    source: 'T. J. VanderWeele, P. Ding, Annals of Internal Medicine 167 (2017), as the R package EValue calculates them',
    cases: [
      caseOf('bottle feeding and death by respiratory infection, RR 3.9 (1.8 to 8.7)', 7.263034, 5e-7, () => breastfeeding().estimate),
      caseOf('its interval', 3, 5e-7, () => breastfeeding().interval),
      caseOf('breastfeeding and leukaemia, RR 0.80 (0.71 to 0.91)', 1.809017, 5e-7, () => leukemia().estimate),
      caseOf('its interval', 1.428571, 5e-7, () => leukemia().interval),
    ],
  };
}

interface Investment {
  readonly firm: readonly number[];
  readonly year: readonly number[];
  readonly investment: readonly number[];
  readonly value: readonly number[];
  readonly capital: readonly number[];
}

function panelReference({ firm, year, investment, value, capital }: Investment): ReferencedMethod {
  const fit = (effects: FixedEffects) =>
    panelRegression(Float64Array.from(investment), [Float64Array.from(value), Float64Array.from(capital)], panelIndex(firm, year), effects);
  return {
    name: 'Event study: within transform with errors clustered by account',
    formula: 'V = (X′X)⁻¹ Σ X_g′u_g u_g′X_g (X′X)⁻¹ · G/(G − 1) · (N − 1)/(N − K)',
    source:
      'B. H. Baltagi, Econometric Analysis of Panel Data, table 3.1 (0.118 and 0.358, by gretl 0.117716 and 0.357916); gretl and Stata (xtreg, fe vce(cluster)) on the investments of ten firms, as the tests of the R package plm quote them',
    cases: [
      caseOf('value, firm and year effects', 0.117716, 0.5e-6, () => fit('account-and-period').coefficients[0]),
      caseOf('capital, firm and year effects', 0.357916, 0.5e-6, () => fit('account-and-period').coefficients[1]),
      caseOf('value, firm effects', 0.1101238, 0.5e-7, () => fit('account').coefficients[0]),
      caseOf('capital, firm effects', 0.3100653, 0.5e-7, () => fit('account').coefficients[1]),
      caseOf('clustered standard error of value', 0.0151945, 0.5e-7, () => Math.sqrt(fit('account').covariance.get(0, 0))),
      caseOf('clustered standard error of capital', 0.0527518, 0.5e-7, () => Math.sqrt(fit('account').covariance.get(1, 1))),
    ],
  };
}

interface Swiss {
  readonly fertility: readonly number[];
  readonly agriculture: readonly number[];
  readonly examination: readonly number[];
  readonly education: readonly number[];
  readonly catholic: readonly number[];
  readonly infantMortality: readonly number[];
}

function relativeImportanceReference({ fertility, ...indicators }: Swiss): ReferencedMethod {
  const factors = Object.entries(indicators).map(([name, values]) => ({ name, values }));
  const shares = () => rSquaredShares(fertility, factors);
  const published = [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265];
  return {
    name: 'Shapley shares of R²',
    formula: 'share of j = Σ over sets S without j of |S|!·(n − |S| − 1)!/n! · (R²(S with j) − R²(S))',
    source:
      'U. Grömping, Journal of Statistical Software 17 (2006), measure lmg; figures of the R package relaimpo on the Swiss fertility data (data compared; shares: quoted; the source was not at hand to be compared)',
    cases: [
      caseOf('R² of all five', 0.706735001593, 1e-12, () => shares().total),
      ...factors.map(({ name }, at) => caseOf(name, published[at], 1e-12, () => shares().shares[at].share)),
    ],
  };
}

/** The airport game: a runway for the largest aircraft serves all; each piece of it is shared by those that need it. */
function shapleyReference(): ReferencedMethod {
  const costs = [1, 2, 3, 4];
  const shares = () =>
    shapleyShares(
      costs.map((cost) => `cost ${cost}`),
      (set) => Math.max(0, ...set.map((at) => costs[at])),
    );
  const published = [1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 1 / 2, 1 / 4 + 1 / 3 + 1 / 2 + 1];
  return {
    name: 'Shapley shares',
    formula: 'mean over all orders of joining of what a factor adds',
    source:
      'L. S. Shapley, 1953; S. C. Littlechild, G. Owen, A simple expression for the Shapley value in a special case, Management Science 20 (1973)',
    cases: published.map((share, at) => caseOf(`runway of cost ${costs[at]} of 1, 2, 3, 4`, share, 1e-15, () => shares().shares[at].share)),
  };
}

function randomReference(): ReferencedMethod {
  const published = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804];
  const drawn = (count: number): number => {
    const random = randomFromState([1, 2, 3, 4]);
    for (let skipped = 1; skipped < count; skipped += 1) random.bits();
    return random.bits();
  };
  return {
    name: 'Random numbers of the simulator (xoshiro128** 1.1)',
    formula: 'rotl(s1 · 5, 7) · 9',
    source:
      'D. Blackman, S. Vigna, ACM Transactions on Mathematical Software 47 (2021); outputs of their C program from the state 1, 2, 3, 4, as the tests of rand_xoshiro (rust-random) assert them',
    cases: published.map((bits, at) => caseOf(`output ${at + 1}`, bits, 0, () => drawn(at + 1))),
  };
}
