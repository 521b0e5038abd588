import { StatisticsError } from '@touchstone/statistics';
import { chiSquareTest } from './chi-square-tail.js';
import type { ChiSquareTest } from './chi-square-tail.js';
import type { CoxFit } from './cox-regression.js';
import { refit } from './cox-residuals.js';
import { kaplanMeier } from './kaplan-meier.js';
import { partialLikelihood } from './partial-likelihood.js';
import type { PartialLikelihood } from './partial-likelihood.js';
import type { HazardObservations, RiskSets } from './risk-sets.js';
import { dot, factorise, solve } from './symmetric-factor.js';

/**
 * The time scale on which an effect is asked to change: one less the Kaplan–Meier curve just before (`km`), the rank of the event
 * time (`rank`), the time, or its logarithm.
 */
export type TimeTransform = 'km' | 'rank' | 'identity' | 'log';

export interface ProportionalityOptions {
  /** Default `km`, as in R. */
  readonly transform?: TimeTransform;
  /** Columns to be tested together, such as the levels of a factor; all others are tested one by one. */
  readonly terms?: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

export interface ProportionalityTest {
  readonly transform: TimeTransform;
  readonly terms: readonly (ChiSquareTest & { readonly name: string; readonly columns: readonly string[] })[];
  readonly global: ChiSquareTest;
}

/**
 * Whether effects stay the same over time: the score test for adding x·g(t) to the model. P. M. Grambsch and T. M. Therneau,
 * Biometrika 81 (1994), in the exact form of cox.zph of the R package survival from 3.0 on, which uses the information at every
 * event time rather than its average.
 *
 * @throws StatisticsError `BAD_OPTION` for a transform that is not defined at all event times or terms that are no columns of the fit,
 *   `BAD_DATA` where all events are at one time
 */
export function testProportionality(
  observations: HazardObservations,
  fit: CoxFit,
  options: ProportionalityOptions = {},
): ProportionalityTest {
  const { transform = 'km' } = options;
  const { sets, beta } = refit(observations, fit);
  const { width, names } = sets;
  const clock = clockOf(observations, sets, transform);
  const plain = partialLikelihood(sets, fit.ties, beta);
  const once = partialLikelihood(sets, fit.ties, beta, clock);
  const twice = partialLikelihood(
    sets,
    fit.ties,
    beta,
    clock.map((at) => at * at),
  );
  const testOf = (columns: readonly number[]): ChiSquareTest => scoreTest(width, columns, plain, once, twice);
  const terms = termsOf(names, options.terms ?? []).map((term) => ({
    ...term,
    ...testOf(term.columns.map((name) => names.indexOf(name))),
  }));
  return { transform, terms, global: testOf(names.map((_, column) => column)) };
}

function scoreTest(
  width: number,
  columns: readonly number[],
  plain: PartialLikelihood,
  once: PartialLikelihood,
  twice: PartialLikelihood,
): ChiSquareTest {
  const size = width + columns.length;
  const matrix = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const columnOf = (at: number): number => (at < width ? at : columns[at - width]);
  for (let row = 0; row < size; row += 1) {
    if (row >= width) gradient[row] = once.gradient[columnOf(row)];
    for (let column = 0; column < size; column += 1) {
      const added = Number(row >= width) + Number(column >= width);
      const { information } = added === 0 ? plain : added === 1 ? once : twice;
      matrix[row * size + column] = information[columnOf(row) * width + columnOf(column)];
    }
  }
  const factor = factorise(matrix, size, 1e-10);
  if (factor.dependent !== null)
    throw new StatisticsError('BAD_DATA', 'the events do not spread over time enough to tell a changing effect from a constant one');
  return chiSquareTest(dot(gradient, solve(factor, gradient)), columns.length);
}

function termsOf(
  names: readonly string[],
  groups: NonNullable<ProportionalityOptions['terms']>,
): { name: string; columns: readonly string[] }[] {
  const grouped = groups.flatMap(({ columns }) => columns);
  if (
    new Set(grouped).size !== grouped.length ||
    !grouped.every((name) => names.includes(name)) ||
    groups.some(({ columns }) => columns.length === 0)
  ) {
    throw new StatisticsError('BAD_OPTION', `terms are made of the columns ${names.join(', ')}, each at most once`);
  }
  const alone = names.filter((name) => !grouped.includes(name)).map((name) => ({ name, columns: [name] }));
  const order = ({ columns }: { readonly columns: readonly string[] }): number => names.indexOf(columns[0]);
  return [...groups.map(({ name, columns }) => ({ name, columns })), ...alone].sort((one, other) => order(one) - order(other));
}

/** g(t) of every slot, less its mean over the events. */
function clockOf(observations: HazardObservations, sets: RiskSets, transform: TimeTransform): Float64Array {
  const { slotTime, deaths, events } = sets;
  const timeOf = transformed(observations, sets, transform);
  const clock = slotTime.map((time, slot) => (deaths[slot] === 0 ? 0 : timeOf(time)));
  if (!clock.every(Number.isFinite))
    throw new StatisticsError('BAD_OPTION', 'the logarithm of time needs times above zero; use another transform');
  const mean = clock.reduce((sum, at, slot) => sum + at * deaths[slot], 0) / events;
  return clock.map((at) => at - mean);
}

function transformed(
  { time, event, entry }: HazardObservations,
  { slotTime, deaths }: RiskSets,
  transform: TimeTransform,
): (time: number) => number {
  switch (transform) {
    case 'identity':
      return (at) => at;
    case 'log':
      return (at) => Math.log(at);
    case 'rank': {
      const counts = new Map<number, number>();
      slotTime.forEach((at, slot) => counts.set(at, (counts.get(at) ?? 0) + deaths[slot]));
      const ranks = new Map<number, number>();
      let before = 0;
      for (const [at, count] of [...counts].sort(([one], [other]) => one - other)) {
        ranks.set(at, before + (count + 1) / 2);
        before += count;
      }
      return (at) => ranks.get(at) ?? 0;
    }
    case 'km': {
      // Pooled over strata and without weights, as R has it.
      const { points } = kaplanMeier(entry === undefined ? { time, event } : { time, event, entry });
      const before = new Map(points.map((point, index) => [point.time, index === 0 ? 1 : points[index - 1].survival]));
      return (at) => 1 - (before.get(at) ?? 1);
    }
    default:
      throw new StatisticsError('BAD_OPTION', 'transform is km, rank, identity or log');
  }
}
