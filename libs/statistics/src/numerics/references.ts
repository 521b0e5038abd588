import type { ReferenceCase, ReferencesOf } from '../reference.js';
import { decimalMoments } from './decimal-moments.js';

interface Series {
  readonly certified: { readonly mean: number; readonly sd: number; readonly r1: number };
  readonly values: readonly number[];
}

/** From the data as printed; `moments.ts` gives the same from doubles as far as they hold the printed decimals. */
export const numericsReferences: ReferencesOf = (read) => {
  const series = Object.entries(JSON.parse(read('nist-univariate.json')) as Record<string, Series>);
  return [
    {
      name: 'Mean, standard deviation and lag-1 autocorrelation',
      formula: 'x̄ = Σx/n; s = √(Σ(x − x̄)²/(n − 1)); r₁ = Σ(xᵢ − x̄)(xᵢ₋₁ − x̄)/Σ(xᵢ − x̄)²',
      source: 'NIST Statistical Reference Datasets, univariate summary statistics',
      cases: series.flatMap(([name, { values, certified }]) => [
        certifiedCase(`${name}, mean`, certified.mean, () => decimalMoments(values).mean),
        certifiedCase(`${name}, standard deviation`, certified.sd, () => decimalMoments(values).standardDeviation),
        certifiedCase(`${name}, autocorrelation`, certified.r1, () => decimalMoments(values).lag1Autocorrelation),
      ]),
    },
  ];
};

/** Certified are 15 digits: half a unit of the last, at most 5·10⁻¹⁵ of the value. */
const certifiedCase = (quantity: string, published: number, ours: () => number | null): ReferenceCase => ({
  quantity,
  published,
  ours: () => ours() ?? NaN,
  tolerance: Math.abs(published) * 5e-15,
});
