// Published results bias, linearity and d2* are held to.
import type { ReferenceCase, ReferencedMethod } from '../reference.js';
import { biasStudy } from './bias.js';
import { linearityStudy } from './linearity.js';
import { d2Star, rangeDegreesOfFreedom } from './range-factors.js';

interface Readings {
  readonly aiagBias: readonly number[];
  readonly aiagLinearity: Readonly<Record<string, readonly number[]>>;
}

const as = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  tolerance,
  ours,
});

export const d2StarReference: ReferencedMethod = {
  name: 'd2* and its degrees of freedom',
  formula: 'd2* = √(d2² + d3²/g); ν where χ/√ν scatters as the mean range does',
  source:
    'AIAG, Measurement Systems Analysis, 4th ed., appendix C (g subgroups of m), compared with copies of it; Duncan 1955, Patnaik 1950',
  cases: [
    as('d2*(m = 2, g = 1)', 1.41421, 0.000005, () => d2Star(2, 1)),
    as('d2*(m = 3, g = 1)', 1.91155, 0.00002, () => d2Star(3, 1)),
    as('d2*(m = 10, g = 1)', 3.17905, 0.00001, () => d2Star(10, 1)),
    as('d2*(m = 15, g = 1)', 3.55333, 0.00015, () => d2Star(15, 1)),
    as('d2*(m = 2, g = 5)', 1.19105, 0.000005, () => d2Star(2, 5)),
    as('d2*(m = 5, g = 20)', 2.33394, 0.000005, () => d2Star(5, 20)),
    as('ν(m = 2, g = 1)', 1, 0.05, () => rangeDegreesOfFreedom(2, 1)),
    as('ν(m = 3, g = 1)', 2, 0.05, () => rangeDegreesOfFreedom(3, 1)),
    as('ν(m = 10, g = 1)', 7.7, 0.05, () => rangeDegreesOfFreedom(10, 1)),
    as('ν(m = 15, g = 1)', 10.8, 0.05, () => rangeDegreesOfFreedom(15, 1)),
    as('ν(m = 5, g = 20)', 72.7, 0.05, () => rangeDegreesOfFreedom(5, 20)),
  ],
};

export function biasReference({ aiagBias }: Readings): ReferencedMethod {
  const study = biasStudy(aiagBias, 6);
  const byRange = biasStudy(aiagBias, 6, { repeatability: 'range' });
  return {
    name: 'Bias of a gage',
    formula: 't = (x̄ − reference)/(σ/√n); interval ± t·σ/√n (by range: σ = R/d2*, narrower by d2/d2*)',
    source:
      'AIAG, Measurement Systems Analysis, chapter III section B, example of 15 readings: 4th ed., table III-B 2, by standard deviation; 3rd ed., p. 87, by range; both compared with printed accounts of these pages',
    cases: [
      as('bias', 0.0067, 0.00005, () => study.bias),
      as('σ', 0.212, 0.00005, () => study.repeatability),
      as('standard error', 0.0547, 0.00005, () => study.standardError),
      as('t', 0.12, 0.005, () => study.t ?? NaN),
      as('lower bound', -0.1107, 0.00006, () => study.lower),
      as('upper bound', 0.1241, 0.00005, () => study.upper),
      as('by range: σ', 0.22514, 0.00001, () => byRange.repeatability),
      as('by range: standard error', 0.05813, 0.000005, () => byRange.standardError),
      as('by range: degrees of freedom', 10.8, 0.05, () => byRange.df),
      as('by range: lower bound', -0.1185, 0.0003, () => byRange.lower),
      as('by range: upper bound', 0.1319, 0.0003, () => byRange.upper),
    ],
  };
}

export function linearityReference({ aiagLinearity }: Readings): ReferencedMethod {
  const rows = Object.entries(aiagLinearity).flatMap(([reference, values]) => values.map((value) => [Number(reference), value]));
  const study = linearityStudy(
    rows.map(([reference]) => reference),
    rows.map(([, value]) => value),
    { processVariation: 14.1941 },
  );
  return {
    name: 'Linearity of a gage',
    formula: 'least squares of bias on reference; t tests and band of the line; linearity = |slope| × process variation',
    source:
      'AIAG, Measurement Systems Analysis, 4th ed., chapter III section B, example of five parts (compared with copies of it and with Minitab’s example; process variation 14.1941 and linearity 1.86889: quoted; the source was not at hand to be compared)',
    cases: [
      as('intercept', 0.7367, 0.00005, () => study.intercept.estimate),
      as('slope', -0.1317, 0.00005, () => study.slope.estimate),
      as('standard error of the intercept', 0.07252, 0.000005, () => study.intercept.standardError),
      as('standard error of the slope', 0.01093, 0.000005, () => study.slope.standardError),
      as('t of the intercept', 10.158, 0.0005, () => study.intercept.t ?? NaN),
      as('t of the slope', -12.043, 0.0005, () => study.slope.t ?? NaN),
      as('residual standard deviation', 0.23954, 0.000005, () => study.standardDeviation),
      as('R²', 0.714, 0.0005, () => study.rSquared ?? NaN),
      as('bias at 2.00', 0.491667, 0.0000005, () => study.byReference[0].bias),
      as('linearity', 1.86889, 0.000005, () => study.linearity ?? NaN),
      as('%linearity', 13.2, 0.05, () => study.percentLinearity),
    ],
  };
}
