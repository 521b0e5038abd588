import { StatisticsError } from '@touchstone/statistics';

export interface TokenOptions {
  /** Shortest word, in code points. Default 2. */
  readonly shortest?: number;
  /** Words left out before phrases are made, in lower case. Default none. */
  readonly stopWords?: readonly string[];
  /** Longest phrase, in words: 1 (default) single words, 2 also pairs of neighbours, … */
  readonly longestPhrase?: number;
}

// Letters, marks and digits; an apostrophe between them belongs to the word.
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;

/**
 * Words and phrases of a text in reading order, phrases after all words, lower-cased by Unicode's own mapping, which no locale changes.
 * @throws StatisticsError `BAD_OPTION`
 */
export function tokensOf(text: string, { shortest = 2, stopWords = [], longestPhrase = 1 }: TokenOptions = {}): string[] {
  for (const option of [shortest, longestPhrase]) {
    if (!(Number.isInteger(option) && option >= 1))
      throw new StatisticsError('BAD_OPTION', `lengths of words and phrases are whole numbers from 1, not ${option}`);
  }
  const left = new Set(stopWords);
  const words = (text.normalize('NFC').toLowerCase().match(WORD) ?? [])
    .map((word) => word.replaceAll('’', "'"))
    .filter((word) => [...word].length >= shortest && !left.has(word));
  const tokens = [...words];
  for (let length = 2; length <= longestPhrase; length += 1) {
    for (let from = 0; from + length <= words.length; from += 1) tokens.push(words.slice(from, from + length).join(' '));
  }
  return tokens;
}
