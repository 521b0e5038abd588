import { StatisticsError } from '@touchstone/statistics';

/** Answers in order of rows; null where the question was not answered. */
export type Answers = ArrayLike<number | null>;

/** A scale of whole numbers. */
export interface Scale {
  readonly lowest: number;
  readonly highest: number;
}

/** How far the number of answers carries a result. */
export interface Reliability {
  readonly sufficient: boolean;
  readonly minimumAnswers: number;
  /** In words, to be shown beside the result. */
  readonly note: string;
}

/** Answers a result is called reliable from, unless the caller sets another number. */
export const MINIMUM_ANSWERS = 30;

/**
 * The answers given, and how many were not.
 * @throws StatisticsError `BAD_DATA` for an answer off the scale or between its steps, naming the row; `TOO_FEW_POINTS` where nobody answered; `BAD_OPTION`
 */
export function answersOn(
  { lowest, highest }: Scale,
  answers: Answers,
): { readonly given: readonly number[]; readonly unanswered: number } {
  if (!(Number.isInteger(lowest) && Number.isInteger(highest) && lowest < highest)) {
    throw new StatisticsError('BAD_OPTION', `a scale from ${lowest} to ${highest}; give two whole numbers, the lower one first`);
  }
  const given: number[] = [];
  for (let row = 0; row < answers.length; row += 1) {
    const answer = answers[row];
    if (answer === null) continue;
    if (!(Number.isInteger(answer) && answer >= lowest && answer <= highest)) {
      throw new StatisticsError('BAD_DATA', `row ${row + 1}: the answer ${answer} is not a whole number from ${lowest} to ${highest}`);
    }
    given.push(answer);
  }
  if (given.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no answers were given');
  return { given, unanswered: answers.length - given.length };
}

/** @throws StatisticsError `BAD_OPTION` */
export function reliabilityOf(n: number, minimumAnswers = MINIMUM_ANSWERS): Reliability {
  if (!(Number.isInteger(minimumAnswers) && minimumAnswers >= 1)) {
    throw new StatisticsError('BAD_OPTION', `a minimum of ${minimumAnswers} answers; give a whole number from 1`);
  }
  const sufficient = n >= minimumAnswers;
  const answers = n === 1 ? '1 answer' : `${n} answers`;
  const note = sufficient
    ? `${answers}, at least the ${minimumAnswers} asked for`
    : `only ${answers}, fewer than ${minimumAnswers}: a few more could change the result; read the interval, not the score`;
  return { sufficient, minimumAnswers, note };
}
