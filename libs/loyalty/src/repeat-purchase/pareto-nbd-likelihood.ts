import type { HistoryTable } from './customer-history.js';
import type { ParetoNbdParameters } from './model.js';
import { gaussNodes, gaussWeights } from './quadrature.js';
import { addRateTerms } from './rate-terms.js';
import { SurfaceSum } from './surface.js';
import type { NaturalSurface } from './surface.js';

/** Beyond e^−45 of where it began the integrand changes no digit of the integral. */
const NEGLIGIBLE_LOG = 45;
/** Longest panel in distances to the nearest singularity, and in e-foldings of the integrand: 16 nodes are then good to 15 digits. */
const PANEL = 3;

/**
 * A customer with x repeat purchases, the last at `from`, has left at a time y before `to`, or is still there. Calls `visit` with
 * y and the likelihood of having left then, s·(α+y)^−(r+x)·(β+y)^−(s+1)·dy, in units of (α+from)^−(r+x)·(β+from)^−s, at enough y
 * that sums over them are integrals; returns the likelihood of being still there, in the same units.
 *
 * Schmittlein, Morrison and Colombo (1987) and Fader and Hardie (2005) write the integral as a difference of two ₂F₁, which
 * cancels when the last purchase was recent. The integrand is positive and smooth, so nothing is lost in summing it.
 */
export function forEachDeparture(
  { r, alpha, s, beta }: ParetoNbdParameters,
  x: number,
  from: number,
  to: number,
  visit: (y: number, share: number) => void,
): number {
  const fall = (y: number): number => (r + x) * Math.log1p((y - from) / (alpha + from));
  const leave = (y: number): number => Math.log1p((y - from) / (beta + from));
  const unit = s / (beta + from);
  let start = from;
  while (start < to && fall(start) + (s + 1) * leave(start) < NEGLIGIBLE_LOG) {
    const decay = (r + x) / (alpha + start) + (s + 1) / (beta + start);
    const longest = PANEL * Math.min(1 / decay, alpha + start, beta + start);
    const end = start + longest * 1.5 > to ? to : start + longest;
    const half = (end - start) / 2;
    for (let node = 0; node < 16; node += 1) {
      const y = start + half * (1 + gaussNodes[node]);
      visit(y, gaussWeights[node] * half * unit * Math.exp(-fall(y) - (s + 1) * leave(y)));
    }
    start = end;
  }
  return Math.exp(-fall(to) - s * leave(to));
}

/**
 * Log-likelihood of the Pareto/NBD model with its derivatives: Γ(r+x)/Γ(r)·αʳ·βˢ times the sum over the ways to end, each a power
 * (α+y)^−(r+x)·(β+y)^−σ. The derivatives of its logarithm are means and covariances of the powers' over these ways.
 */
export function paretoNbdLikelihood(table: HistoryTable, [r, alpha, s, beta]: readonly number[]): NaturalSurface {
  const sum = new SurfaceSum(4);
  const parameters = { r, alpha, s, beta };
  const ends = new Ends(parameters);
  addRateTerms(sum, table, r, alpha);
  const { customers } = table;
  sum.addValue(customers * s * Math.log(beta));
  sum.addGradient(2, customers * Math.log(beta));
  sum.addGradient(3, (customers * s) / beta);
  sum.addHessian(2, 3, customers / beta);
  sum.addHessian(3, 3, (-customers * s) / (beta * beta));
  for (let row = 0; row < table.rows; row += 1) {
    const [x, from, to] = [table.frequency[row], table.recency[row], table.age[row]];
    ends.begin(x, from);
    const staying = forEachDeparture(parameters, x, from, to, (y, share) => ends.add(y, share, 1));
    ends.add(to, staying, 0);
    ends.addTo(sum, table.weight[row]);
  }
  return sum.total();
}

/** Sums over the ways one history can have ended. Slopes are taken relative to those of leaving at once, so that covariances keep their digits. */
class Ends {
  private readonly origin = new Float64Array(4);
  private readonly slope = new Float64Array(4);
  private readonly slopes = new Float64Array(4);
  private readonly curvatures = new Float64Array(16);
  private shape = 0;
  private scale = 0;
  private total = 0;

  constructor(private readonly parameters: ParetoNbdParameters) {}

  begin(x: number, from: number): void {
    const { r, alpha, s, beta } = this.parameters;
    this.shape = r + x;
    this.scale = -this.shape * Math.log(alpha + from) - s * Math.log(beta + from);
    this.total = 0;
    this.slopes.fill(0);
    this.curvatures.fill(0);
    this.slopeAt(from, 1, this.origin);
  }

  /** One way to end: at `y`, by leaving (1) or by the end of observation (0). */
  add(y: number, share: number, leaving: 0 | 1): void {
    const { alpha, s, beta } = this.parameters;
    const { slope, slopes, curvatures, origin } = this;
    this.slopeAt(y, leaving, slope);
    this.total += share;
    for (let row = 0; row < 4; row += 1) {
      slope[row] -= origin[row];
      slopes[row] += share * slope[row];
      for (let column = 0; column <= row; column += 1) curvatures[column * 4 + row] += share * slope[row] * slope[column];
    }
    const [inAlpha, inBeta] = [1 / (alpha + y), 1 / (beta + y)];
    curvatures[1] -= share * inAlpha;
    curvatures[5] += share * this.shape * inAlpha * inAlpha;
    curvatures[10] -= (share * leaving) / (s * s);
    curvatures[11] -= share * inBeta;
    curvatures[15] += share * (s + leaving) * inBeta * inBeta;
  }

  addTo(sum: SurfaceSum, weight: number): void {
    const { total, origin, slopes, curvatures } = this;
    sum.addValue(weight * (this.scale + Math.log(total)));
    for (let row = 0; row < 4; row += 1) {
      sum.addGradient(row, weight * (origin[row] + slopes[row] / total));
      for (let column = row; column < 4; column += 1) {
        sum.addHessian(row, column, weight * (curvatures[row * 4 + column] / total - (slopes[row] / total) * (slopes[column] / total)));
      }
    }
  }

  /** Derivatives of the logarithm of one way by r, α, s and β. */
  private slopeAt(y: number, leaving: 0 | 1, into: Float64Array): void {
    const { alpha, s, beta } = this.parameters;
    into[0] = -Math.log(alpha + y);
    into[1] = -this.shape / (alpha + y);
    into[2] = leaving / s - Math.log(beta + y);
    into[3] = -(s + leaving) / (beta + y);
  }
}
