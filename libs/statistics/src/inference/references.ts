import { changePoint } from './change-point.js';
import { fisherExact } from './fisher-exact.js';
import { pareto } from './pareto.js';
import { proportion } from './proportions.js';
import { compareRates, poissonRate } from './rates.js';
import { linearTrend } from './regression.js';
import { sampleSizeForProportion, sampleSizeToCompareMeans, sampleSizeToCompareProportions, sampleSizeToDetect } from './sample-size.js';
import { mannKendall } from './trend.js';
import { compareProportions } from './two-proportions.js';
import type { Interval } from './arguments.js';
import type { ReferenceCase, ReferencedMethod, ReferencesOf } from '../reference.js';

interface InferenceSeries {
  readonly nile: readonly number[];
  readonly norris: { readonly x: readonly number[]; readonly y: readonly number[] };
}

const of = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  tolerance,
  ours,
});

/** Both ends of an interval, printed to as many digits as `tolerance` is half of. */
const endsOf = (quantity: string, [lower, upper]: [number, number], tolerance: number, ours: () => Interval): ReferenceCase[] => [
  of(`${quantity}, lower end`, lower, tolerance, () => ours().lower),
  of(`${quantity}, upper end`, upper, tolerance, () => ours().upper),
];

const NEWCOMBE: [number, number, number, number, number, number][] = [
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
];

const proportions: ReferencedMethod[] = [
  {
    name: 'Wilson interval of a proportion',
    formula: '(p + z²/2n ± z√(p(1 − p)/n + z²/4n²))/(1 + z²/n)',
    source: 'R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, compared with public test suites that quote it',
    cases: (
      [
        [81, 263, 0.2553, 0.3662],
        [15, 148, 0.0624, 0.1605],
        [0, 20, 0, 0.1611],
        [1, 29, 0.0061, 0.1718],
      ] as const
    ).flatMap(([x, n, lower, upper]) => endsOf(`${x} of ${n}`, [lower, upper], 5e-5, () => proportion(x, n).wilson)),
  },
  {
    name: 'Clopper–Pearson interval and exact binomial test',
    formula: 'quantiles α/2 of Beta(x, n − x + 1) and 1 − α/2 of Beta(x + 1, n − x)',
    source: 'R. G. Newcombe (1998), table I; R, help page of binom.test; both quoted; the source was not at hand to be compared',
    cases: [
      ...(
        [
          [81, 263, 0.2527, 0.3676],
          [15, 148, 0.0578, 0.1617],
          [0, 20, 0, 0.1684],
          [1, 29, 0.0009, 0.1776],
        ] as const
      ).flatMap(([x, n, lower, upper]) => endsOf(`${x} of ${n}`, [lower, upper], 5.1e-5, () => proportion(x, n).clopperPearson)),
      ...endsOf('Mendel’s peas, 682 of 925', [0.7076683, 0.7654066], 5e-8, () => proportion(682, 925).clopperPearson),
      of('Mendel’s peas, p-value against 3/4', 0.3825, 5e-5, () => proportion(682, 925, { nullProportion: 0.75 }).test?.pValue ?? 0),
    ],
  },
  {
    name: 'Newcombe interval of a difference of proportions',
    formula: 'p₁ − p₂ ∓ √((p₁ − l₁)² + (u₂ − p₂)²) with Wilson ends l and u',
    source:
      'R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10 (56/70 − 48/80, 9/10 − 3/10 and 10/10 − 0/20 compared with the tests of the R package DescTools; the others: quoted; the source was not at hand to be compared)',
    cases: NEWCOMBE.flatMap(([x1, n1, x2, n2, lower, upper]) =>
      endsOf(`${x1} of ${n1} against ${x2} of ${n2}`, [lower, upper], 5e-5, () => compareProportions(x1, n1, x2, n2).newcombe),
    ),
  },
  {
    name: 'Fisher’s exact test',
    formula: 'Σ of hypergeometric probabilities not above the observed; conditional odds ratio',
    source: 'R, help page of fisher.test (tea tasting; convictions of twins), odds ratios compared with its printed output',
    cases: [
      of('tea tasting, p-value, greater', 0.2429, 5e-5, () => fisherExact(3, 1, 1, 3, { alternative: 'greater' }).pValue),
      of('tea tasting, odds ratio', 6.4083, 5e-5, () => fisherExact(3, 1, 1, 3).oddsRatio.estimate ?? 0),
      of('convictions, p-value, less', 0.0004652, 5e-8, () => fisherExact(2, 15, 10, 3, { alternative: 'less' }).pValue),
      of('convictions, odds ratio', 0.04693661, 5e-8, () => fisherExact(2, 15, 10, 3).oddsRatio.estimate ?? 0),
    ],
  },
];

const rates: ReferencedMethod[] = [
  {
    name: 'Poisson rate with exact interval',
    formula: 'χ²(α/2; 2x)/2T and χ²(1 − α/2; 2x + 2)/2T',
    source: 'F. Garwood, Biometrika 28 (1936); R, help page of poisson.test (137 events in 24.19893), compared with its printed output',
    cases: [
      of('estimate', 5.661407, 5e-7, () => poissonRate(137, 24.19893).estimate),
      of('lower end', 4.753125, 5e-7, () => poissonRate(137, 24.19893).interval.lower),
      of('upper end', 6.692709, 5e-7, () => poissonRate(137, 24.19893).interval.upper ?? 0),
      of('no event, upper end: −ln 0.025', 3.688879, 5e-7, () => poissonRate(0, 1).interval.upper ?? 0),
    ],
  },
  {
    name: 'Ratio of two Poisson rates',
    formula: 'given x₁ + x₂, x₁ is binomial with p = T₁ρ/(T₁ρ + T₂)',
    source: 'R, help page of poisson.test (11 events in 800 against 21 in 3011), compared with its printed output',
    cases: [
      of('rate ratio', 1.971488, 5e-7, () => compareRates(11, 800, 21, 3011).ratio.estimate ?? 0),
      of('lower end', 0.8584264, 5e-8, () => compareRates(11, 800, 21, 3011).ratio.lower),
      of('upper end', 4.2772659, 5e-8, () => compareRates(11, 800, 21, 3011).ratio.upper ?? 0),
      of('p-value', 0.07967, 5e-6, () => compareRates(11, 800, 21, 3011).pValue),
    ],
  },
];

const sampleSizes: ReferencedMethod = {
  name: 'Sample sizes',
  formula: 'n for which the margin, the power or the confidence is reached',
  source:
    'R, help pages of power.t.test (compared with its printed output) and power.prop.test; W. G. Cochran, Sampling Techniques; success-run theorem, tables of ln(1 − C)/ln R; the others quoted; the source was not at hand to be compared',
  cases: [
    of('two means, δ = 1σ, power 0.90', 22.0211, 5e-5, () => sampleSizeToCompareMeans(1, 1).exact),
    of(
      'two means, δ = 1σ, power 0.90, one-sided',
      17.84713,
      2e-5,
      () => sampleSizeToCompareMeans(1, 1, { alternative: 'one-sided' }).exact,
    ),
    of('two proportions, 0.50 and 0.75, power 0.90', 76.7, 0.05, () => sampleSizeToCompareProportions(0.5, 0.75).exact),
    of('a proportion within ± 5 %', 385, 0, () => sampleSizeForProportion(0.05).n),
    of('a proportion within ± 5 %, of 1,000', 278, 0, () => sampleSizeForProportion(0.05, 0.5, { population: 1000 }).n),
    of('reliability 0.95 with confidence 0.95, no failure', 59, 0, () => sampleSizeToDetect(0.05).n),
    of('reliability 0.90 with confidence 0.95, no failure', 29, 0, () => sampleSizeToDetect(0.1).n),
    of('reliability 0.99 with confidence 0.95, no failure', 299, 0, () => sampleSizeToDetect(0.01).n),
    of('reliability 0.95 with confidence 0.95, one failure', 93, 0, () => sampleSizeToDetect(0.05, { allowedFailures: 1 }).n),
  ],
};

function trends({ nile, norris }: InferenceSeries): ReferencedMethod[] {
  const line = () => linearTrend(norris.y, norris);
  const exact = (values: number[]) => mannKendall(values, { exact: true, alternative: 'greater' }).pValue;
  return [
    {
      name: 'Mann–Kendall test',
      formula: 'S = Σ sign(xⱼ − xᵢ), i < j',
      source:
        'R. O. Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), table A18: quoted; the source was not at hand to be compared',
      cases: [
        of('n = 4, S = 6: probability', 0.042, 5e-4, () => exact([1, 2, 3, 4])),
        of('n = 5, S = 8: probability', 0.042, 5e-4, () => exact([1, 2, 3, 5, 4])),
        of('n = 8, S = 16: probability', 0.031, 5e-4, () => exact([7, 1, 2, 3, 4, 5, 6, 8])),
        of('n = 10, S = 27: probability', 0.0083, 5e-5, () => exact([10, 1, 2, 3, 4, 5, 6, 7, 8, 9])),
      ],
    },
    {
      name: 'Straight line by least squares',
      formula: 'b = Σ(x − x̄)(y − ȳ)/Σ(x − x̄)²',
      source: 'NIST Statistical Reference Datasets, Norris, certified values',
      cases: [
        of('intercept', -0.262323073774029, 5e-13, () => line().intercept.estimate),
        of('slope', 1.00211681802045, 1e-14, () => line().slope.estimate),
        of('standard error of the intercept', 0.232818234301152, 1e-13, () => line().intercept.standardError),
        of('standard error of the slope', 0.429796848199937e-3, 1e-16, () => line().slope.standardError),
        of('residual standard deviation', 0.884796396144373, 1e-13, () => line().residualStandardDeviation),
        of('R²', 0.999993745883712, 1e-14, () => line().rSquared),
      ],
    },
    {
      name: 'Change point',
      formula: 'max over k of n·ln(RSS/(RSS before k + RSS after k)); permutation test',
      source:
        'A. Zeileis, C. Kleiber, W. Krämer, K. Hornik, Computational Statistics & Data Analysis 44 (2003) 109–123: Nile; sums of squares compared with the test output of the R package strucchange',
      cases: [
        of('last year before the change (1898 is the 28th)', 28, 0, () => changePoint(nile).lastBefore),
        of('mean before', 1097.75, 5e-3, () => changePoint(nile).before.mean),
        of('mean after', 849.97, 5e-3, () => changePoint(nile).after.mean),
        of('sum of squares without a change', 2835157, 0.5, () => changePoint(nile).squares.one),
        of('sum of squares with one', 1597457, 0.5, () => changePoint(nile).squares.two),
      ],
    },
  ];
}

const PARETO = { categories: ['price code', 'schedule date', 'supplier code', 'contact num.', 'part num.'], counts: [80, 27, 66, 94, 33] };

/** What proportions, rates, trends, change points, sample sizes and Pareto analyses are held to. */
export const inferenceReferences: ReferencesOf = (read) => [
  {
    name: 'Pareto analysis',
    formula: 'categories by falling weighted count; cumulated share of the total',
    source: 'R package qcc, help page of pareto.chart',
    cases: [31.33, 58, 80, 91, 100].map((published, index) =>
      of(`cumulated % of category ${index + 1}`, published, 5e-3, () => 100 * pareto(PARETO).items[index].cumulatedShare),
    ),
  },
  ...proportions,
  ...rates,
  ...trends(JSON.parse(read('inference-series.json')) as InferenceSeries),
  sampleSizes,
];
