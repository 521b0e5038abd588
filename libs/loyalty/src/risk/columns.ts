/** One cell: a number, a category, or null where it is missing. */
export type Cell = number | string | null;
export type Row = Readonly<Record<string, Cell>>;

/** In which way the risk may move with the column. */
export type Monotone = 'increasing' | 'decreasing';

/** Numbers in one unit. */
export interface NumericColumn {
  readonly name: string;
  readonly kind: 'numeric';
  /** null is missing; NaN is refused. */
  readonly values: ArrayLike<number | null>;
  /**
   * `refuse` (default), or `indicator`: a missing value counts as the mean of the others, and an indicator, if any were
   * missing when fitting, takes what being missing says.
   */
  readonly missing?: 'refuse' | 'indicator';
  /** Divide by the standard deviation (divisor n) after subtracting the mean, so that the penalty treats columns alike. Default true. */
  readonly standardise?: boolean;
  /** Ascending cut points: the column enters as steps "above the cut" instead of a straight line. */
  readonly cuts?: readonly number[];
  readonly monotone?: Monotone;
}

/** Names of groups. */
export interface CategoricalColumn {
  readonly name: string;
  readonly kind: 'categorical';
  readonly values: ArrayLike<string | null>;
  /** `reference` (default): one indicator for each level but the reference. `full`: one for each level; needs a penalty to be determined. */
  readonly coding?: 'reference' | 'full';
  /** Default: the first level in code unit order, as R's treatment contrasts take it in the C locale. */
  readonly reference?: string;
  /** Levels from lowest to highest: the column enters as steps "above this level", which `monotone` can hold to one direction. */
  readonly order?: readonly string[];
  readonly monotone?: Monotone;
  /** A level not seen when fitting: `refuse` (default), or `average`, which contributes nothing to the score. */
  readonly unknown?: 'refuse' | 'average';
  /** `refuse` (default), or `category`: missing is a level of its own. */
  readonly missing?: 'refuse' | 'category';
}

export type RiskColumn = NumericColumn | CategoricalColumn;

/** The level that stands for missing where it is a category. */
export const MISSING_LEVEL = '(missing)';
