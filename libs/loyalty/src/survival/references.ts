// Published results the methods of this folder are held to.
import { power } from '@touchstone/statistics';
import type { ReadFixture, ReferenceCase, ReferencedMethod, ReferencesOf } from '@touchstone/statistics/references';
import { coxRegression } from './cox-regression.js';
import type { CoxFit } from './cox-regression.js';
import { coxResiduals, schoenfeldResiduals } from './cox-residuals.js';
import { coxSurvival } from './cox-survival.js';
import { discreteHazard } from './discrete-hazard.js';
import { kaplanMeier, kaplanMeierByGroup } from './kaplan-meier.js';
import type { SurvivalCurve } from './kaplan-meier.js';
import { logRankTest } from './log-rank.js';
import { testProportionality } from './proportionality.js';
import type { Covariate } from './risk-sets.js';
import { restrictedMean, survivalAt } from './survival-reading.js';

type Columns<Name extends string> = Readonly<Record<Name, readonly number[]>>;
type Grouped = Columns<'time' | 'event'> & { readonly group: readonly string[] };

interface Trials {
  readonly aml: Grouped;
  readonly leukemia: Grouped;
  readonly ovarian: Columns<'time' | 'event' | 'age' | 'rx' | 'ecog.ps'>;
  readonly lung: Columns<'time' | 'event' | 'age' | 'sex'> & Readonly<Record<'inst' | 'ph.ecog' | 'pat.karno', readonly (number | null)[]>>;
  readonly veteran: Columns<'time' | 'event' | 'trt' | 'prior' | 'karno'>;
  readonly heart: Columns<'entry' | 'time' | 'event' | 'transplant' | 'age' | 'year'>;
}

interface Studies {
  readonly rossi: Columns<'week' | 'arrest' | 'fin' | 'age' | 'race' | 'wexp' | 'mar' | 'paro' | 'prio'>;
  readonly rossiResults: {
    readonly efron: Readonly<Record<string, { readonly coef: number; readonly se: number }>>;
    readonly breslow: Readonly<Record<string, { readonly coef: number; readonly se: number }>>;
    readonly loglik_null: number;
    readonly loglik_efron: number;
    readonly loglik_breslow: number;
    readonly concordance_R: number;
    readonly waltons_logrank_chi2: number;
    readonly waltons_logrank_p: number;
    readonly ph_test_cox_zph: readonly { readonly term: string; readonly chisq: number }[];
  };
  readonly waltons: Grouped;
  readonly telco: Columns<'tenure' | 'churned' | 'customers'> & { readonly contract: readonly string[] };
  readonly telcoResults: {
    readonly km_by_contract: Readonly<Record<string, { readonly S: Readonly<Record<string, number>> }>>;
    readonly logrank: { readonly R_chi2: number };
  };
}

const trialsFrom = (read: ReadFixture): Trials => JSON.parse(read('survival-trials.json')) as Trials;
const studiesFrom = (read: ReadFixture): Studies => JSON.parse(read('survival-rossi-waltons-telco.json')) as Studies;

const ROSSI = ['fin', 'age', 'race', 'wexp', 'mar', 'paro', 'prio'] as const;
/** Half a unit in a digit. */
const digits = (count: number): number => 0.5 * power(10, -count);
const named = (of: Readonly<Record<string, readonly number[]>>, ...names: readonly string[]): Covariate[] =>
  names.map((name) => ({ name, values: of[name] }));
const is = (name: string, labels: readonly string[], level: string): Covariate => ({
  name,
  values: labels.map((label) => Number(label === level)),
});
const published = (quantity: string, value: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published: value,
  tolerance,
  ours,
});
const curveOf = (data: Grouped, group: string): SurvivalCurve => kaplanMeierByGroup(data).filter((one) => one.group === group)[0].curve;

export const survivalReferences: ReferencesOf = (read) => [
  curves(read),
  logRanks(read),
  coxModel(read),
  coxCurves(read),
  proportionality(read),
  discrete(read),
];

function curves(read: ReadFixture): ReferencedMethod {
  const { aml, leukemia, lung } = trialsFrom(read);
  const { telco, telcoResults } = studiesFrom(read);
  const contracts = kaplanMeierByGroup({ time: telco.tenure, event: telco.churned, weights: telco.customers, group: telco.contract });
  const telcoCases = contracts.flatMap(({ group, curve }) =>
    Object.entries(telcoResults.km_by_contract[group].S).map(([month, survival]) =>
      published(
        `S at month ${month} of Telco customers, contract ${group}`,
        survival,
        1e-12,
        () => survivalAt(curve, [Number(month)])[0].survival ?? NaN,
      ),
    ),
  );
  const sixMp = curveOf(leukemia, '6-MP');
  const ecog = (level: number): SurvivalCurve => {
    const rows = lung['ph.ecog'].flatMap((value, row) => (value === level ? [row] : []));
    return kaplanMeier({ time: rows.map((row) => lung.time[row]), event: rows.map((row) => lung.event[row]) });
  };
  return {
    name: 'Kaplan–Meier curve',
    formula: 'S(t) = Π (1 − d/n), Greenwood: var S = S² Σ d/(n(n − d))',
    source:
      'Kaplan and Meier, J. Amer. Statist. Assoc. 53 (1958); Freireich et al., Blood 21 (1963), data compared, figures of 6-MP: quoted; the source was not at hand to be compared; tests of the R package survival',
    cases: [
      published('S at week 6 under 6-MP (18/21)', 18 / 21, 1e-15, () => survivalAt(sixMp, [6])[0].survival ?? NaN),
      published('S at week 10 under 6-MP', 0.7529, digits(4), () => survivalAt(sixMp, [10])[0].survival ?? NaN),
      published('standard error at week 10 under 6-MP', 0.0963, digits(4), () => survivalAt(sixMp, [10])[0].standardError ?? NaN),
      published('S at week 23 under 6-MP', 0.4482, digits(4), () => survivalAt(sixMp, [23])[0].survival ?? NaN),
      published('median weeks under 6-MP', 23, 0, () => sixMp.median.estimate ?? NaN),
      published('median weeks under placebo', 8, 0, () => curveOf(leukemia, 'placebo').median.estimate ?? NaN),
      published(
        'lower log bound at week 23, maintained, AML',
        0.3769,
        digits(4),
        () => survivalAt(curveOf(aml, 'Maintained'), [23])[0].lower ?? NaN,
      ),
      published('lower bound of the median, maintained, AML', 18, 0, () => curveOf(aml, 'Maintained').median.lower ?? NaN),
      published('median days, lung cancer, ECOG 0', 394, 0, () => ecog(0).median.estimate ?? NaN),
      published('upper bound of the median, lung cancer, ECOG 2', 288, 0, () => ecog(2).median.upper ?? NaN),
      published('mean of the first 730 days, lung cancer, ECOG 0', 429, 0.5, () => restrictedMean(ecog(0), 730).estimate),
      published('its standard error', 32.2, digits(1), () => restrictedMean(ecog(0), 730).standardError),
      ...telcoCases,
    ],
  };
}

function logRanks(read: ReadFixture): ReferencedMethod {
  const { aml, leukemia, ovarian, lung } = trialsFrom(read);
  const { waltons, telco, telcoResults, rossiResults } = studiesFrom(read);
  const rows = lung.inst.flatMap((inst, row) => (inst === null || lung['pat.karno'][row] === null ? [] : [row]));
  const taken = (column: readonly (number | null)[]): number[] => rows.map((row) => column[row] ?? 0);
  const karnofsky = { time: taken(lung.time), event: taken(lung.event), group: taken(lung['pat.karno']), strata: taken(lung.inst) };
  return {
    name: 'Log-rank test',
    formula: 'χ² = (O − E)ᵀ V⁻¹ (O − E), V hypergeometric',
    source:
      'Mantel, Cancer Chemother. Rep. 50 (1966); tests of the R package survival; figures of 6-MP: quoted; the source was not at hand to be compared',
    cases: [
      published('χ² of 6-MP against placebo', 16.79, digits(2), () => logRankTest(leukemia).chiSquare),
      published('relapses expected under 6-MP', 19.25, digits(2), () => logRankTest(leukemia).groups[0].expected),
      published('χ² by Gehan’s weights, 6-MP', 13.46, digits(2), () => logRankTest(leukemia, { weighting: 'gehan' }).chiSquare),
      published('χ² by Peto’s weights, 6-MP', 14.46, digits(2), () => logRankTest(leukemia, { weighting: { rho: 1 } }).chiSquare),
      published('events expected, maintained, AML', 10.69, digits(2), () => logRankTest(aml).groups[0].expected),
      published('χ² of treatments of ovarian cancer', 1.063, digits(3), () => logRankTest({ ...ovarian, group: ovarian.rx }).chiSquare),
      published('χ² of Karnofsky scores within institutions', 21.368, digits(3), () => logRankTest(karnofsky).chiSquare),
      published('χ² of Walton’s flies', rossiResults.waltons_logrank_chi2, 1e-9, () => logRankTest(waltons).chiSquare),
      published('p of Walton’s flies', rossiResults.waltons_logrank_p, 1e-37, () => logRankTest(waltons).pValue),
      published('χ² of Telco contracts', telcoResults.logrank.R_chi2, 1e-8, () => {
        const { tenure, churned, customers, contract } = telco;
        return logRankTest({ time: tenure, event: churned, weights: customers, group: contract }).chiSquare;
      }),
    ],
  };
}

function coxModel(read: ReadFixture): ReferencedMethod {
  const { aml, leukemia, heart, veteran } = trialsFrom(read);
  const { rossi, rossiResults } = studiesFrom(read);
  const fitOf = (ties: 'efron' | 'breslow'): CoxFit =>
    coxRegression({ time: rossi.week, event: rossi.arrest, covariates: named(rossi, ...ROSSI) }, { ties });
  const rossiCases = (['efron', 'breslow'] as const).flatMap((ties) => {
    const fit = fitOf(ties);
    return fit.coefficients.flatMap(({ name, estimate, standardError }) => [
      published(`rossi, ${ties}: ${name}`, rossiResults[ties][name].coef, 1e-8, () => estimate),
      published(`rossi, ${ties}: standard error of ${name}`, rossiResults[ties][name].se, 1e-8, () => standardError),
    ]);
  });
  const times = (one: readonly number[], other: readonly number[]): number[] => one.map((value, row) => value * other[row]);
  const transplant = {
    ...heart,
    'age:transplant': times(heart.age, heart.transplant),
    'year:transplant': times(heart.year, heart.transplant),
  };
  const kalbfleisch = (): CoxFit =>
    coxRegression(
      { ...heart, covariates: named(transplant, 'age', 'year', 'transplant', 'age:transplant', 'year:transplant') },
      { ties: 'breslow' },
    );
  const maintained = { ...aml, covariates: [is('x', aml.group, 'Nonmaintained')] };
  const placebo = { ...leukemia, covariates: [is('placebo', leukemia.group, 'placebo')] };
  const va = { ...veteran, covariates: named(veteran, 'trt', 'prior', 'karno') };
  return {
    name: 'Cox regression',
    formula: 'h(t|x) = h₀(t)·exp(βx), β by partial likelihood with Efron’s or Breslow’s ties',
    source:
      'Cox, J. Roy. Statist. Soc. B 34 (1972); Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, p. 139, as the tests of the R package survival assert it; figures of 6-MP: quoted; the source was not at hand to be compared',
    cases: [
      ...rossiCases,
      published('rossi: log-likelihood without covariates', rossiResults.loglik_null, 1e-9, () => fitOf('efron').logLikelihood.null),
      published('rossi: log-likelihood, Efron', rossiResults.loglik_efron, 1e-9, () => fitOf('efron').logLikelihood.model),
      published('rossi: log-likelihood, Breslow', rossiResults.loglik_breslow, 1e-9, () => fitOf('breslow').logLikelihood.model),
      published('rossi: concordance', rossiResults.concordance_R, 1e-12, () => fitOf('efron').concordance.estimate ?? NaN),
      published('6-MP: placebo, Efron', 1.5721, digits(4), () => coxRegression(placebo).coefficients[0].estimate),
      published('6-MP: placebo, Breslow', 1.5092, digits(4), () => coxRegression(placebo, { ties: 'breslow' }).coefficients[0].estimate),
      published('AML: not maintained, Efron', 0.9155, digits(4), () => coxRegression(maintained).coefficients[0].estimate),
      published('AML: likelihood ratio test, Efron', 3.38, digits(2), () => coxRegression(maintained).likelihoodRatioTest.chiSquare),
      published('heart transplants (model 3, Breslow): year', -0.27413, digits(5), () => kalbfleisch().coefficients[1].estimate),
      published('heart transplants: standard error of transplant', 0.54222, digits(5), () => kalbfleisch().coefficients[2].standardError),
      published('heart transplants: Wald test', 13.77, digits(2), () => kalbfleisch().waldTest.chiSquare),
      published('heart transplants: score test', 14.06, digits(2), () => kalbfleisch().scoreTest.chiSquare),
      published('heart transplants: concordance', 0.63, digits(3), () => kalbfleisch().concordance.estimate ?? NaN),
      published('VA lung cancer: events', 128, 0, () => coxRegression(va).events),
    ],
  };
}

function coxCurves(read: ReadFixture): ReferencedMethod {
  const { aml } = trialsFrom(read);
  const maintained = { ...aml, covariates: [is('x', aml.group, 'Nonmaintained')] };
  const miller = coxRegression(maintained, { ties: 'breslow' });
  const appendix = {
    entry: [1, 2, 5, 2, 1, 7, 3, 4, 8, 8],
    time: [2, 3, 6, 7, 8, 9, 9, 9, 14, 17],
    event: [1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
    covariates: [{ name: 'x', values: [1, 0, 0, 1, 0, 1, 1, 1, 0, 0] }],
  };
  const counting = coxRegression(appendix);
  return {
    name: 'Residuals and survival of a Cox model',
    formula: 'M = event − H₀·exp(βx); S(t|x) = exp(−H₀(t)·exp(βx))',
    source:
      'Therneau and Grambsch, Modeling Survival Data, appendix E; Miller, Survival Analysis; tests doaml and book4 of the R package survival',
    cases: [
      published('AML: martingale residual of row 1', 0.86225539, digits(8), () => coxResiduals(maintained, miller).martingale[0]),
      published('AML: martingale residual of row 23', -1.60340676, digits(8), () => coxResiduals(maintained, miller).martingale[22]),
      published(
        'AML: Schoenfeld residual of the first event',
        0.270669,
        digits(7) * 10,
        () => schoenfeldResiduals(maintained, miller)[0].residuals[0],
      ),
      published('appendix E.2: martingale residual of row 8', -1.14132605, digits(8), () => coxResiduals(appendix, counting).martingale[7]),
      published(
        'appendix E.2: Schoenfeld residual at time 8',
        -0.7460219,
        digits(7),
        () => schoenfeldResiduals(appendix, counting)[4].residuals[0],
      ),
      published(
        'appendix E.2: survival at time 9, x = 1/2',
        0.137,
        digits(3),
        () => coxSurvival(appendix, counting, 'means')[0].points[5].survival,
      ),
      published('appendix E.2: its standard error', 0.109, digits(3), () => {
        const { survival, standardError } = coxSurvival(appendix, counting, 'means')[0].points[5];
        return survival * standardError;
      }),
    ],
  };
}

function proportionality(read: ReadFixture): ReferencedMethod {
  const { ovarian, veteran } = trialsFrom(read);
  const { rossi, rossiResults } = studiesFrom(read);
  const prison = { time: rossi.week, event: rossi.arrest, covariates: named(rossi, ...ROSSI) };
  const prisonTest = testProportionality(prison, coxRegression(prison));
  const cancer = { ...ovarian, covariates: named(ovarian, 'age', 'ecog.ps') };
  const cancerTest = testProportionality(cancer, coxRegression(cancer));
  const va = { ...veteran, covariates: named(veteran, 'trt', 'prior', 'karno') };
  const vaTest = testProportionality(va, coxRegression(va));
  return {
    name: 'Test of proportional hazards',
    formula: 'score test of adding x·g(t), g = 1 − KM',
    source: 'Grambsch and Therneau, Biometrika 81 (1994); R package survival 3: cox.zph, compared with its printed output',
    cases: [
      ...rossiResults.ph_test_cox_zph.map(({ term, chisq }, index) =>
        published(`rossi: χ² of ${term}`, chisq, 1e-6, () => (prisonTest.terms[index] ?? prisonTest.global).chiSquare),
      ),
      published('ovarian cancer: χ² of age', 0.698, digits(3), () => cancerTest.terms[0].chiSquare),
      published('ovarian cancer: χ² of ecog.ps', 2.371, digits(3), () => cancerTest.terms[1].chiSquare),
      published('ovarian cancer: χ² of all', 3.633, digits(3), () => cancerTest.global.chiSquare),
      published('VA lung cancer: χ² of karno', 12.138, digits(3), () => vaTest.terms[2].chiSquare),
      published('VA lung cancer: χ² of all', 18.073, digits(3), () => vaTest.global.chiSquare),
    ],
  };
}

function discrete(read: ReadFixture): ReferencedMethod {
  const { telco, telcoResults } = studiesFrom(read);
  const rows = telco.contract.flatMap((contract, row) => (contract === 'Month-to-month' && telco.tenure[row] > 0 ? [row] : []));
  const taken = (column: readonly number[]): number[] => rows.map((row) => column[row]);
  const fit = discreteHazard({ period: taken(telco.tenure), event: taken(telco.churned), weights: taken(telco.customers), covariates: [] });
  const survivalTo = (month: number): number =>
    fit.baseline.filter(({ to }) => to <= month).reduce((survival, { hazard }) => survival * (1 - hazard), 1);
  return {
    name: 'Discrete-time hazard',
    formula: 'logit or cloglog of h(period) = α(period) + βx, by person-periods',
    source: 'Allison, Sociological Methodology 13 (1982); without covariates it is the life table',
    cases: ['12', '36', '72'].map((month) =>
      published(
        `S at month ${month} of Telco customers, contract month by month`,
        telcoResults.km_by_contract['Month-to-month'].S[month],
        1e-12,
        () => survivalTo(Number(month)),
      ),
    ),
  };
}
