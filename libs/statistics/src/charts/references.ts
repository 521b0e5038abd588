import type { ReadFixture, ReferenceCase, ReferencedMethod, ReferencesOf } from '../reference.js';
import { attributesOf } from './attribute-chart.js';
import { controlChart } from './control-chart.js';
import type { ChartPoint, ControlChart, Measurements, Vector } from './chart-shape.js';
import { laneyReference } from './laney-references.js';

interface Figures {
  readonly qccPistonRings: { standardDeviation: Sigma; ewma: { sigma: number[]; ewma: number[]; limits: [number, number][] } };
  readonly nistEwma: {
    data: number[];
    lam: number;
    target: number;
    sigma: number;
    printed_UCL: number;
    printed_LCL: number;
    printed: number[];
  };
  readonly nistCusum: { data: number[]; target: number; k: number; h: number; printed_S_hi: number[] };
  readonly ryan: { subgroups: Vector[][]; statistics: number[]; phase1Ucl: number; phase2Ucl: number };
  readonly boiler: { vectors: Vector[]; statistics: number[]; phase1Ucl: number; phase2Ucl: number };
  readonly montgomery: {
    orangeJuice: Lines & { size: number; defectives: number[]; beyond: number[]; revised: Lines };
    purchaseOrders: { sizes: number[]; defectives: number[]; beyond: number[] };
    circuitBoards: Lines & { counts: number[]; beyond: number[]; revised: Lines };
    personalComputers: Lines & { size: number; counts: number[] };
    mortgageCosts: Lines & { values: number[]; meanMovingRange: number; movingRangeUcl: number };
    shiftedProcess: {
      values: number[];
      cusum: { upper: number[]; estimatedMean: number; since: number };
      ewma: { lambda: number; widthSigmas: number; values: number[]; beyond: number[] };
    };
    fastInitialResponse: { outOfControl: { values: number[]; upper: number[] } };
    textileFibre: { n: number; samples: number[][]; mean: number[]; covariance: number[][] };
  };
}
interface Lines {
  readonly center: number;
  readonly lcl: number;
  readonly ucl: number;
}
interface Sigma {
  readonly center: number;
  readonly std_dev: number;
  readonly limits: readonly (readonly [number, number])[];
}
interface Rings {
  readonly subgroups: Measurements[];
  readonly qcc: { xbar: Sigma; range: Sigma };
}

const figures = (read: ReadFixture): Figures => JSON.parse(read('charts-published.json')) as Figures;
const number = (value: number | null | undefined): number => value ?? NaN;
const compare = (quantity: string, published: number, ours: () => number | null | undefined, tolerance: number): ReferenceCase => ({
  quantity,
  published,
  ours: () => number(ours()),
  tolerance,
});
const lines = (of: string, printed: Lines, point: () => ChartPoint, tolerance: number): ReferenceCase[] => [
  compare(`${of}, center line`, printed.center, () => point().center, tolerance),
  compare(`${of}, lower limit`, printed.lcl, () => point().lcl, tolerance),
  compare(`${of}, upper limit`, printed.ucl, () => point().ucl, tolerance),
];

const GIVEN = { center: 10, sigma: 1 };
/** Sums of decimals printed with 15 digits. */
const LAST_DIGIT = 5e-13;

export { constantReferences } from './constant-references.js';

export const chartReferences: ReferencesOf = (read) => [...ofMeasurements(read), ...ofAttributes(read), ...overTime(read), hotelling(read)];

function ofMeasurements(read: ReadFixture): ReferencedMethod[] {
  const rings = JSON.parse(read('piston-rings.json')) as Rings;
  const { qccPistonRings } = figures(read);
  const xbar = (): ControlChart => controlChart('xbar-r', rings.subgroups.slice(0, 25), { factors: 'tabulated' });
  const xbarS = (): ControlChart => controlChart('xbar-s', rings.subgroups.slice(0, 25));
  const [lcl, ucl] = rings.qcc.xbar.limits[0];
  return [
    {
      name: 'X̄ and R chart',
      formula: 'X̄: mean ± 3σ/√n; R: (d2 ± 3·d3)·σ, σ = mean of R/d2(n)',
      source: 'D. C. Montgomery, section 6.2',
      cases: [
        compare('piston rings 1 to 25, σ with d2 = 2.326, qcc 2.7', rings.qcc.xbar.std_dev, () => xbar().estimates.sigma, 1e-15),
        ...lines(
          'piston rings, X̄ with d2 = 2.326, qcc 2.7',
          { center: rings.qcc.xbar.center, lcl, ucl },
          () => xbar().points[0],
          LAST_DIGIT,
        ),
        compare(
          'piston rings, upper limit of R with d3 = 0.864 (qcc 2.7: 0.86409)',
          rings.qcc.range.limits[0][1],
          () => xbar().companion?.points[0].ucl,
          1e-5,
        ),
        compare(
          'piston rings 26 to 40, first point beyond',
          37,
          () => controlChart('xbar-r', rings.subgroups, { phase1: 25 }).beyond[0],
          0,
        ),
      ],
    },
    {
      name: 'X̄ and s chart',
      formula: 'X̄: mean ± 3σ/√n; s: (c4 ± 3·c5)·σ, σ = mean of s/c4(n)',
      source: 'D. C. Montgomery, section 6.3',
      cases: [
        compare('piston rings 1 to 25, σ, qcc 2.7', qccPistonRings.standardDeviation.std_dev, () => xbarS().estimates.sigma, 1e-14),
        compare(
          'piston rings, center line of s, qcc 2.7',
          qccPistonRings.standardDeviation.center,
          () => xbarS().companion?.points[0].center,
          1e-14,
        ),
        compare(
          'piston rings, upper limit of s, qcc 2.7',
          qccPistonRings.standardDeviation.limits[0][1],
          () => xbarS().companion?.points[0].ucl,
          1e-14,
        ),
      ],
    },
    individuals(read),
  ];
}

function individuals(read: ReadFixture): ReferencedMethod {
  const { mortgageCosts } = figures(read).montgomery;
  const costs = (): ControlChart => controlChart('i-mr', mortgageCosts.values);
  return {
    name: 'Individuals and moving range chart',
    formula: 'x̄ ± 3·MR̄/d2(w); MR: (d2 ± 3·d3)·σ',
    source:
      'D. C. Montgomery, section 6.4 (mortgage costs: quoted; the source was not at hand to be compared); NIST/SEMATECH e-Handbook 6.3.2.2',
    cases: [
      ...lines('mortgage costs, Montgomery (from a rounded MR̄)', mortgageCosts, () => costs().points[0], 0.02),
      compare('mortgage costs, mean moving range', mortgageCosts.meanMovingRange, () => costs().companion?.points[1].center, 0.005),
      compare('mortgage costs, upper limit of MR', mortgageCosts.movingRangeUcl, () => costs().companion?.points[1].ucl, 0.02),
      ...nistIndividuals(read),
    ],
  };
}

function nistIndividuals(read: ReadFixture): ReferenceCase[] {
  const nist = JSON.parse(read('nist-individuals.json')) as { data: number[]; mean: number; UCL: number; LCL: number };
  const point = (): ChartPoint => controlChart('i-mr', nist.data, { factors: 'tabulated' }).points[0];
  return lines('NIST flow rates, with d2 = 1.128', { center: nist.mean, lcl: nist.LCL, ucl: nist.UCL }, point, 1e-11);
}

function ofAttributes(read: ReadFixture): ReferencedMethod[] {
  const { orangeJuice, purchaseOrders, circuitBoards, personalComputers } = figures(read).montgomery;
  const cans = attributesOf(orangeJuice.defectives, orangeJuice.size);
  const boards = attributesOf(circuitBoards.counts);
  const source =
    'D. C. Montgomery, sections 7.2 and 7.3; data compared with those of the R packages qcc and IQCC, center lines and limits of all samples with what qcc prints; limits without samples: quoted; the source was not at hand to be compared';
  return [
    {
      name: 'p and np chart',
      formula: 'p̄ ± 3·√(p̄(1 − p̄)/nᵢ), p̄ = Σ defectives / Σ items; np the same times nᵢ',
      source,
      cases: [
        ...lines('orange juice cans', orangeJuice, () => controlChart('p', cans).points[0], 5e-5),
        ...lines(
          'orange juice cans without 15 and 23',
          orangeJuice.revised,
          () => controlChart('p', cans, { excluded: orangeJuice.beyond }).points[0],
          5e-5,
        ),
        compare(
          'purchase orders, the sample beyond',
          purchaseOrders.beyond[0],
          () => controlChart('p', attributesOf(purchaseOrders.defectives, purchaseOrders.sizes)).beyond[0],
          0,
        ),
      ],
    },
    {
      name: 'c and u chart',
      formula: 'c̄ ± 3·√c̄; ū ± 3·√(ū/nᵢ), ū = Σ defects / Σ units',
      source,
      cases: [
        ...lines('circuit boards', circuitBoards, () => controlChart('c', boards).points[0], 0.01),
        ...lines(
          'circuit boards without 6 and 20',
          circuitBoards.revised,
          () => controlChart('c', boards, { excluded: circuitBoards.beyond }).points[0],
          0.01,
        ),
        ...lines(
          'personal computers',
          personalComputers,
          () => controlChart('u', attributesOf(personalComputers.counts, personalComputers.size)).points[0],
          0.005,
        ),
      ],
    },
    laneyReference(read),
  ];
}

function overTime(read: ReadFixture): ReferencedMethod[] {
  const { qccPistonRings, nistEwma, nistCusum, montgomery } = figures(read);
  const rings = (JSON.parse(read('piston-rings.json')) as Rings).subgroups;
  const { shiftedProcess, fastInitialResponse } = montgomery;
  const ringsEwma = (): ControlChart => controlChart('ewma', rings, { phase1: 25, factors: 'tabulated' });
  const { ewma: table } = shiftedProcess;
  const shifted = (): ControlChart =>
    controlChart('ewma', shiftedProcess.values, { given: GIVEN, lambda: table.lambda, widthSigmas: table.widthSigmas });
  const { target, sigma, lam } = nistEwma;
  const nist = (): ControlChart => controlChart('ewma', nistEwma.data, { given: { center: target, sigma }, lambda: lam, limits: 'steady' });
  const cusum = (): ControlChart => controlChart('cusum', shiftedProcess.values, { given: GIVEN });
  const ofNist = (): ControlChart =>
    controlChart('cusum', nistCusum.data, { given: { center: nistCusum.target, sigma: 1 }, k: nistCusum.k, h: nistCusum.h });
  const early = (): ControlChart =>
    controlChart('cusum', fastInitialResponse.outOfControl.values, { given: { center: 100, sigma: 1 }, k: 3, h: 12, headStart: 6 });
  return [
    {
      name: 'EWMA chart',
      formula: 'zᵢ = λ·x̄ᵢ + (1 − λ)·zᵢ₋₁; limits ± 3σ·√(λ/(n(2 − λ)) · (1 − (1 − λ)²ⁱ))',
      source:
        'D. C. Montgomery, section 9.2, table 9.10 (compared with the tests of cjbrant/mfgQC, which quote it); NIST/SEMATECH e-Handbook 6.3.2.4',
      cases: [
        compare('Montgomery, 29th average, λ = 0.1', table.values[28], () => shifted().points[28].value, 5.1e-5),
        compare('Montgomery, first signal, L = 2.7', table.beyond[0], () => shifted().beyond[0], 0),
        compare(
          'piston rings, 40th average, λ = 0.2, qcc 2.7',
          qccPistonRings.ewma.ewma[39],
          () => ringsEwma().points[39].value,
          LAST_DIGIT,
        ),
        compare('piston rings, first upper limit, qcc 2.7', qccPistonRings.ewma.limits[0][1], () => ringsEwma().points[0].ucl, LAST_DIGIT),
        compare('piston rings, 40th upper limit, qcc 2.7', qccPistonRings.ewma.limits[39][1], () => ringsEwma().points[39].ucl, LAST_DIGIT),
        compare('NIST, 20th average', nistEwma.printed[19], () => nist().points[19].value, 0.005),
        compare('NIST, upper limit (the page truncates a factor to 0.4201)', nistEwma.printed_UCL, () => nist().points[0].ucl, 1e-4),
        compare('NIST, lower limit', nistEwma.printed_LCL, () => nist().points[0].lcl, 1e-4),
      ],
    },
    {
      name: 'Tabular CUSUM',
      formula: 'C⁺ᵢ = max(0, zᵢ − k + C⁺ᵢ₋₁), C⁻ᵢ = max(0, −zᵢ − k + C⁻ᵢ₋₁), signal beyond h',
      source:
        'D. C. Montgomery, section 9.1 (table 9.1 compared with the tests of kgdunn/process-improve, which quote it; head start, tables 9.5 and 9.6: quoted; the source was not at hand to be compared); NIST/SEMATECH e-Handbook 6.3.2.3; J. M. Lucas and R. B. Crosier, Technometrics 24 (1982)',
      cases: [
        compare('Montgomery, C⁺ at point 29', shiftedProcess.cusum.upper[28], () => cusum().points[28].value, 0.005),
        compare('Montgomery, mean after the shift', shiftedProcess.cusum.estimatedMean, () => cusum().points[28].estimatedMean, 0.005),
        compare('Montgomery, first point after the shift', shiftedProcess.cusum.since, () => cusum().points[28].since, 0),
        compare('Montgomery, head start 6, C⁺ at point 10', fastInitialResponse.outOfControl.upper[9], () => early().points[9].value, 0),
        compare('NIST, upper sum at point 20', nistCusum.printed_S_hi[19], () => ofNist().points[19].value, 0.00501),
        compare('NIST, first signal', 14, () => ofNist().beyond[0], 0),
      ],
    },
  ];
}

function hotelling(read: ReadFixture): ReferencedMethod {
  const {
    ryan,
    boiler,
    montgomery: { textileFibre },
  } = figures(read);
  const alpha = 1 - (1 - 0.0027) ** 2;
  const grouped = (): ControlChart => controlChart('t2', [...ryan.subgroups, ryan.subgroups[0]], { alpha, phase1: 20 });
  const { n, samples, mean, covariance } = textileFibre;
  const given = { mean, covariance, degreesOfFreedom: samples.length * (n - 1), values: samples.length * n };
  const fibres = samples.map(([strength, diameter]) => Array.from({ length: n }, () => [strength, diameter]));
  const fibre = (): ControlChart => controlChart('t2', fibres, { given, alpha: 0.001 });
  const single = (): ControlChart => controlChart('t2', [...boiler.vectors, boiler.vectors[0]], { alpha: 0.001, phase1: 25 });
  return {
    name: 'Hotelling’s T² chart',
    formula: 'T² = n·(x̄ − mean)ᵀ·S⁻¹·(x̄ − mean); limits by beta (phase 1, single vectors) and F',
    source:
      'D. C. Montgomery, section 11.3 (example 11.1 compared with a transcription of its table); values of Ryan and boiler: R package qcc; N. D. Tracy, J. C. Young, R. L. Mason, Journal of Quality Technology 24 (1992)',
    cases: [
      compare('Ryan, subgroup 10, qcc', ryan.statistics[9], () => grouped().points[9].value, 5.1e-8),
      compare('Ryan, limit of phase 1, qcc', ryan.phase1Ucl, () => grouped().points[0].ucl, 5.1e-6),
      compare('Ryan, limit of phase 2, qcc', ryan.phase2Ucl, () => grouped().points[20].ucl, 5.1e-6),
      compare('boiler, vector 9, qcc', boiler.statistics[8], () => single().points[8].value, 5.1e-7),
      compare('boiler, limit of phase 1, qcc', boiler.phase1Ucl, () => single().points[0].ucl, 5.1e-6),
      compare('boiler, limit of phase 2, qcc', boiler.phase2Ucl, () => single().points[25].ucl, 5.1e-6),
      ...[12, 16].map((sample) =>
        compare(
          `Montgomery, textile fibre, sample ${sample}`,
          textileFibre.samples[sample - 1][5],
          () => fibre().points[sample - 1].value,
          0.0051,
        ),
      ),
    ],
  };
}
