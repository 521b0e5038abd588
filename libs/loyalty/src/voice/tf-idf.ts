import { StatisticsError, sumOf } from '@touchstone/statistics';
import { tokensOf } from './tokens.js';
import type { TokenOptions } from './tokens.js';

export interface TfIdfOptions extends TokenOptions {
  /** Words in fewer texts are left out. Default 1. */
  readonly fewestTexts?: number;
  /** Words in a larger share of the texts are left out. Default 1. */
  readonly largestShare?: number;
  /** Count a word 1 + ln(count) instead of count. Default false. */
  readonly sublinear?: boolean;
}

/** Words known and how telling each is: plain JSON. */
export interface Vocabulary {
  /** In code unit order. */
  readonly words: readonly string[];
  /** ln((1 + texts)/(1 + texts with the word)) + 1. */
  readonly inverseFrequencies: readonly number[];
  readonly options: TfIdfOptions;
}

/** Weights of the words a text has, in order of the vocabulary; their squares add up to 1 unless there are none. */
export interface WeightedText {
  readonly indices: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Learns words and their inverse document frequencies, smoothed as if one more text had every word (G. Salton, C. Buckley,
 * Information Processing & Management 24 (1988)).
 * @throws StatisticsError `TOO_FEW_POINTS`, `BAD_OPTION`; `BAD_DATA` where no word is left
 */
export function learnVocabulary(texts: readonly string[], options: TfIdfOptions = {}): Vocabulary {
  const { fewestTexts = 1, largestShare = 1 } = options;
  if (texts.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no texts were given');
  if (!(Number.isInteger(fewestTexts) && fewestTexts >= 1))
    throw new StatisticsError('BAD_OPTION', `a word in ${fewestTexts} texts; give a whole number from 1`);
  if (!(largestShare > 0 && largestShare <= 1))
    throw new StatisticsError('BAD_OPTION', `a largest share of ${largestShare} is not above 0 and up to 1`);
  const frequencies = new Map<string, number>();
  for (const text of texts) for (const word of new Set(tokensOf(text, options))) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  const kept = [...frequencies].filter(([, count]) => count >= fewestTexts && count <= largestShare * texts.length);
  if (kept.length === 0)
    throw new StatisticsError('BAD_DATA', 'no word is left; the texts are empty, or too few or too many texts have each word');
  kept.sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    words: kept.map(([word]) => word),
    inverseFrequencies: kept.map(([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1),
    options,
  };
}

/** Weighs texts by a vocabulary: count × inverse frequency, scaled to length 1. Words it does not know count for nothing. */
export function weighTexts(vocabulary: Vocabulary, texts: readonly string[]): WeightedText[] {
  const known = new Map(vocabulary.words.map((word, index) => [word, index]));
  return texts.map((text) => {
    const counts = new Map<number, number>();
    for (const token of tokensOf(text, vocabulary.options)) {
      const index = known.get(token);
      if (index !== undefined) counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    const indices = [...counts.keys()].sort((one, other) => one - other);
    const raw = indices.map((index) => {
      const count = counts.get(index) ?? 0;
      return (vocabulary.options.sublinear === true ? 1 + Math.log(count) : count) * vocabulary.inverseFrequencies[index];
    });
    const length = Math.sqrt(sumOf(raw.map((weight) => weight * weight)));
    return { indices, weights: raw.map((weight) => weight / length) };
  });
}
