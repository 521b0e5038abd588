import { logGamma } from '../numerics/distributions.js';
import { StatisticsError } from '../statistics-error.js';

/**
 * How nonconforming items come into a sample. `binomial`: items of a process (type B). `poisson`: nonconformities per unit,
 * or the classical approximation. `hypergeometric`: a lot of `lotSize` items (type A), from which samples take without return.
 */
export type CountModel = 'binomial' | 'poisson' | 'hypergeometric';

export interface Quality {
  readonly model: CountModel;
  /** Fraction nonconforming, or with `poisson` nonconformities per unit (an AQL of 1.0 is 0.01). */
  readonly p: number;
  /** Items in the lot; needed by `hypergeometric`. */
  readonly lotSize?: number;
}

/** Smaller starting values would lose digits or vanish in the recurrences below. */
const SMALLEST_START = 1e-280;

/**
 * Probabilities of 0 to `most` nonconforming items in a sample of `n`. With the hypergeometric model `drawn` items of the lot
 * were inspected before and had `found` nonconforming ones.
 */
export function countProbabilities(quality: Quality, n: number, most: number, drawn = 0, found = 0): Float64Array {
  if (quality.model === 'binomial') return binomial(n, quality.p, most);
  if (quality.model === 'poisson') return poisson(n * quality.p, most);
  const lotSize = lotSizeOf(quality);
  return hypergeometric(lotSize - drawn, defectivesIn(quality) - found, n, most);
}

/** @throws StatisticsError `BAD_OPTION` for a quality that is none */
export function assertQuality(quality: Quality): void {
  const { model, p } = quality;
  if (!['binomial', 'poisson', 'hypergeometric'].includes(model))
    throw new StatisticsError('BAD_OPTION', `${model} is not a model of counts`);
  const largest = model === 'poisson' ? Infinity : 1;
  if (!(p >= 0 && p <= largest && p < Infinity)) {
    throw new StatisticsError('BAD_OPTION', `${p} is not a fraction nonconforming; give percent divided by 100`);
  }
  if (model === 'hypergeometric') defectivesIn(quality);
}

/** Items in the lot of a type A curve. @throws StatisticsError `BAD_OPTION` */
export function lotSizeOf({ lotSize }: Pick<Quality, 'lotSize'>): number {
  if (lotSize !== undefined && Number.isSafeInteger(lotSize) && lotSize >= 1) return lotSize;
  throw new StatisticsError('BAD_OPTION', 'the hypergeometric model needs the size of the lot');
}

/** Nonconforming items in the lot. @throws StatisticsError `BAD_OPTION` where p is no whole number of items */
function defectivesIn(quality: Quality): number {
  const exact = lotSizeOf(quality) * quality.p;
  const defectives = Math.round(exact);
  if (Math.abs(exact - defectives) <= 1e-6) return defectives;
  throw new StatisticsError(
    'BAD_OPTION',
    `a lot of ${quality.lotSize} cannot have a fraction of ${quality.p} nonconforming: that is ${exact} items`,
  );
}

function binomial(n: number, p: number, most: number): Float64Array {
  const probabilities = new Float64Array(most + 1);
  if (p === 1) {
    if (n <= most) probabilities[n] = 1;
    return probabilities;
  }
  const odds = p / (1 - p);
  const logOf = (k: number): number =>
    logGamma(n + 1) -
    logGamma(k + 1) -
    logGamma(n - k + 1) +
    (p === 0 ? (k === 0 ? 0 : -Infinity) : k * Math.log(p)) +
    (n - k) * Math.log1p(-p);
  return fill(probabilities, Math.min(n, most), Math.exp(n * Math.log1p(-p)), (k) => ((n - k + 1) / k) * odds, logOf);
}

function poisson(mean: number, most: number): Float64Array {
  const logOf = (k: number): number => k * Math.log(mean) - mean - logGamma(k + 1);
  return fill(new Float64Array(most + 1), most, Math.exp(-mean), (k) => mean / k, logOf);
}

function hypergeometric(items: number, defectives: number, n: number, most: number): Float64Array {
  const probabilities = new Float64Array(most + 1);
  const least = Math.max(0, n - (items - defectives));
  const greatest = Math.min(n, defectives);
  const logChoose = (from: number, of: number): number => logGamma(from + 1) - logGamma(of + 1) - logGamma(from - of + 1);
  const logOf = (k: number): number => logChoose(defectives, k) + logChoose(items - defectives, n - k) - logChoose(items, n);
  if (least === 0) {
    let start = 1;
    for (let j = 0; j < Math.min(n, defectives); j += 1) start *= (items - Math.max(n, defectives) - j) / (items - j);
    const ratio = (k: number): number => ((defectives - k + 1) * (n - k + 1)) / (k * (items - defectives - n + k));
    return fill(probabilities, Math.min(most, greatest), start, ratio, logOf);
  }
  for (let k = least; k <= Math.min(most, greatest); k += 1) probabilities[k] = Math.exp(logOf(k));
  return probabilities;
}

/** Each probability from the one before; where the first is too small for that, each by itself from its logarithm. */
function fill(
  probabilities: Float64Array,
  upTo: number,
  start: number,
  ratio: (k: number) => number,
  logOf: (k: number) => number,
): Float64Array {
  const recursive = start >= SMALLEST_START;
  probabilities[0] = start;
  for (let k = 1; k <= upTo; k += 1) {
    probabilities[k] = recursive ? (probabilities[k - 1] as number) * ratio(k) : Math.exp(logOf(k));
  }
  return probabilities;
}
