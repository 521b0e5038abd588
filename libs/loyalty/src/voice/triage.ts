import { StatisticsError } from '@touchstone/statistics';
import { softmax, softmaxRegression } from './softmax-regression.js';
import { learnVocabulary, weighTexts } from './tf-idf.js';
import type { TfIdfOptions, Vocabulary } from './tf-idf.js';

export interface TriageOptions extends TfIdfOptions {
  /** Weight of ½Σw² (scikit-learn's 1/C). Default 1. */
  readonly l2?: number;
  /** Every category counts alike, however many texts it has. Default false: every text counts alike. */
  readonly balanced?: boolean;
}

/** Sorts texts into categories: plain JSON. */
export interface TriageModel {
  /** In code unit order. */
  readonly categories: readonly string[];
  readonly vocabulary: Vocabulary;
  /** Score of a text without known words, by category. */
  readonly biases: readonly number[];
  /** By category, then by word. */
  readonly weights: readonly (readonly number[])[];
}

export interface WordContribution {
  readonly word: string;
  readonly contribution: number;
}

/** One category's score: `base` plus the contributions, added one after the other in the order listed, equal to that sum to the last bit. */
export interface CategoryScore {
  readonly category: string;
  readonly probability: number;
  readonly score: number;
  readonly base: number;
  /** Largest first, whatever their sign. */
  readonly words: readonly WordContribution[];
}

export interface TriageDecision {
  readonly category: string;
  readonly probability: number;
  /** Why this category and not the next likely one: what each word adds to the lead. `margin` is `base` plus these in order, to the last bit. */
  readonly lead: { readonly over: string; readonly margin: number; readonly base: number; readonly words: readonly WordContribution[] };
  /** All categories, likeliest first, equally likely ones in code unit order. */
  readonly categories: readonly CategoryScore[];
  /** Different words and phrases of the text that the model knows. With none the decision rests on how frequent the categories are. */
  readonly knownWords: number;
}

/**
 * Learns to sort complaints: tf-idf of their words and multinomial logistic regression.
 * @throws StatisticsError `BAD_DATA` for lengths that differ or fewer than two categories, `TOO_FEW_POINTS`, `BAD_OPTION`, `NO_CONVERGENCE`
 */
export function trainTriage(texts: readonly string[], categories: readonly string[], options: TriageOptions = {}): TriageModel {
  const { l2 = 1, balanced = false, ...tfIdf } = options;
  if (texts.length !== categories.length)
    throw new StatisticsError('BAD_DATA', `${texts.length} texts but ${categories.length} categories; give one for each text`);
  if (!(l2 > 0 && l2 < Infinity))
    throw new StatisticsError('BAD_OPTION', `l2 ${l2} is not a positive number; without a penalty rare words decide alone`);
  const names = [...new Set(categories)].sort((one, other) => (one < other ? -1 : 1));
  if (names.length < 2) throw new StatisticsError('BAD_DATA', `${names.length} categories; sorting needs at least two`);
  const vocabulary = learnVocabulary(texts, tfIdf);
  const labels = categories.map((category) => names.indexOf(category));
  const sizes = names.map((_, one) => labels.filter((label) => label === one).length);
  const importance = labels.map((label) => (balanced ? texts.length / (names.length * sizes[label]) : 1));
  const width = vocabulary.words.length;
  const rows = weighTexts(vocabulary, texts);
  const fitted = softmaxRegression({ rows, width, labels, classes: names.length, importance, l2 });
  return {
    categories: names,
    vocabulary,
    biases: names.map((_, one) => fitted[width * names.length + one]),
    weights: names.map((_, one) => Array.from({ length: width }, (_word, index) => fitted[index * names.length + one])),
  };
}

/** Sorts texts; many at once share the look-up of words. */
export function triageAll(model: TriageModel, texts: readonly string[]): TriageDecision[] {
  return weighTexts(model.vocabulary, texts).map(({ indices, weights }) => {
    const words = indices.map((index) => model.vocabulary.words[index]);
    const explained = (base: number, weightOf: (index: number) => number): Pick<CategoryScore, 'score' | 'base' | 'words'> => {
      const each = indices.map((index, position) => ({ word: words[position], contribution: weights[position] * weightOf(index) }));
      each.sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution) || (one.word < other.word ? -1 : 1));
      return { score: each.reduce((sum, { contribution }) => sum + contribution, base), base, words: each };
    };
    const scores = model.categories.map((_, one) => explained(model.biases[one], (index) => model.weights[one][index]));
    const probabilities = softmax(scores.map(({ score }) => score));
    const order = scores.map((_, one) => one).sort((one, other) => scores[other].score - scores[one].score || one - other);
    const [first, second] = order;
    const { score: margin, ...lead } = explained(
      model.biases[first] - model.biases[second],
      (index) => model.weights[first][index] - model.weights[second][index],
    );
    return {
      category: model.categories[first],
      probability: probabilities[first],
      lead: { over: model.categories[second], margin, ...lead },
      categories: order.map((one) => ({ category: model.categories[one], probability: probabilities[one], ...scores[one] })),
      knownWords: indices.length,
    };
  });
}

/** Sorts one text, with the words that decided. */
export const triage = (model: TriageModel, text: string): TriageDecision => triageAll(model, [text])[0];
