// Published results the risk methods are held to.
import type { ReferenceCase, ReferencesOf, ReadFixture } from '@touchstone/statistics/references';
import type { RiskColumn } from './columns.js';
import { brier } from './brier.js';
import { crossValidateRisk } from './cross-validation.js';
import type { CrossValidation } from './cross-validation.js';
import { designMatrix, specifyDesign } from './design-matrix.js';
import { auc, aucDifference, averagePrecision } from './discrimination.js';
import { isotonicRegression } from './isotonic.js';
import { logisticRegression } from './logistic-regression.js';
import type { LogisticFit } from './logistic-regression.js';
import { pointsScale } from './scorecard.js';
import { weighEvidence } from './weight-of-evidence.js';

/** The launches of the space shuttle before January 1986: temperature at the joints in °F, and whether an O-ring was damaged. */
const LAUNCHES = {
  temperature: [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58],
  damaged: [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1],
};

/** Good and bad accounts by age of the applicant: Siddiqi's example of weights of evidence. */
const ACCOUNTS = [
  ['missing', 860, 140],
  ['18 to 22', 3040, 960],
  ['23 to 26', 4920, 1080],
  ['27 to 29', 8100, 900],
  ['30 to 35', 9500, 500],
  ['35 to 44', 6800, 200],
  ['over 44', 2940, 60],
] as const;

const plain = (name: string, values: readonly number[]): RiskColumn => ({ name, kind: 'numeric', values, standardise: false });

function fitted(columns: readonly RiskColumn[], outcomes: readonly number[]): LogisticFit {
  return logisticRegression(designMatrix(specifyDesign(columns), columns), outcomes);
}

const compared = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  ours,
  tolerance,
});

/** Evaluates once, and only when asked. */
function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | null = null;
  return () => (made ??= { result: make() }).result;
}

interface BirthWeight {
  readonly low: readonly number[];
  readonly age: readonly number[];
  readonly lwt: readonly number[];
  readonly race: readonly number[];
  readonly ftv: readonly number[];
}

interface Haemorrhage {
  readonly poor: readonly number[];
  readonly wfns: readonly number[];
  readonly s100b: readonly number[];
  readonly ndka: readonly number[];
}

interface Telco {
  readonly tenure: readonly number[];
  readonly monthlyCharges: readonly number[];
  readonly totalCharges: readonly (number | null)[];
  readonly categories: Readonly<Record<string, { readonly levels: readonly string[]; readonly codes: string }>>;
  readonly churn: string;
  readonly folds: string;
}

/** Churn of a telephone company, cross-validated on the folds of the reference: numbers standardised, every level an indicator, l2 = 1. */
function telcoCrossValidation(read: ReadFixture): CrossValidation {
  const telco = JSON.parse(read('risk-telco-churn.json')) as Telco;
  const categories = Object.entries(telco.categories).map(([name, { levels, codes }]): RiskColumn => ({
    name,
    kind: 'categorical',
    coding: 'full',
    values: [...codes].map((code) => levels[Number(code)]),
  }));
  const columns: RiskColumn[] = [
    { name: 'tenure', kind: 'numeric', values: telco.tenure },
    { name: 'monthly charges', kind: 'numeric', values: telco.monthlyCharges },
    { name: 'total charges', kind: 'numeric', values: telco.totalCharges.map((charge) => charge ?? 0) },
    ...categories,
  ];
  return crossValidateRisk(columns, [...telco.churn].map(Number), { assignment: [...telco.folds].map(Number) }, { l2: 1 });
}

function logisticCases(read: ReadFixture): ReferenceCase[] {
  const rings = once(() => fitted([plain('temperature', LAUNCHES.temperature)], LAUNCHES.damaged));
  const births = once(() => {
    const { low, age, lwt, race, ftv } = JSON.parse(read('risk-birth-weight.json')) as BirthWeight;
    const races: RiskColumn = { name: 'race', kind: 'categorical', values: race.map(String) };
    return fitted([plain('age', age), plain('lwt', lwt), races, plain('ftv', ftv)], low);
  });
  const birthWeight =
    'Low birth weight on age, weight, race and visits (D. W. Hosmer, S. Lemeshow, Applied Logistic Regression, table 2.2)';
  const shuttle = 'O-ring damage on temperature (S. R. Dalal, E. B. Fowlkes, B. Hoadley, JASA 84 (1989), as R glm prints it)';
  return [
    compared(`${shuttle}: intercept`, 15.0429, 5e-5, () => rings().intercept.estimate),
    compared(`${shuttle}: temperature`, -0.2322, 5e-5, () => rings().coefficients[0].estimate),
    compared(`${shuttle}: standard error of the intercept`, 7.3786, 5e-5, () => rings().intercept.standardError ?? NaN),
    compared(`${shuttle}: standard error of temperature`, 0.1082, 5e-5, () => rings().coefficients[0].standardError ?? NaN),
    compared(`${shuttle}: null deviance`, 28.267, 5e-4, () => rings().nullDeviance),
    compared(`${shuttle}: residual deviance`, 20.315, 5e-4, () => rings().deviance),
    ...[-0.0238, -0.0142, 1.0039, 0.4331, -0.0493].map((published, index) =>
      compared(`${birthWeight}: coefficient ${index + 1}`, published, 6e-5, () => births().coefficients[index].estimate),
    ),
    ...[0.0337, 0.0065, 0.4979, 0.3622, 0.1672].map((published, index) =>
      compared(`${birthWeight}: standard error ${index + 1}`, published, 6e-5, () => births().coefficients[index].standardError ?? NaN),
    ),
    compared(`${birthWeight}: log-likelihood`, -111.286, 5e-4, () => births().logLikelihood),
  ];
}

function churnCases(read: ReadFixture): ReferenceCase[] {
  const churn = once(() => telcoCrossValidation(read));
  const data = 'Telco churn, scikit-learn 1.9.1, StratifiedKFold(5, shuffle, seed 42)';
  return [
    ...[0.854531245963471, 0.8454054612622388, 0.8635459453873777, 0.8253681470256828, 0.8364988777293931].map((published, fold) =>
      compared(`${data}: AUC of fold ${fold + 1}`, published, 2e-3, () => churn().folds[fold].auc),
    ),
    compared(`${data}: mean AUC`, 0.8450699354736327, 2e-3, () => churn().aucMean),
    compared(`${data}: Brier score`, 0.13558386983424836, 2e-4, () => churn().brier.score),
    compared(`${data}: average precision`, 0.6540675205990397, 1e-3, () => churn().averagePrecision),
    compared(`${data}: churners among the riskiest tenth`, 0.7599431818181818, 2e-3, () => churn().lift[0].rate),
  ];
}

function discriminationCases(read: ReadFixture): ReferenceCase[] {
  const patients = once(() => JSON.parse(read('risk-subarachnoid-haemorrhage.json')) as Haemorrhage);
  const ndka = once(() => auc(patients().ndka, patients().poor));
  const grades = once(() => aucDifference(patients().wfns, patients().s100b, patients().poor));
  const data = 'Subarachnoid haemorrhage, R pROC';
  return [
    compared(`${data}: AUC of NDKA`, 0.611957994579946, 1e-14, () => ndka().estimate),
    compared(`${data}: lower limit (DeLong)`, 0.501244999271703, 1e-12, () => ndka().lower ?? NaN),
    compared(`${data}: upper limit (DeLong)`, 0.722670989888189, 1e-12, () => ndka().upper ?? NaN),
    compared(`${data}: WFNS against S100β, p-value`, 0.0271757822291882, 1e-12, () => grades().pValue),
    compared(`${data}: WFNS against S100β, lower limit`, 0.0104061769564846, 1e-12, () => grades().lower),
    compared(`${data}: WFNS against S100β, upper limit`, 0.174214419249478, 1e-12, () => grades().upper),
    compared(
      `${data}: WFNS against NDKA, z`,
      2.79777591868904,
      1e-12,
      () => aucDifference(patients().wfns, patients().ndka, patients().poor).z,
    ),
    compared('Four cases of the scikit-learn documentation: average precision', 0.83, 5e-3, () =>
      averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]),
    ),
    compared(
      'Four cases of the scikit-learn documentation: Brier score',
      0.0375,
      5e-6,
      () => brier([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0]).score,
    ),
  ];
}

function scorecardCases(): ReferenceCase[] {
  const age = once(() =>
    weighEvidence(
      'age',
      ACCOUNTS.map(([label, good, bad]) => ({ label, range: { kind: 'levels', levels: [label] }, n: good + bad, events: bad })),
    ),
  );
  return [
    ...[-42.719, -108.98, -72.613, -4.526, 70.196, 128.388, 164.934].map((published, index) =>
      compared(`Weight of evidence × 100, age ${ACCOUNTS[index][0]}`, published, 6e-4, () => age().bins[index].weightOfEvidence * 100),
    ),
    compared('Information value of age', 0.668, 5e-4, () => age().informationValue),
    compared('600 points at odds of 50, 20 double the odds: factor', 28.8539, 5e-5, () => pointsScale().factor),
    compared('600 points at odds of 50, 20 double the odds: offset', 487.123, 5e-4, () => pointsScale().offset),
  ];
}

export const riskReferences: ReferencesOf = (read) => [
  {
    name: 'Logistic regression',
    formula: 'ln(p/(1 − p)) = β₀ + Σβx; maximises Σ y·η − ln(1 + e^η) − l2·½Σβ² − l1·Σ|β|',
    source:
      'P. McCullagh, J. A. Nelder, Generalized Linear Models, chapter 4; O-rings compared with printed output of R, log-likelihood of low birth weight with the tests of KNIME; its coefficients: quoted; the source was not at hand to be compared',
    cases: logisticCases(read),
  },
  {
    name: 'Cross-validated churn risk',
    formula: 'each fold scored by a logistic model with l2 = 1 fitted to the other folds',
    source: 'independent implementation on the same folds',
    cases: churnCases(read),
  },
  {
    name: 'Area under the ROC curve, average precision and Brier score',
    formula: 'AUC = P(event above non-event) + ½P(tie), variance S₁₀/m + S₀₁/n of the placements',
    source: 'E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, Biometrics 44 (1988); values: tests of the R package pROC',
    cases: discriminationCases(read),
  },
  {
    name: 'Isotonic regression',
    formula: 'pool adjacent violators',
    source: 'R. E. Barlow and others, Statistical Inference under Order Restrictions (1972)',
    cases: [0.5, 0.5, 3, 3, 3, 3, 3, 3, 3].map((published, index) =>
      compared(
        `Value ${index + 1} of the example of R isoreg`,
        published,
        1e-15,
        () => isotonicRegression([1, 0, 4, 3, 3, 5, 4, 2, 0])[index],
      ),
    ),
  },
  {
    name: 'Points scorecard',
    formula: 'WoE = ln(share of goods/share of bads); points = offset + (points to double odds/ln 2)·ln(odds)',
    source:
      'N. Siddiqi, Credit Risk Scorecards (2006), exhibit 6.2 and section on scaling: quoted; the source was not at hand to be compared',
    cases: scorecardCases(),
  },
];
