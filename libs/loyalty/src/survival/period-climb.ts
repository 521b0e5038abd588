import { StatisticsError } from '@touchstone/statistics';
import type { LinkTerms } from './period-link.js';
import type { PersonPeriods } from './person-periods.js';
import { dot, factorise, solve } from './symmetric-factor.js';
import type { SymmetricFactor } from './symmetric-factor.js';

/** Blocks of the information: one number a class, class by column, and the columns once the classes are taken out. */
export interface PeriodShape {
  readonly own: Float64Array;
  readonly shared: Float64Array;
  readonly factor: SymmetricFactor;
}

export interface PeriodMaximum {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly start: number;
  readonly top: number;
  readonly shape: PeriodShape;
  readonly iterations: number;
}

interface Place {
  readonly value: number;
  readonly alphaSlope: Float64Array;
  readonly betaSlope: Float64Array;
  readonly shape: PeriodShape;
}

const LONGEST_CLIMB = 60;

/**
 * Fisher scoring from the baseline alone, with step halving. The many baseline parameters are eliminated from each step, so it
 * costs as much as the covariates do.
 * @throws StatisticsError `BAD_DATA` naming a collinear column, `NO_CONVERGENCE` naming columns that separate the events
 */
export function ascend(table: PersonPeriods, terms: LinkTerms): PeriodMaximum {
  const { informative, width } = table;
  let alpha = Float64Array.from(informative, ({ events, atRisk }) => terms.inverse(events / atRisk));
  let beta = new Float64Array(width);
  let here = placeAt(table, terms, alpha, beta);
  const start = here.value;
  for (let iterations = 1; iterations <= LONGEST_CLIMB; iterations += 1) {
    const { alphaStep, betaStep } = stepFrom(here);
    const decrement = dot(alphaStep, here.alphaSlope) + dot(betaStep, here.betaSlope);
    if (decrement <= 1e-22) return { alpha, beta, start, top: here.value, shape: here.shape, iterations };
    if (iterations > 5 && decrement < 1e-2) assertNotSeparated(table, alphaStep, betaStep);
    let next: Place | null = null;
    for (let fraction = 1; next === null && fraction > 1e-8; fraction /= 2) {
      const triedAlpha = alpha.map((value, at) => value + fraction * alphaStep[at]);
      const triedBeta = beta.map((value, at) => value + fraction * betaStep[at]);
      const there = placeAt(table, terms, triedAlpha, triedBeta);
      // The last steps gain less than the value's own rounding.
      const slack = decrement < 1e-6 ? 1e-9 * (1 + Math.abs(here.value)) : 0;
      if (Number.isFinite(there.value) && there.value >= here.value - slack) {
        next = there;
        alpha = triedAlpha;
        beta = triedBeta;
      }
    }
    if (next === null) break;
    here = next;
  }
  throw new StatisticsError('NO_CONVERGENCE', `no maximum found for ${table.names.join(', ')}; an effect may run to infinity`);
}

function placeAt(table: PersonPeriods, terms: LinkTerms, alpha: Float64Array, beta: Float64Array): Place {
  const { rows, width, x, names, weight, visit } = table;
  const own = new Float64Array(alpha.length);
  const shared = new Float64Array(alpha.length * width);
  const inner = new Float64Array(width * width);
  const alphaSlope = new Float64Array(alpha.length);
  const betaSlope = new Float64Array(width);
  let value = 0;
  for (let row = 0; row < rows; row += 1) {
    const w = weight(row);
    const from = row * width;
    let shift = 0;
    for (let column = 0; column < width; column += 1) shift += x[from + column] * beta[column];
    let slope = 0;
    let curvature = 0;
    visit(row, (at, without, withEvent) => {
      const eta = alpha[at] + shift;
      const pull = w * (without * terms.scoreNone(eta) + (withEvent ? terms.scoreEvent(eta) : 0));
      const bend = w * (without + (withEvent ? 1 : 0)) * terms.weight(eta);
      value += w * (without * terms.logNone(eta) + (withEvent ? terms.logHazard(eta) : 0));
      alphaSlope[at] += pull;
      own[at] += bend;
      for (let column = 0; column < width; column += 1) shared[at * width + column] += bend * x[from + column];
      slope += pull;
      curvature += bend;
    });
    for (let one = 0; one < width; one += 1) {
      betaSlope[one] += slope * x[from + one];
      for (let other = 0; other <= one; other += 1) inner[one * width + other] += curvature * x[from + one] * x[from + other];
    }
  }
  return { value, alphaSlope, betaSlope, shape: { own, shared, factor: eliminate(names, own, shared, inner) } };
}

/** inner − sharedᵀ·own⁻¹·shared, factorised. */
function eliminate(names: readonly string[], own: Float64Array, shared: Float64Array, inner: Float64Array): SymmetricFactor {
  const width = names.length;
  const rest = new Float64Array(width * width);
  for (let one = 0; one < width; one += 1) {
    for (let other = 0; other <= one; other += 1) {
      let sum = inner[one * width + other];
      for (let at = 0; at < own.length; at += 1) sum -= (shared[at * width + one] * shared[at * width + other]) / own[at];
      rest[one * width + other] = sum;
      rest[other * width + one] = sum;
    }
    if (!(rest[one * width + one] > 1e-10 * inner[one * width + one])) {
      throw new StatisticsError(
        'BAD_DATA',
        `column ${names[one]} does not vary within the periods, so its effect cannot be told from theirs; leave it out`,
      );
    }
  }
  const factor = factorise(rest, width, 1e-10);
  if (factor.dependent !== null) {
    const before = names.slice(0, factor.dependent).join(', ');
    throw new StatisticsError(
      'BAD_DATA',
      `column ${names[factor.dependent]} is collinear with ${before}: the others determine it, so leave one of them out`,
    );
  }
  return factor;
}

function stepFrom({ alphaSlope, betaSlope, shape }: Place): { alphaStep: Float64Array; betaStep: Float64Array } {
  const { own, shared, factor } = shape;
  const width = betaSlope.length;
  const right = betaSlope.map((slope, column) =>
    alphaSlope.reduce((sum, pull, at) => sum - (shared[at * width + column] * pull) / own[at], slope),
  );
  const betaStep = solve(factor, right);
  const alphaStep = alphaSlope.map(
    (pull, at) => betaStep.reduce((sum, step, column) => sum - shared[at * width + column] * step, pull) / own[at],
  );
  return { alphaStep, betaStep };
}

/** Refuses a direction along which every event becomes more likely and every period without one too. */
function assertNotSeparated({ rows, width, x, names, visit }: PersonPeriods, alphaStep: Float64Array, betaStep: Float64Array): void {
  let largest = 0;
  let against = 0;
  for (let row = 0; row < rows; row += 1) {
    let shift = 0;
    for (let column = 0; column < width; column += 1) shift += x[row * width + column] * betaStep[column];
    visit(row, (at, without, withEvent) => {
      const rise = alphaStep[at] + shift;
      largest = Math.max(largest, Math.abs(rise));
      if (without > 0) against = Math.max(against, rise);
      if (withEvent) against = Math.max(against, -rise);
    });
  }
  if (largest < 0.1 || against > 1e-3 * largest) return;
  const most = Math.max(...betaStep.map(Math.abs));
  const columns = names.filter((_, column) => Math.abs(betaStep[column]) > 0.01 * most);
  throw new StatisticsError(
    'NO_CONVERGENCE',
    `the effect of ${columns.join(', ')} runs to infinity: it tells apart who has the event without exception; leave it out or combine rare levels`,
  );
}
