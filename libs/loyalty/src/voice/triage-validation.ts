import { StatisticsError, mean } from '@touchstone/statistics';
import { dealt, drawsFrom, splitAt } from '../risk/folds.js';
import { shareBounds } from './proportions.js';
import { trainTriage, triageAll } from './triage.js';
import type { TriageOptions } from './triage.js';

/** How one category is recognised. */
export interface CategoryAccuracy {
  readonly category: string;
  /** Texts that are of it. */
  readonly texts: number;
  /** Share of texts sorted into it that are of it; null where none were. */
  readonly precision: number | null;
  /** Share of its texts sorted into it. */
  readonly recall: number;
  /** 2·hits/(texts of it + texts sorted into it). */
  readonly f1: number;
}

export interface TriageAccuracy {
  readonly accuracy: number;
  /** Wilson's interval. */
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
  /** Mean of the categories' F1. */
  readonly macroF1: number;
  /** Accuracy of always naming the most frequent category. */
  readonly baseline: number;
  readonly n: number;
  readonly categories: readonly CategoryAccuracy[];
  /** `confusion[true][assigned]`, both in the order of `categories`. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * How well assigned categories agree with the true ones.
 * @throws StatisticsError `BAD_DATA`, `TOO_FEW_POINTS`, `BAD_OPTION`
 */
export function triageAccuracy(truth: readonly string[], assigned: readonly string[], confidence = 0.95): TriageAccuracy {
  if (truth.length !== assigned.length)
    throw new StatisticsError('BAD_DATA', `${truth.length} true categories but ${assigned.length} assigned`);
  if (truth.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no categories were given');
  const names = [...new Set([...truth, ...assigned])].sort((one, other) => (one < other ? -1 : 1));
  const position = new Map(names.map((name, index) => [name, index]));
  const confusion = names.map(() => Array<number>(names.length).fill(0));
  for (const [row, category] of truth.entries()) confusion[position.get(category) ?? 0][position.get(assigned[row]) ?? 0] += 1;
  const categories = names.map((category, one): CategoryAccuracy => {
    const hits = confusion[one][one];
    const texts = confusion[one].reduce((sum, count) => sum + count, 0);
    const sorted = confusion.reduce((sum, row) => sum + row[one], 0);
    return {
      category,
      texts,
      precision: sorted === 0 ? null : hits / sorted,
      recall: texts === 0 ? 0 : hits / texts,
      f1: (2 * hits) / (texts + sorted),
    };
  });
  const n = truth.length;
  const right = confusion.reduce((sum, row, one) => sum + row[one], 0);
  const baseline = Math.max(...categories.map(({ texts }) => texts)) / n;
  return {
    accuracy: right / n,
    ...shareBounds(right, n, confidence, 'wilson'),
    confidence,
    macroF1: mean(categories.map(({ f1 }) => f1)),
    baseline,
    n,
    categories,
    confusion,
  };
}

/**
 * Cross-validated accuracy: every text is sorted by a model that has seen neither it nor its words' frequencies. Folds are drawn by the seed,
 * each with its share of every category.
 * @throws StatisticsError as `trainTriage`; `TOO_FEW_POINTS` for a category with fewer texts than two
 */
export function crossValidateTriage(
  texts: readonly string[],
  categories: readonly string[],
  choice: { readonly folds: number; readonly seed: number },
  options: TriageOptions = {},
): TriageAccuracy & { readonly assigned: readonly string[] } {
  if (texts.length !== categories.length)
    throw new StatisticsError('BAD_DATA', `${texts.length} texts but ${categories.length} categories; give one for each text`);
  if (!(Number.isInteger(choice.folds) && choice.folds >= 2))
    throw new StatisticsError('BAD_OPTION', `${choice.folds} folds; give a whole number from 2`);
  const names = [...new Set(categories)].sort((one, other) => (one < other ? -1 : 1));
  const lonely = names.find((name) => categories.filter((category) => category === name).length < 2);
  if (lonely !== undefined)
    throw new StatisticsError('TOO_FEW_POINTS', `category "${lonely}" has one text; it cannot be learnt and tried at once`);
  const assignment = dealt(categories, names, choice.folds, drawsFrom(choice.seed));
  const assigned = Array<string>(texts.length).fill('');
  for (let fold = 0; fold < choice.folds; fold += 1) {
    const { fitting, held } = splitAt(assignment, fold);
    if (held.length === 0) throw new StatisticsError('TOO_FEW_POINTS', `${texts.length} texts do not fill ${choice.folds} folds`);
    const model = trainTriage(
      fitting.map((row) => texts[row]),
      fitting.map((row) => categories[row]),
      options,
    );
    const decisions = triageAll(
      model,
      held.map((row) => texts[row]),
    );
    for (const [index, row] of held.entries()) assigned[row] = decisions[index].category;
  }
  return { ...triageAccuracy(categories, assigned), assigned };
}
