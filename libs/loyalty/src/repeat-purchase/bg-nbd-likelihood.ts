import type { HistoryTable } from './customer-history.js';
import { addRateTerms } from './rate-terms.js';
import { SurfaceSum } from './surface.js';
import type { NaturalSurface } from './surface.js';

const [R, ALPHA, A, B] = [0, 1, 2, 3];

/**
 * Log-likelihood of the BG/NBD model, equation 6 of Fader, Hardie and Lee (2005), with its derivatives in closed form.
 *
 * A history contributes Γ(r+x)/Γ(r) · αʳ · B(a, b+x)/B(a, b) times
 * (α+T)^−(r+x) + [x > 0] · a/(b+x−1) · (α+tₓ)^−(r+x), still there or gone after the last purchase. With w the second share of
 * that sum, the derivatives of its logarithm are averages by w of those of the two logarithms, plus w(1−w) times the product of
 * their differences.
 */
export function bgNbdLikelihood(table: HistoryTable, [r, alpha, a, b]: readonly number[]): NaturalSurface {
  const sum = new SurfaceSum(4);
  addRateTerms(sum, table, r, alpha);
  addDropoutTerms(sum, table, a, b);
  for (let row = 0; row < table.rows; row += 1) {
    const x = table.frequency[row];
    const weight = table.weight[row];
    const shape = r + x;
    const stay = alpha + table.age[row];
    const logStay = Math.log(stay);
    if (x === 0) {
      addPower(sum, weight, shape, stay, logStay);
      continue;
    }
    const leave = alpha + table.recency[row];
    const logLeave = Math.log(leave);
    const last = b + x - 1;
    const odds = (a / last) * Math.exp(shape * (logStay - logLeave));
    const w = odds === Infinity ? 1 : odds / (1 + odds);
    sum.addValue(weight * (odds > 1 ? Math.log(a / last) - shape * logLeave + Math.log1p(1 / odds) : -shape * logStay + Math.log1p(odds)));
    addPower(sum, weight * (1 - w), shape, stay, logStay, false);
    addPower(sum, weight * w, shape, leave, logLeave, false);
    sum.addGradient(A, (weight * w) / a);
    sum.addGradient(B, (-weight * w) / last);
    sum.addHessian(A, A, (-weight * w) / (a * a));
    sum.addHessian(B, B, (weight * w) / (last * last));
    addProducts(sum, weight * w * (1 - w), logStay - logLeave, shape / stay - shape / leave, 1 / a, -1 / last);
  }
  return sum.total();
}

/** weight · ln base^−shape, where base is α plus a time and shape is r plus a count, by r and α. */
function addPower(sum: SurfaceSum, weight: number, shape: number, base: number, logBase: number, withValue = true): void {
  if (withValue) sum.addValue(-weight * shape * logBase);
  sum.addGradient(R, -weight * logBase);
  sum.addGradient(ALPHA, (-weight * shape) / base);
  sum.addHessian(R, ALPHA, -weight / base);
  sum.addHessian(ALPHA, ALPHA, (weight * shape) / (base * base));
}

function addProducts(sum: SurfaceSum, weight: number, byR: number, byAlpha: number, byA: number, byB: number): void {
  sum.addHessian(R, R, weight * byR * byR);
  sum.addHessian(R, ALPHA, weight * byR * byAlpha);
  sum.addHessian(R, A, weight * byR * byA);
  sum.addHessian(R, B, weight * byR * byB);
  sum.addHessian(ALPHA, ALPHA, weight * byAlpha * byAlpha);
  sum.addHessian(ALPHA, A, weight * byAlpha * byA);
  sum.addHessian(ALPHA, B, weight * byAlpha * byB);
  sum.addHessian(A, A, weight * byA * byA);
  sum.addHessian(A, B, weight * byA * byB);
  sum.addHessian(B, B, weight * byB * byB);
}

/** ln B(a, b+x)/B(a, b) = Σ ln (b+j)/(a+b+j), j < x. Each factor counts once for every customer with more than j repeat purchases. */
function addDropoutTerms(sum: SurfaceSum, { purchasersBeyond }: HistoryTable, a: number, b: number): void {
  for (let j = 0; j < purchasersBeyond.length; j += 1) {
    const weight = purchasersBeyond[j];
    const [one, both] = [1 / (b + j), 1 / (a + b + j)];
    sum.addValue(-weight * Math.log1p(a * one));
    sum.addGradient(A, -weight * both);
    sum.addGradient(B, weight * (one - both));
    sum.addHessian(A, A, weight * both * both);
    sum.addHessian(A, B, weight * both * both);
    sum.addHessian(B, B, weight * (both * both - one * one));
  }
}
