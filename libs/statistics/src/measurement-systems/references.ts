// Published results the measurement systems analyses are held to.
import type { ReferenceCase, ReferencedMethod, ReferencesOf } from '../reference.js';
import { shareOf } from './attribute-agreement.js';
import { biasReference, d2StarReference, linearityReference } from './bias-references.js';
import { gageAnova } from './gage-rr-anova.js';
import { gageNested } from './gage-rr-nested.js';
import { gageRange } from './gage-rr-range.js';
import { cohenKappa, cohenKappaOfTable, fleissKappaOfCounts, kendallConcordance } from './kappa.js';
import type { GageStudy } from './study-layout.js';

/** `table[operator][trial][part]` */
export type GageTable = Readonly<Record<string, readonly (readonly number[])[]>>;

/** What the fixture measurement-systems-studies.json holds. */
export interface PublishedStudies {
  readonly aiagGage: GageTable;
  readonly montgomeryGage: GageTable;
  readonly helicopters: GageTable;
  readonly suppliers: GageTable;
  readonly aiagBias: readonly number[];
  readonly aiagLinearity: Readonly<Record<string, readonly number[]>>;
  readonly aiagCrossTables: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly diagnoses: readonly (readonly number[])[];
  readonly anxiety: Readonly<Record<'rater1' | 'rater2' | 'rater3', readonly number[]>>;
}

/** The columns of a printed table; parts are numbered from 1. */
export function columnsOf(table: GageTable): GageStudy & { readonly measurements: readonly number[] } {
  const rows = Object.entries(table).flatMap(([operator, trials]) =>
    trials.flatMap((row) => row.map((value, part) => ({ operator, part: part + 1, value }))),
  );
  return {
    parts: rows.map(({ part }) => part),
    operators: rows.map(({ operator }) => operator),
    measurements: rows.map(({ value }) => value),
  };
}

const as = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  tolerance,
  ours,
});

export const measurementSystemsReferences: ReferencesOf = (read) => {
  const studies = JSON.parse(read('measurement-systems-studies.json')) as PublishedStudies;
  return [
    crossed(studies),
    nested(studies),
    byRanges(studies),
    d2StarReference,
    biasReference(studies),
    linearityReference(studies),
    agreement(studies),
    ofMany(studies),
    concordance(studies),
    effectiveness,
  ];
};

function crossed(studies: PublishedStudies): ReferencedMethod {
  const aiag = gageAnova(columnsOf(studies.aiagGage), { tolerance: 8 });
  const montgomery = gageAnova(columnsOf(studies.montgomeryGage));
  const helicopters = gageAnova(columnsOf(studies.helicopters), { tolerance: 0.1 });
  return {
    name: 'Crossed gage R&R by analysis of variance',
    formula:
      'σ²(E) = MSE; σ²(PO) = (MSPO − MSE)/r; σ²(O) = (MSO − MSPO)/pr; σ²(P) = (MSP − MSPO)/or; interaction pooled where not significant',
    source:
      'AIAG, Measurement Systems Analysis, 4th ed., appendix A; D. C. Montgomery, Design and Analysis of Experiments, section 13.3; R package SixSigma 0.11; compared with copies of the AIAG study and of tables 13.2 and 13.3, and with the tests of SixSigma; AIAG data with tolerance 8, Minitab: quoted; the source was not at hand to be compared',
    cases: [
      as('AIAG, 10 parts × 3 appraisers × 3 trials: SS of parts', 88.3619, 0.00005, () => aiag.anova.parts.sumOfSquares),
      as('AIAG: SS of appraisers', 3.1673, 0.00005, () => aiag.anova.operators.sumOfSquares),
      as('AIAG: SS of the interaction', 0.359, 0.00005, () => aiag.anova.interaction.sumOfSquares),
      as('AIAG: SS of equipment', 2.7589, 0.00005, () => aiag.anova.repeatability?.sumOfSquares ?? NaN),
      as('AIAG: SS total', 94.6471, 0.00005, () => aiag.anova.total.sumOfSquares),
      as('AIAG: F of the interaction', 0.434, 0.0005, () => aiag.anova.interaction.f ?? NaN),
      as('AIAG: EV', 0.199933, 0.0000005, () => aiag.repeatability.standardDeviation),
      as('AIAG: AV', 0.226838, 0.0000006, () => aiag.reproducibility.standardDeviation),
      as('AIAG: GRR', 0.302373, 0.0000016, () => aiag.gageRR.standardDeviation),
      as('AIAG: PV', 1.042327, 0.0000005, () => aiag.parts.standardDeviation),
      as('AIAG: %GRR of total variation', 27.9, 0.05, () => aiag.gageRR.percentStudyVariation),
      as('AIAG data, tolerance 8: %tolerance of GRR', 22.68, 0.005, () => aiag.gageRR.percentTolerance ?? NaN),
      as('AIAG data: %contribution of GRR', 7.76, 0.005, () => aiag.gageRR.percentContribution),
      as('AIAG data: number of distinct categories', 4, 0, () => aiag.ndc ?? NaN),
      as('Montgomery, 20 parts × 3 operators × 2: SS of parts', 1185.425, 0.0005, () => montgomery.anova.parts.sumOfSquares),
      as('Montgomery: SS of the interaction', 27.05, 0.0005, () => montgomery.anova.interaction.sumOfSquares),
      as('Montgomery: variance of parts', 10.2513, 0.00005, () => montgomery.parts.variance),
      as('Montgomery: variance of operators', 0.0106, 0.00005, () => montgomery.operators.variance),
      as('Montgomery: variance of repeatability', 0.8832, 0.00005, () => montgomery.repeatability.variance),
      as('SixSigma, helicopters: p of the interaction', 0.44619, 0.000005, () => helicopters.anova.interaction.pValue ?? NaN),
      as('SixSigma, helicopters: p of prototypes, interaction pooled', 8.56e-7, 5e-10, () => helicopters.reducedAnova?.parts.pValue ?? NaN),
      as('SixSigma, helicopters: standard deviation of GRR', 0.14792656, 5e-9, () => helicopters.gageRR.standardDeviation),
      as('SixSigma, helicopters: standard deviation of operators', 0.02394813, 5e-9, () => helicopters.operators.standardDeviation),
      as('SixSigma, helicopters: standard deviation of parts', 0.25365123, 5e-9, () => helicopters.parts.standardDeviation),
      as('SixSigma, helicopters: %study variation of GRR', 50.38, 0.005, () => helicopters.gageRR.percentStudyVariation),
      as('SixSigma, helicopters, tolerance 0.1: %tolerance of GRR', 887.56, 0.005, () => helicopters.gageRR.percentTolerance ?? NaN),
      as('SixSigma, helicopters: number of distinct categories', 2, 0, () => helicopters.ndc ?? NaN),
    ],
  };
}

function nested(studies: PublishedStudies): ReferencedMethod {
  const suppliers = gageNested(columnsOf(studies.suppliers));
  return {
    name: 'Nested gage R&R by analysis of variance',
    formula: 'σ²(E) = MSE; σ²(P) = (MSP(O) − MSE)/r; σ²(O) = (MSO − MSP(O))/pr',
    source:
      'D. C. Montgomery, Design and Analysis of Experiments, section 14.1, example of suppliers and batches: quoted; the source was not at hand to be compared',
    cases: [
      as('suppliers (as operators): SS', 15.06, 0.005, () => suppliers.anova.operators.sumOfSquares),
      as('batches within suppliers (as parts): SS', 69.92, 0.005, () => suppliers.anova.partsWithinOperators.sumOfSquares),
      as('error: SS', 63.33, 0.005, () => suppliers.anova.repeatability.sumOfSquares),
      as('F of suppliers', 0.97, 0.005, () => suppliers.anova.operators.f ?? NaN),
      as('F of batches', 2.94, 0.005, () => suppliers.anova.partsWithinOperators.f ?? NaN),
      as('variance of batches', 1.71, 0.005, () => suppliers.parts.variance),
      as('variance of error', 2.64, 0.005, () => suppliers.repeatability.variance),
    ],
  };
}

function byRanges(studies: PublishedStudies): ReferencedMethod {
  const aiag = gageRange(columnsOf(studies.aiagGage));
  return {
    name: 'Crossed gage R&R by averages and ranges',
    formula: 'EV = R̄·K1; AV = √((X̄diff·K2)² − EV²/nr); PV = Rp·K3; ndc = ⌊1.41·PV/GRR⌋',
    source:
      'AIAG, Measurement Systems Analysis, 4th ed., figures III-B 15 and 16 (K1, K2, K3 there to four digits), compared with a copy of the study',
    cases: [
      as('AIAG: R̄', 0.3417, 0.00005, () => aiag.meanRange),
      as('AIAG: K1 for 3 trials', 0.5908, 0.00005, () => aiag.factors.k1),
      as('AIAG: K2 for 3 appraisers', 0.5231, 0.00005, () => aiag.factors.k2),
      as('AIAG: K3 for 10 parts', 0.3146, 0.00005, () => aiag.factors.k3),
      as('AIAG: EV', 0.20188, 0.00003, () => aiag.repeatability.standardDeviation),
      as('AIAG: AV', 0.22963, 0.00006, () => aiag.reproducibility.standardDeviation),
      as('AIAG: GRR', 0.30575, 0.00006, () => aiag.gageRR.standardDeviation),
      as('AIAG: PV', 1.10456, 0.00015, () => aiag.parts.standardDeviation),
      as('AIAG: TV', 1.1461, 0.00015, () => aiag.total.standardDeviation),
      as('AIAG: %GRR', 26.68, 0.01, () => aiag.gageRR.percentStudyVariation),
      as('AIAG: number of distinct categories', 5, 0, () => aiag.ndc ?? NaN),
    ],
  };
}

function agreement({ aiagCrossTables, anxiety }: PublishedStudies): ReferencedMethod {
  const tables: readonly (readonly [string, number])[] = [
    ['A*B', 0.86],
    ['B*C', 0.79],
    ['A*C', 0.78],
    ['A*standard', 0.88],
    ['B*standard', 0.92],
    ['C*standard', 0.77],
  ];
  return {
    name: "Cohen's kappa, plain and weighted",
    formula: 'κ = (po − pe)/(1 − pe)',
    source:
      'J. Cohen 1960 and 1968; values: AIAG, Measurement Systems Analysis, 4th ed., chapter III section C, table III-C 1 and its cross tables compared with a copy (fcsh1526/SPC); R package irr 0.84, squared weights compared with its printed output, plain kappa: quoted; the source was not at hand to be compared',
    cases: [
      ...tables.map(([name, published]) =>
        as(`AIAG, cross table ${name}`, published, 0.005, () => cohenKappaOfTable(aiagCrossTables[name]).estimate),
      ),
      as('irr, anxiety, raters 1 and 2: kappa', 0.119, 0.0005, () => cohenKappa(anxiety.rater1, anxiety.rater2).estimate),
      as('irr, anxiety, raters 1 and 2: z', 1.16, 0.005, () => cohenKappa(anxiety.rater1, anxiety.rater2).z ?? NaN),
      as('irr, anxiety, raters 1 and 2: p', 0.245, 0.0005, () => cohenKappa(anxiety.rater1, anxiety.rater2).pValue ?? NaN),
      as(
        'irr, anxiety, raters 1 and 2, squared weights: kappa',
        0.297,
        0.0005,
        () => cohenKappa(anxiety.rater1, anxiety.rater2, { weights: 'quadratic' }).estimate,
      ),
      as(
        'irr, anxiety, raters 1 and 2, squared weights: z',
        1.34,
        0.005,
        () => cohenKappa(anxiety.rater1, anxiety.rater2, { weights: 'quadratic' }).z ?? NaN,
      ),
    ],
  };
}

function ofMany({ diagnoses }: PublishedStudies): ReferencedMethod {
  const fleiss = fleissKappaOfCounts(diagnoses);
  const published = [
    [0.245, 5.192],
    [0.245, 5.192],
    [0.52, 11.031],
    [0.471, 9.994],
    [0.566, 12.009],
  ];
  return {
    name: "Fleiss' kappa",
    formula: 'κ = (P̄ − P̄e)/(1 − P̄e); standard errors of Fleiss, Nee and Landis 1979',
    source:
      'J. L. Fleiss, Psychological Bulletin 76 (1971), 30 patients by 6 psychiatrists; κ and z of irr as the tests of statsmodels quote them; κ by category of irr 0.84: quoted; the source was not at hand to be compared',
    cases: [
      as('irr: κ', 0.4302445, 5e-8, () => fleiss.estimate),
      as('irr: z', 17.65183, 5e-6, () => fleiss.z),
      ...published.flatMap(([kappa, z], at) => [
        as(`irr: κ of category ${at + 1}`, kappa, 0.0005, () => fleiss.byCategory[at].kappa?.estimate ?? NaN),
        as(`irr: z of category ${at + 1}`, z, 0.0005, () => fleiss.byCategory[at].kappa?.z ?? NaN),
      ]),
    ],
  };
}

function concordance({ anxiety }: PublishedStudies): ReferencedMethod {
  const kendall = kendallConcordance(anxiety.rater1.map((rating, item) => [rating, anxiety.rater2[item], anxiety.rater3[item]]));
  return {
    name: "Kendall's coefficient of concordance",
    formula: 'W = 12S/(m²(n³ − n) − m·ΣT); χ² = m(n − 1)W',
    source:
      'M. G. Kendall, Rank Correlation Methods, chapter 6; R package irr 0.84, anxiety: quoted; the source was not at hand to be compared',
    cases: [
      as('W, corrected for ties', 0.54, 0.005, () => kendall.w),
      as('χ² with 19 degrees of freedom', 30.8, 0.05, () => kendall.chiSquare),
      as('p', 0.0429, 0.00005, () => kendall.pValue),
    ],
  };
}

const effectiveness: ReferencedMethod = {
  name: 'Effectiveness of appraisers',
  formula: 'items judged right in every trial over all items; exact interval of Clopper and Pearson',
  source: 'AIAG, Measurement Systems Analysis, 4th ed., chapter III section C, 50 parts, compared with a copy (fcsh1526/SPC)',
  cases: (
    [
      [42, 71, 93],
      [45, 78, 97],
      [40, 66, 90],
      [39, 64, 89],
    ] as const
  ).flatMap(([right, lower, upper]) => [
    as(`${right} of 50 right, lower bound in percent`, lower, 0.5, () => shareOf(right, 50, 0.95).lowerPercent),
    as(`${right} of 50 right, upper bound in percent`, upper, 0.55, () => shareOf(right, 50, 0.95).upperPercent),
  ]),
};
