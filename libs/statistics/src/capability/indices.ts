import { chiSquareQuantile, normalCdf, normalQuantile } from '../numerics/distributions.js';
import { levelOf } from '../measurement-systems/variation.js';
import { StatisticsError } from '../statistics-error.js';
import type { Specification, SpecificationLimits } from './specification.js';
import { specificationOf } from './specification.js';

/** An index with its two-sided confidence interval. */
export interface CapabilityIndex {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** Parts per million expected beyond the limits by a normal distribution; null for a limit that does not exist. */
export interface Fallout {
  readonly below: number | null;
  readonly above: number | null;
  readonly total: number;
}

/** Null stands for what the limits do not define. By the overall standard deviation these are Pp, Ppl, Ppu and Ppk. */
export interface CapabilityIndices {
  /** Tolerance over 6σ; null without both limits. */
  readonly cp: CapabilityIndex | null;
  /** (mean − lower limit)/3σ. */
  readonly cpl: CapabilityIndex | null;
  /** (upper limit − mean)/3σ. */
  readonly cpu: CapabilityIndex | null;
  /** The smaller of the two sides; with one limit, that side. */
  readonly cpk: CapabilityIndex;
  /** Tolerance over 6√(σ² + (mean − target)²); null without both limits. */
  readonly cpm: CapabilityIndex | null;
  /** As Cpm with twice the shorter way from the target to a limit as tolerance; equal to it for a target in the middle. */
  readonly cpmShorterSide: number | null;
  readonly zLower: number | null;
  readonly zUpper: number | null;
  /** The z whose upper tail is the whole expected fallout. */
  readonly zBench: number;
  readonly expectedPpm: Fallout;
}

export interface ProcessEstimates {
  readonly mean: number;
  readonly sigma: number;
  /** Values the mean rests on. */
  readonly n: number;
  /** Degrees of freedom of sigma. Default n − 1. */
  readonly degreesOfFreedom?: number;
}

/**
 * Capability indices from a mean and a standard deviation, with intervals for a normal characteristic.
 *
 * Cp: exact, Cp·√(χ²/ν). One side and Cpk: Ĉ ± z·√(1/(9n) + Ĉ²/(2ν)). Cpm: Cpm·√(χ²/ν') with ν' = n(1 + a²)²/(1 + 2a²),
 * a = (mean − target)/σ.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, section 8.3 (Cp); A. F. Bissell, How Reliable Is Your
 * Capability Index?, Applied Statistics 39 (1990) (Cpk); R. A. Boyles, The Taguchi Capability Index, Journal of Quality
 * Technology 23 (1991) (Cpm).
 *
 * @throws StatisticsError `BAD_LIMITS`, `BAD_OPTION`, `TOO_FEW_POINTS` below two values
 */
export function capabilityIndices(
  process: ProcessEstimates,
  limits: SpecificationLimits,
  options: { readonly level?: number } = {},
): CapabilityIndices {
  const specification = specificationOf(limits);
  const { mean, sigma, n, degreesOfFreedom: df = n - 1 } = process;
  if (!Number.isInteger(n) || n < 2) throw new StatisticsError('TOO_FEW_POINTS', 'capability needs at least two values');
  if (!(df > 0)) throw new StatisticsError('BAD_OPTION', 'degrees of freedom are positive');
  if (!Number.isFinite(mean) || !(Number.isFinite(sigma) && sigma > 0))
    throw new StatisticsError(
      'BAD_DATA',
      'capability needs a finite mean and a positive standard deviation: values that never vary say nothing about spread',
    );
  const level = levelOf(options.level);
  const { lower, upper } = specification;
  const zLower = lower === null ? null : (mean - lower) / sigma;
  const zUpper = upper === null ? null : (upper - mean) / sigma;
  const bissell = (z: number | null): CapabilityIndex | null => (z === null ? null : withReach(z / 3, n, df, level));
  const expectedPpm = falloutOf(zLower, zUpper);
  return {
    cp: lower === null || upper === null ? null : scaled((upper - lower) / (6 * sigma), df, level),
    cpl: bissell(zLower),
    cpu: bissell(zUpper),
    cpk: withReach(Math.min(zLower ?? Infinity, zUpper ?? Infinity) / 3, n, df, level),
    ...taguchi(specification, process, level),
    zLower,
    zUpper,
    zBench: benchOf(zLower, zUpper),
    expectedPpm,
  };
}

function taguchi(
  { lower, upper, target }: Specification,
  { mean, sigma, n }: ProcessEstimates,
  level: number,
): Pick<CapabilityIndices, 'cpm' | 'cpmShorterSide'> {
  if (lower === null || upper === null || target === null) return { cpm: null, cpmShorterSide: null };
  const offset = ((mean - target) / sigma) ** 2;
  const aroundTarget = sigma * Math.sqrt(1 + offset);
  const df = (n * (1 + offset) ** 2) / (1 + 2 * offset);
  return {
    cpm: scaled((upper - lower) / (6 * aroundTarget), df, level),
    cpmShorterSide: Math.min(target - lower, upper - target) / (3 * aroundTarget),
  };
}

function scaled(estimate: number, df: number, level: number): CapabilityIndex {
  const tail = (1 - level) / 2;
  const bound = (p: number): number => estimate * Math.sqrt(chiSquareQuantile(p, df) / df);
  return { estimate, lower: bound(tail), upper: bound(1 - tail) };
}

function withReach(estimate: number, n: number, df: number, level: number): CapabilityIndex {
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(1 / (9 * n) + estimate ** 2 / (2 * df));
  return { estimate, lower: estimate - reach, upper: estimate + reach };
}

const MILLION = 1e6;

function falloutOf(zLower: number | null, zUpper: number | null): Fallout {
  const below = zLower === null ? null : MILLION * normalCdf(-zLower);
  const above = zUpper === null ? null : MILLION * normalCdf(-zUpper);
  return { below, above, total: (below ?? 0) + (above ?? 0) };
}

/** Where the fallout is below the smallest number there is, or nothing passes, the nearer limit decides alone. */
function benchOf(zLower: number | null, zUpper: number | null): number {
  const total = falloutOf(zLower, zUpper).total / MILLION;
  const bench = total < 1 ? -normalQuantile(total) : -Infinity;
  return Number.isFinite(bench) ? bench : Math.min(zLower ?? Infinity, zUpper ?? Infinity);
}
