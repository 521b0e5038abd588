import type { ReferenceCase, ReferencesOf } from '../reference.js';
import { chartFactors } from './chart-factors.js';
import { c4, d2, d3, d4 } from './constants.js';

const compare = (quantity: string, published: number, ours: () => number, tolerance: number): ReferenceCase => ({
  quantity,
  published,
  ours,
  tolerance,
});

export const constantReferences: ReferencesOf = () => [
  {
    name: 'Control chart constants',
    formula: 'd2 = E(R/σ), d3 = sd(R/σ), d4 = median(R/σ), c4 = E(s/σ) = √(2/(n − 1)) · Γ(n/2)/Γ((n − 1)/2), c5 = √(1 − c4²)',
    source:
      'L. H. C. Tippett, Biometrika 17 (1925); D. C. Montgomery, Introduction to Statistical Quality Control, appendix VI; ASTM STP 15D (A2, B4 and c4(25) compared with a printed table of factors; the other tabulated ones: quoted; the source was not at hand to be compared)',
    cases: [
      compare('d2(2) = 2/√π', 2 / Math.sqrt(Math.PI), () => d2(2), 1e-12),
      compare(
        'd2(5) = 5/(2√π) · (1 + 6/π · arcsin ⅓)',
        (5 / (2 * Math.sqrt(Math.PI))) * (1 + (6 / Math.PI) * Math.asin(1 / 3)),
        () => d2(5),
        1e-12,
      ),
      compare('d3(2) = √(2 − 4/π)', Math.sqrt(2 - 4 / Math.PI), () => d3(2), 1e-12),
      compare('d3(3) = √(2 + 3√3/π − 9/π)', Math.sqrt(2 + (3 * Math.sqrt(3) - 9) / Math.PI), () => d3(3), 1e-12),
      compare('d2(25), Montgomery', 3.931, () => d2(25), 5.1e-4),
      compare('d3(25), Montgomery', 0.708, () => d3(25), 1e-3),
      compare('d4(2), Wheeler', 0.954, () => d4(2), 5e-4),
      compare('c4(2) = √(2/π)', Math.sqrt(2 / Math.PI), () => c4(2), 1e-12),
      compare('c4(25), Montgomery', 0.9896, () => c4(25), 5e-5),
      compare('A2(5), ASTM', 0.577, () => chartFactors(5).A2, 5e-4),
      compare('D4(5), ASTM', 2.114, () => chartFactors(5).D4, 1e-3),
      compare('B4(5), ASTM', 2.089, () => chartFactors(5).B4, 5e-4),
    ],
  },
];
