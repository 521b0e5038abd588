/** What is wrong with a cell; stable codes, see {@link PolicyProblem}. */
export type ExpressionCode =
  | 'EXPRESSION_SYNTAX'
  | 'EXPRESSION_NOT_ALLOWED'
  | 'EXPRESSION_KIND'
  | 'NONDETERMINISTIC_EXPRESSION'
  | 'UNKNOWN_FIELD';

export class ExpressionError extends Error {
  constructor(
    readonly code: ExpressionCode,
    message: string,
  ) {
    super(message);
  }
}

export interface Token {
  readonly type: 'number' | 'string' | 'word' | 'symbol' | 'end';
  readonly text: string;
}

// Everything in the engine that reads a clock or a random source, or parses a date: every date function takes 'now',
// also assembled ('no' + 'w') or out of a text fact, so that looking for the argument would not be enough.
const NONDETERMINISTIC = new Set(
  (
    'd now rand random today date time duration datestring dateadd datesub timestring startof endof ' +
    'year month monthofyear monthstring weekofyear dayofyear dayofmonth dayofweek weekday weekdaystring isvalid'
  ).split(' '),
);

const RESERVED = new Set('and or not in true false null if then else number'.split(' '));

/** Names that no input may have, for a cell could not tell the two apart. */
export const isReserved = (name: string): boolean => RESERVED.has(name) || isNondeterministic(name);

export const isNondeterministic = (name: string): boolean => NONDETERMINISTIC.has(name.toLowerCase());

// The engine's strings have no escapes: a literal runs to the next quote of its own kind.
const PATTERN =
  /\s+|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>'[^']*'|"[^"]*")|(?<word>[A-Za-z_$][A-Za-z0-9_$]*)|(?<symbol>\.\.|==|!=|>=|<=|[^\s])/gy;

/**
 * The cell in tokens. A name that reads a clock or a random source is refused here, wherever it stands, whatever its
 * case and spacing; the same letters inside a quoted text are text.
 *
 * @throws ExpressionError `NONDETERMINISTIC_EXPRESSION`, `EXPRESSION_NOT_ALLOWED`
 */
export function tokenize(cell: string): Token[] {
  const tokens: Token[] = [];
  for (const match of cell.matchAll(PATTERN)) {
    const { number, string, word, symbol } = match.groups ?? {};
    if (number !== undefined) tokens.push({ type: 'number', text: number });
    else if (string !== undefined) tokens.push({ type: 'string', text: string });
    else if (word !== undefined) tokens.push({ type: 'word', text: word });
    else if (symbol !== undefined) tokens.push({ type: 'symbol', text: symbol });
  }
  const clock = tokens.find((token) => token.type === 'word' && isNondeterministic(token.text));
  if (clock !== undefined) {
    throw new ExpressionError(
      'NONDETERMINISTIC_EXPRESSION',
      `\`${clock.text}\` reads a clock, a calendar or a random source: pass what it would give as a fact`,
    );
  }
  return [...tokens, { type: 'end', text: 'the end' }];
}
