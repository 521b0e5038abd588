import { addAttributes, assertAttributes, attributeEstimates, attributeSigma, noAttributes } from './attribute-chart.js';
import type { AttributeEstimation } from './attribute-chart.js';
import { constantsOf } from './chart-factors.js';
import { pointAt, usable } from './chart-method.js';
import type { ChartMethod, EstimatedRange } from './chart-method.js';
import type { Attributes, ChartEstimates, ControlChartOptions } from './chart-shape.js';
import { widthOf } from './control-limits.js';
import { StatisticsError } from '../statistics-error.js';
import { emptySum, plus, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';

/** Beyond the counts: Σ of the steps between neighbours, in units that need the center only at the end. */
export interface LaneyEstimation {
  readonly attributes: AttributeEstimation;
  readonly steps: CompensatedSum;
  readonly pairs: number;
  readonly last: Attributes | null;
}

const noLaney: LaneyEstimation = { attributes: noAttributes, steps: emptySum, pairs: 0, last: null };

/**
 * p′ and u′: limits as many times wider than binomial or Poisson as the points spread. zᵢ = (pᵢ − p̄)/σᵢ, σz = mean |zᵢ − zᵢ₋₁| / d2(2), limits
 * p̄ ± 3·σᵢ·σz. Below 1 (points closer together than chance) σz narrows them. No step reaches across a missing or excluded point.
 * Source: D. B. Laney, Improved Control Charts for Attributes, Quality Engineering 14 (2002).
 */
function laneyChart(type: 'laney-p' | 'laney-u'): ChartMethod<Attributes, LaneyEstimation, null> {
  const base = type === 'laney-p' ? 'p' : 'u';
  const add = (soFar: LaneyEstimation, datum: Attributes | null, center: number | null): LaneyEstimation => {
    const attributes = addAttributes(soFar.attributes, datum, base);
    if (datum === null || datum.count === null) return { ...soFar, attributes, last: null };
    if (soFar.last === null) return { ...soFar, attributes, last: datum };
    return { attributes, steps: plus(soFar.steps, stepBetween(soFar.last, datum, center)), pairs: soFar.pairs + 1, last: datum };
  };
  const estimate = ({ attributes, steps, pairs }: LaneyEstimation, options: ControlChartOptions): ChartEstimates => {
    const simple = attributeEstimates(base, attributes, options);
    const known = options.given?.sigmaZ ?? null;
    if (known === null && pairs === 0) throw new StatisticsError('TOO_FEW_POINTS', 'sigma z needs two neighbouring points, or is given');
    if (known === null && simple.sigma === 0) {
      throw new StatisticsError(
        'BAD_DATA',
        'sigma z compares with the spread chance would give, and there is none when every item or no item counts',
      );
    }
    const sigmaZ = known ?? valueOf(steps) / pairs / (simple.sigma ?? NaN) / constantsOf(options.factors).d2(2);
    return usable({ ...simple, type, sigmaZ });
  };
  return {
    plots: [base === 'p' ? 'proportion' : 'rate'],
    begin: () => noLaney,
    add: (soFar, datum, options) => add(soFar, datum, options.given?.center ?? null),
    estimate,
    estimateAll(data, range, options) {
      const center = attributeEstimates(
        base,
        fold(data, range, noAttributes, (soFar, datum) => addAttributes(soFar, datum, base)),
        options,
      ).center;
      return estimate(
        fold(data, range, noLaney, (soFar, datum) => add(soFar, datum, center)),
        options,
      );
    },
    monitor: () => null,
    step(memory, datum, at, estimates, options) {
      assertAttributes(datum, base);
      const { count, size } = datum;
      const center = estimates.center ?? 0;
      const sigma = attributeSigma(base, center, size) * (estimates.sigmaZ ?? NaN);
      const distance = widthOf(options) * sigma;
      const limits = { center, lcl: Math.max(0, center - distance), ucl: Math.min(base === 'p' ? 1 : Infinity, center + distance) };
      return { memory, point: pointAt(at, size, count === null ? null : count / size, limits, sigma), companion: null };
    },
  };
}

/** |zᵢ − zᵢ₋₁| times the standard deviation of one item or unit. With equal sizes the center cancels, so it need not be known yet. */
function stepBetween(last: Attributes, next: Attributes, center: number | null): number {
  const [before, after] = [Math.sqrt(last.size), Math.sqrt(next.size)];
  if (last.size !== next.size && center === null) {
    throw new StatisticsError(
      'BAD_OPTION',
      'with sizes that differ sigma z needs the center first: one point at a time takes a given center',
    );
  }
  const distance = ((next.count ?? 0) / next.size) * after - ((last.count ?? 0) / last.size) * before;
  return Math.abs(last.size === next.size ? distance : distance - (center ?? 0) * (after - before));
}

function fold<State>(
  data: ArrayLike<Attributes>,
  { end, excluded }: EstimatedRange,
  start: State,
  add: (state: State, datum: Attributes | null) => State,
): State {
  let state = start;
  for (let index = 0; index < end; index += 1) state = add(state, excluded.has(index + 1) ? null : data[index]);
  return state;
}

export const laneyPChart = laneyChart('laney-p');
export const laneyUChart = laneyChart('laney-u');
