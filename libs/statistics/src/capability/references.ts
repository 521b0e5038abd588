// Published results the capability analyses are held to.
import type { ReferenceCase, ReferencedMethod, ReferencesOf } from '../reference.js';
import { boxCoxFit, boxCoxLogLikelihood } from './box-cox.js';
import { capability } from './capability.js';
import type { Capability } from './capability.js';
import { pearsonPercentiles } from './clements.js';
import { capabilityIndices } from './indices.js';
import type { CapabilityIndices } from './indices.js';
import { andersonDarling, shapiroWilk } from './normality.js';
import { capabilityOfPercentiles } from './percentile-capability.js';
import type { PercentileCapability } from './percentile-capability.js';

type Samples = Readonly<
  Record<'mensWeights' | 'mtcarsMpg' | 'womenHeights' | 'treeGirths' | 'doorRadiation' | 'bottleVolumes', readonly number[]>
>;

const as = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  tolerance,
  ours,
});

/** For indices that exist with the limits given; a missing one is no number and fails the comparison. */
const of = (
  index: { readonly estimate: number; readonly lower: number; readonly upper: number } | null | undefined,
  part: 'estimate' | 'lower' | 'upper',
): number => index?.[part] ?? NaN;

/** R 4.2.2 with qcc 2.7: `process.capability` on the 25 samples of phase 1, limits 73.95 and 74.05, as its help page prints it. */
function pistonRings(read: (name: string) => string): readonly ReferenceCase[] {
  const { subgroups } = JSON.parse(read('piston-rings.json')) as { readonly subgroups: readonly (readonly number[])[] };
  const at = (level: number): CapabilityIndices | null =>
    capability(
      subgroups.slice(0, 25).flat(),
      { lower: 73.95, upper: 74.05, target: 74 },
      { subgroups: 5, within: 'range', degreesOfFreedom: 'values', level },
    ).within;
  const print = 0.0005;
  return [
    as('piston rings, Cp', 1.703, print, () => of(at(0.95)?.cp, 'estimate')),
    as('piston rings, Cp, 2.5 %', 1.491, print, () => of(at(0.95)?.cp, 'lower')),
    as('piston rings, Cp, 97.5 %', 1.915, print, () => of(at(0.95)?.cp, 'upper')),
    as('piston rings, Cpl', 1.743, print, () => of(at(0.95)?.cpl, 'estimate')),
    as('piston rings, Cpl, lower bound of one side (95 %)', 1.555, print, () => of(at(0.9)?.cpl, 'lower')),
    as('piston rings, Cpl, upper bound of one side (95 %)', 1.932, print, () => of(at(0.9)?.cpl, 'upper')),
    as('piston rings, Cpu', 1.663, print, () => of(at(0.95)?.cpu, 'estimate')),
    as('piston rings, Cpu, lower bound of one side (95 %)', 1.483, print, () => of(at(0.9)?.cpu, 'lower')),
    as('piston rings, Cpu, upper bound of one side (95 %)', 1.844, print, () => of(at(0.9)?.cpu, 'upper')),
    as('piston rings, Cpk', 1.663, print, () => of(at(0.95)?.cpk, 'estimate')),
    as('piston rings, Cpk, 2.5 %', 1.448, print, () => of(at(0.95)?.cpk, 'lower')),
    as('piston rings, Cpk, 97.5 %', 1.878, print, () => of(at(0.95)?.cpk, 'upper')),
    as('piston rings, Cpm', 1.691, print, () => of(at(0.95)?.cpm, 'estimate')),
    // qcc takes n(1 + a²)/(1 + 2a²) degrees of freedom, where Boyles squares the numerator.
    as('piston rings, Cpm, 2.5 %', 1.48, 0.002, () => of(at(0.95)?.cpm, 'lower')),
    as('piston rings, Cpm, 97.5 %', 1.902, 0.0022, () => of(at(0.95)?.cpm, 'upper')),
  ];
}

export const capabilityReferences: ReferencesOf = (read) => {
  const samples = JSON.parse(read('capability-samples.json')) as Samples;
  const bottles = (): Capability => capability(samples.bottleVolumes, { lower: 740, upper: 760 }, { within: 'none' });
  const handbook = (): CapabilityIndices => capabilityIndices({ mean: 16, sigma: 2, n: 50 }, { lower: 8, upper: 20 });
  const ofNormal = (): PercentileCapability => capabilityOfPercentiles({ lower: 10, median: 16, upper: 22 }, { lower: 8, upper: 20 });
  const montgomery = (): CapabilityIndices => capabilityIndices({ mean: 50, sigma: 1.75, n: 20 }, { lower: 38, upper: 62 });
  return [
    {
      name: 'Process capability (Cp, Cpl, Cpu, Cpk, Cpm)',
      formula: 'Cp = (U − L)/6σ; Cpk = min(U − x̄, x̄ − L)/3σ; Cpm = (U − L)/6√(σ² + (x̄ − T)²); σ within subgroups',
      source:
        'D. C. Montgomery, Introduction to Statistical Quality Control, chapter 8 (2.29 and 3.01 compared with a worked solution; 1.57: quoted; the source was not at hand to be compared); intervals: Bissell 1990, Boyles 1991; values: R package qcc 2.7, as its documentation prints them, and NIST/SEMATECH e-Handbook 6.1.6',
      cases: [
        ...pistonRings(read),
        as('NIST e-Handbook 6.1.6, Cp (U = 20, L = 8, x̄ = 16, s = 2)', 1, 1e-12, () => of(handbook().cp, 'estimate')),
        as('NIST e-Handbook 6.1.6, Cpu', 0.6667, 0.00005, () => of(handbook().cpu, 'estimate')),
        as('NIST e-Handbook 6.1.6, Cpl', 1.3333, 0.00005, () => of(handbook().cpl, 'estimate')),
        as('NIST e-Handbook 6.1.6, Cpk', 0.6667, 0.00005, () => of(handbook().cpk, 'estimate')),
        as('Montgomery, example of 38 to 62, n = 20, s = 1.75: Cp', 2.29, 0.005, () => of(montgomery().cp, 'estimate')),
        as('Montgomery, the same: Cp, 2.5 % (from the rounded Cp)', 1.57, 0.006, () => of(montgomery().cp, 'lower')),
        as('Montgomery, the same: Cp, 97.5 % (from the rounded Cp)', 3.01, 0.006, () => of(montgomery().cp, 'upper')),
      ],
    },
    {
      name: 'Process performance (Pp, Ppl, Ppu, Ppk, Z)',
      formula: 'as capability, with the standard deviation of all values; Z = (U − x̄)/s or (x̄ − L)/s',
      source:
        'AIAG, Statistical Process Control, 2nd ed., chapter IV; values: R package SixSigma 0.11, data ss.data.ca, as its tests assert them',
      cases: [
        as('bottle volumes, limits 740 and 760: Ppk', 1.54651309711296, 1e-13, () => bottles().overall.ppk.estimate),
        as('bottle volumes, Z of the lower limit', 4.63953929133888, 1e-13, () => bottles().overall.zLower ?? NaN),
      ],
    },
    {
      name: 'Performance by percentiles',
      formula: 'Pp = (U − L)/(x₉₉.₈₆₅ − x₀.₁₃₅); Ppk = min((U − x₅₀)/(x₉₉.₈₆₅ − x₅₀), (x₅₀ − L)/(x₅₀ − x₀.₁₃₅))',
      source: 'ISO 22514-2:2017; on the percentiles of a normal distribution it must give the classical indices',
      cases: [
        as('±3σ of a normal distribution with mean 16 and σ 2, limits 8 and 20: Pp', 1, 1e-12, () => ofNormal().pp ?? NaN),
        as('the same: Ppk', 0.6667, 0.00005, () => ofNormal().ppk),
      ],
    },
    clements,
    ...beyondNormal(samples),
  ];
};

function beyondNormal(samples: Samples): readonly ReferencedMethod[] {
  return [
    {
      name: 'Anderson–Darling test of normality',
      formula: 'A² = −n − Σ (2i − 1)(ln Φ(zᵢ) + ln(1 − Φ(zₙ₊₁₋ᵢ)))/n; p by A²(1 + 0.75/n + 2.25/n²)',
      source:
        "R. B. D'Agostino, M. A. Stephens, Goodness-of-Fit Techniques, 1986, section 4.8 (weights of 11 men: quoted; the source was not at hand to be compared); R package nortest, as it prints",
      cases: [
        as("D'Agostino and Stephens, weights of 11 men: A²", 0.947, 0.0005, () => andersonDarling(samples.mensWeights).statistic),
        as('nortest, mtcars$mpg: A', 0.57968, 0.000005, () => andersonDarling(samples.mtcarsMpg).statistic),
        as('nortest, mtcars$mpg: p', 0.1207, 0.00005, () => andersonDarling(samples.mtcarsMpg).pValue),
      ],
    },
    {
      name: 'Shapiro–Wilk test of normality',
      formula: 'W = (Σ aᵢx₍ᵢ₎)²/Σ(xᵢ − x̄)², weights and p-value by Royston',
      source:
        'P. Royston, Applied Statistics 44 (1995); values: R, shapiro.test, as it prints (weights of 11 men: quoted; the source was not at hand to be compared)',
      cases: [
        as('mtcars$mpg: W', 0.94756, 0.000005, () => shapiroWilk(samples.mtcarsMpg).w),
        as('mtcars$mpg: p', 0.1229, 0.00005, () => shapiroWilk(samples.mtcarsMpg).pValue),
        as('women$height: W', 0.96359, 0.000005, () => shapiroWilk(samples.womenHeights).w),
        as('women$height: p', 0.7545, 0.00005, () => shapiroWilk(samples.womenHeights).pValue),
        as('trees$Girth: W', 0.94117, 0.000005, () => shapiroWilk(samples.treeGirths).w),
        as('trees$Girth: p', 0.08893, 0.000005, () => shapiroWilk(samples.treeGirths).pValue),
        as('weights of 11 men: W', 0.79, 0.005, () => shapiroWilk(samples.mensWeights).w),
      ],
    },
    {
      name: 'Box–Cox transformation',
      formula: 'ℓ(λ) = −(n/2) ln σ²(λ) + (λ − 1) Σ ln x; interval where 2(ℓ(λ̂) − ℓ(λ)) ≤ χ²₁',
      source:
        'G. E. P. Box, D. R. Cox, JRSS B 26 (1964); values: R. A. Johnson, D. W. Wichern, Applied Multivariate Statistical Analysis, example 4.16: quoted; the source was not at hand to be compared',
      cases: [
        as('radiation of 42 oven doors: λ', 0.28, 0.005, () => boxCoxFit(samples.doorRadiation).estimate),
        ...(
          [
            [-1, 70.52],
            [-0.5, 92.79],
            [0, 104.83],
            [0.3, 106.51],
            [0.5, 105.5],
            [1, 97.1],
            [1.5, 82.88],
          ] as const
        ).map(([lambda, published]) =>
          as(`radiation of 42 oven doors: ℓ(${lambda})`, published, 0.0055, () => boxCoxLogLikelihood(samples.doorRadiation, lambda)),
        ),
      ],
    },
  ];
}

const clements: ReferencedMethod = {
  name: 'Performance by the method of Clements',
  formula: 'percentiles of the Pearson curve with the skewness and kurtosis of the sample, then as by percentiles',
  source: 'J. A. Clements, Quality Progress 22 (1989); values: distributions that are Pearson curves, whose percentiles are known',
  cases: [
    as('normal distribution: 99.865 % point', 2.999977, 2e-5, () => pearsonPercentiles(0, 3).upper),
    as('uniform distribution: 99.865 % point', 1.727374, 2e-5, () => pearsonPercentiles(0, 1.8).upper),
    as('exponential distribution: 0.135 % point', -0.998649, 2e-5, () => pearsonPercentiles(2, 9).lower),
    as('exponential distribution: median', -0.306853, 2e-5, () => pearsonPercentiles(2, 9).median),
    as('exponential distribution: 99.865 % point', 5.60765, 2e-5, () => pearsonPercentiles(2, 9).upper),
  ],
};
