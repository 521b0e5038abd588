import type { HistoryTable } from './customer-history.js';
import type { SurfaceSum } from './surface.js';

/**
 * What both models share, by parameters 0 (r) and 1 (α): ln Γ(r+x)/Γ(r) + r·ln α of each customer. The ratio of gamma functions is
 * Π (r+j), j < x, so each logarithm is taken once for all customers with more than j repeat purchases, and nothing cancels.
 */
export function addRateTerms(sum: SurfaceSum, { purchasersBeyond, customers }: HistoryTable, r: number, alpha: number): void {
  for (let j = 0; j < purchasersBeyond.length; j += 1) {
    const weight = purchasersBeyond[j];
    sum.addValue(weight * Math.log(r + j));
    sum.addGradient(0, weight / (r + j));
    sum.addHessian(0, 0, -weight / (r + j) ** 2);
  }
  const logAlpha = Math.log(alpha);
  sum.addValue(customers * r * logAlpha);
  sum.addGradient(0, customers * logAlpha);
  sum.addGradient(1, (customers * r) / alpha);
  sum.addHessian(0, 1, customers / alpha);
  sum.addHessian(1, 1, (-customers * r) / (alpha * alpha));
}
