/** A table that follows from the exported files alone. */
export interface View {
  readonly name: string;
  /** What one row is. */
  readonly meaning: string;
  /** Names, in order, with what they mean and in what unit. */
  readonly columns: Readonly<Record<string, string>>;
  readonly select: string;
}

/** Text of the body. */
export const text = (field: string): string => `body->>'$.${field}'`;
/** Exact, with all decimals that a quantity may have. */
export const decimal = (field: string): string => `(body->>'$.${field}')::decimal(38, 12)`;

/** Rows of these types; `type` is a folder, so that no other file is opened. */
export const of = (...types: readonly string[]): string => `events where type in (${types.map((type) => `'${type}'`).join(', ')})`;
