// Published results the voice methods are held to.
import type { ReferenceCase, ReferencesOf } from '@touchstone/statistics/references';
import { effortDifference } from './effort.js';
import { netPromoterScoreOf } from './net-promoter.js';
import { shareBounds } from './proportions.js';
import type { ShareMethod } from './proportions.js';
import { satisfactionDifference } from './satisfaction.js';
import { learnVocabulary, weighTexts } from './tf-idf.js';

const compared = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  ours,
  tolerance,
});

/** Newcombe's examples of one proportion: count, n, Wilson's bounds, Clopper and Pearson's bounds. */
const PROPORTIONS = [
  [81, 263, 0.2553, 0.3662, 0.2527, 0.3676],
  [15, 148, 0.0624, 0.1605, 0.0578, 0.1617],
  [0, 20, 0, 0.1611, 0, 0.1684],
  [1, 29, 0.0061, 0.1718, 0.0009, 0.1776],
] as const;

/** His examples of a difference of two: counts and sizes, bounds of method 10. */
const DIFFERENCES = [
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
] as const;

/** Extra sleep with two drugs, in tenths of an hour (Student, Biometrika 6 (1908)). */
const SLEEP = {
  first: [7, -16, -2, -12, -1, 34, 37, 8, 0, 20],
  second: [19, 8, 11, 1, -1, 44, 55, 16, 46, 34],
  scale: { lowest: -20, highest: 60 },
};

/** Six texts with three words, and the weights of the first, fifth and sixth in the documentation of scikit-learn. */
const TEXTS = [
  [3, 0, 1],
  [2, 0, 0],
  [3, 0, 0],
  [4, 0, 0],
  [3, 2, 0],
  [3, 0, 2],
].map((counts) => counts.flatMap((count, index) => Array<string>(count).fill(`word${index + 1}`)).join(' '));
const WEIGHTS = [
  [1, 0, 0.85151335],
  [1, 1, 0.52433293],
  [5, 0, 0.55422893],
  [5, 1, 0.83236428],
  [6, 0, 0.63035731],
  [6, 1, 0.77630514],
] as const;

/** Answers of 1 and 0: `count` satisfied of `n`. */
const answered = (count: number, n: number): number[] => Array.from({ length: n }, (_, index) => (index < count ? 1 : 0));

const satisfied = { scale: { lowest: 0, highest: 1 }, topBoxes: 1 };

function shareCases(): ReferenceCase[] {
  const each = ([count, n, ...bounds]: (typeof PROPORTIONS)[number]): ReferenceCase[] =>
    (['wilson', 'clopper-pearson'] as const).flatMap((method: ShareMethod, index) => [
      compared(`${count} of ${n}, ${method}, lower`, bounds[2 * index], 5.1e-5, () => shareBounds(count, n, 0.95, method).lower),
      compared(`${count} of ${n}, ${method}, upper`, bounds[2 * index + 1], 5.1e-5, () => shareBounds(count, n, 0.95, method).upper),
    ]);
  return PROPORTIONS.flatMap(each);
}

function differenceCases(): ReferenceCase[] {
  return DIFFERENCES.flatMap(([one, of, other, outOf, lower, upper]) => {
    const difference = (): { lower: number; upper: number } => satisfactionDifference(answered(other, outOf), answered(one, of), satisfied);
    return [
      compared(`${one} of ${of} less ${other} of ${outOf}, lower`, lower, 5.1e-5, () => difference().lower),
      compared(`${one} of ${of} less ${other} of ${outOf}, upper`, upper, 5.1e-5, () => difference().upper),
    ];
  });
}

export const voiceReferences: ReferencesOf = () => {
  const net = (bound: 'lower' | 'upper') => () =>
    netPromoterScoreOf({ promoters: 1, passives: 13, detractors: 7 }, { interval: 'score' })[bound] / 100;
  const sleep = () => effortDifference(SLEEP.first, SLEEP.second, { scale: SLEEP.scale });
  return [
    {
      name: 'Net promoter score',
      formula: 'promoters − detractors; variance (p + d − (p − d)²)/n; score interval by inverting the test',
      source:
        'T. Tango, Statistics in Medicine 17 (1998) 891; M. W. Fagerland and others, Statistics in Medicine 33 (2014) 2850, table of the airway example: quoted; the source was not at hand to be compared',
      cases: [
        compared('1 for and 7 against of 21, score interval, lower', -0.517, 5e-4, net('lower')),
        compared('1 for and 7 against of 21, score interval, upper', -0.026, 5e-4, net('upper')),
      ],
    },
    {
      name: 'Share of satisfied answers',
      formula: 'Wilson; Clopper and Pearson by quantiles of the beta distribution',
      source:
        'R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I (Wilson compared with public test suites that quote it; Clopper and Pearson: quoted; the source was not at hand to be compared)',
      cases: shareCases(),
    },
    {
      name: 'Change of a share between two periods',
      formula: 'd − √((p₂ − l₂)² + (u₁ − p₁)²) to d + √((u₂ − p₂)² + (p₁ − l₁)²) with Wilson bounds',
      source:
        'R. G. Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10 (56/70 and 9/10 compared with the tests of the R package DescTools; 6/7 and 5/56: quoted; the source was not at hand to be compared)',
      cases: differenceCases(),
    },
    {
      name: 'Change of a mean between two periods',
      formula: "Welch's t",
      source: 'B. L. Welch, Biometrika 34 (1947); R t.test(extra ~ group, data = sleep), compared with its printed output',
      cases: [
        compared('Extra sleep: degrees of freedom', 17.776, 5e-4, () => sleep().df ?? NaN),
        compared('Extra sleep: p-value', 0.07939, 5e-6, () => sleep().pValue ?? NaN),
        compared('Extra sleep: lower limit in hours', -0.2054832, 5e-8, () => (sleep().lower ?? NaN) / 10),
        compared('Extra sleep: upper limit in hours', 3.3654832, 5e-8, () => (sleep().upper ?? NaN) / 10),
      ],
    },
    {
      name: 'Weights of words',
      formula: 'count·(ln((1 + n)/(1 + df)) + 1), scaled to length 1',
      source: 'scikit-learn user guide, tf–idf term weighting',
      cases: WEIGHTS.map(([text, position, published]) =>
        compared(`Text ${text}, word ${position + 1} of those it has`, published, 5e-9, () => {
          return weighTexts(learnVocabulary(TEXTS), [TEXTS[text - 1]])[0].weights[position];
        }),
      ),
    },
  ];
};
