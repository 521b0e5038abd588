import type { Refusal } from '@touchstone/kernel';
import { greater, less, refuse } from '@touchstone/kernel';
import type { Characteristic } from '@touchstone/contracts';

/** Values a subgroup of an X̄-R chart may hold: the range says little beyond 10, and its factors are tabled up to 25 (ISO 7870-2). */
const SUBGROUP = { smallest: 2, largest: 25 };

/** What is wrong with these characteristics as a plan, if anything. */
export function unfitCharacteristics(characteristics: readonly Characteristic[]): Refusal | undefined {
  const ids = characteristics.map(({ characteristicId }) => characteristicId);
  const duplicate = ids.find((id, at) => ids.indexOf(id) !== at);
  if (duplicate !== undefined) return refuse('DUPLICATE_CHARACTERISTIC', { characteristicId: duplicate });
  for (const each of characteristics) {
    const unfit = unfitLimits(each) ?? unfitSample(each);
    if (unfit) return unfit;
  }
  return undefined;
}

/** A lower limit lies below the upper one, and a target not outside them; on a limit conforms. */
function unfitLimits({ characteristicId, lower, upper, target }: Characteristic): Refusal | undefined {
  const reversed = lower !== undefined && upper !== undefined && !less(lower, upper);
  const outside = target !== undefined && ((lower !== undefined && less(target, lower)) || (upper !== undefined && greater(target, upper)));
  if (!reversed && !outside) return undefined;
  return refuse('LIMITS_REVERSED', { characteristicId, ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }), ...(target !== undefined && { target }) });
}

/** A chart of means and ranges needs subgroups; a chart of individuals one value at a time. */
function unfitSample({ characteristicId, chart, sampleSize }: Characteristic): Refusal | undefined {
  const [smallest, largest] = chart === 'xbar-r' ? [SUBGROUP.smallest, SUBGROUP.largest] : [1, chart === 'individuals' ? 1 : sampleSize];
  const fits = sampleSize >= smallest && sampleSize <= largest;
  return fits ? undefined : refuse('SAMPLE_SIZE_UNFIT_FOR_CHART', { characteristicId, chart, sampleSize, smallest, largest });
}
