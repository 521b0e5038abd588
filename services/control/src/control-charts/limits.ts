import type { Decimal } from '@touchstone/kernel';
import { compare, decimal, divide, greater, isZero, less, minus, sum } from '@touchstone/kernel';
import type { LimitsBaselined } from '@touchstone/contracts/control';
import type { ControlLimits } from '@touchstone/statistics';
import { addIndividual, d2, individualsLimitsOf, initialIndividualsState, mean, xbarRLimitsForSize } from '@touchstone/statistics';
import type { Chart, Point } from './chart.js';

/** What points are judged by, as numbers: the events keep the same as decimals. */
export interface Limits {
  /** Number of the last point before these limits: it was not judged by them. */
  readonly after: number;
  readonly center: number;
  /** Standard deviation of what is plotted: σ/√n. */
  readonly plottedSigma: number;
  readonly rangeLcl: number;
  readonly rangeUcl: number;
}

type Body = LimitsBaselined['data'];
type Lines = Pick<Body, 'center' | 'sigma' | 'lcl' | 'ucl' | 'rangeCenter' | 'rangeLcl' | 'rangeUcl'>;

const DIGITS = 9;

const rounded = (value: number): Decimal => decimal(value.toFixed(DIGITS));

/** Value and range of a sample as they are plotted. `previous`: on a chart of individuals, the value of the point before. */
export function plotted(kind: Chart['kind'], values: readonly Decimal[], previous: Decimal | undefined): { value: Decimal; range?: Decimal } {
  const value = divide(sum(values), String(values.length), DIGITS);
  if (kind === 'individuals') return { value, ...(previous !== undefined && { range: distance(value, previous) }) };
  const ordered = values.toSorted(compare);
  return { value, range: minus(ordered.at(-1) ?? value, ordered[0] ?? value) };
}

export const distance = (a: Decimal, b: Decimal): Decimal => (less(a, b) ? minus(b, a) : minus(a, b));

/** Limits for samples of one size, from center line and σ (in the chart's unit); Montgomery, sections 6.2 and 6.4. */
export function linesFor({ kind, sampleSize }: Pick<Chart, 'kind' | 'sampleSize'>, center: Decimal, sigma: Decimal): Lines {
  const process = { center: Number(center), sigma: Number(sigma) };
  if (kind === 'xbar-r') {
    const { xbar, range } = xbarRLimitsForSize(process, sampleSize);
    return lines(process, xbar, range);
  }
  const distanceOfLimits = 3 * process.sigma;
  const individuals = { center: process.center, lcl: process.center - distanceOfLimits, ucl: process.center + distanceOfLimits };
  return lines(process, individuals, xbarRLimitsForSize(process, 2).range);
}

/**
 * Limits computed from the points of phase 1. X̄-R: center is the mean of the means, σ is R̄/d2(n), which for samples of one size
 * is what the raw values give. Individuals: σ is the mean moving range over d2(2); no moving range reaches across a point left out.
 * Undefined where the points carry no estimate: no two neighbours are left, or they do not vary in the digits that are kept.
 */
export function linesFrom({ kind, sampleSize }: Pick<Chart, 'kind' | 'sampleSize'>, points: readonly Point[], exclude: ReadonlySet<number>): Lines | undefined {
  const estimate = kind === 'xbar-r' ? fromMeans(sampleSize, points, exclude) : fromIndividuals(points, exclude);
  return estimate && !isZero(estimate.sigma) ? estimate : undefined;
}

function fromMeans(sampleSize: number, points: readonly Point[], exclude: ReadonlySet<number>): Lines {
  const kept = points.filter(({ point }) => !exclude.has(point));
  const process = {
    center: mean(kept.map(({ value }) => Number(value))),
    sigma: mean(kept.map(({ range }) => Number(range))) / d2(sampleSize),
  };
  const { xbar, range } = xbarRLimitsForSize(process, sampleSize);
  return lines(process, xbar, range);
}

function fromIndividuals(points: readonly Point[], exclude: ReadonlySet<number>): Lines | undefined {
  const state = points.reduce((soFar, { point, value }) => addIndividual(soFar, exclude.has(point) ? null : Number(value)), initialIndividualsState());
  if (state.pairs === 0) return undefined;
  const limits = individualsLimitsOf(state);
  return lines(limits, limits.individuals, limits.movingRange);
}

const lines = ({ center, sigma }: { center: number; sigma: number }, value: ControlLimits, range: ControlLimits): Lines => ({
  center: rounded(center), sigma: rounded(sigma), lcl: rounded(value.lcl), ucl: rounded(value.ucl),
  rangeCenter: rounded(range.center), rangeLcl: rounded(range.lcl), rangeUcl: rounded(range.ucl),
});

/** The limits as they stand after the event. */
export const limitsOf = ({ center, sigma, rangeLcl, rangeUcl }: Body, { points, sampleSize }: Pick<Chart, 'points' | 'sampleSize'>): Limits => ({
  after: points, center: Number(center), plottedSigma: Number(sigma) / Math.sqrt(sampleSize),
  rangeLcl: rangeLcl === undefined ? 0 : Number(rangeLcl), rangeUcl: rangeUcl === undefined ? Infinity : Number(rangeUcl),
});

export const isUsableSigma = (sigma: Decimal): boolean => greater(sigma, '0');
