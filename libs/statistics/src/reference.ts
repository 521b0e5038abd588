// What a published result is, so that specs can hold a method to it and the documentation can print the comparison. The
// same list feeds both: the pages docs/reference/statistics.md and models.md cannot drift from what is tested.

/** One number that somebody else published, and how to obtain ours. */
export interface ReferenceCase {
  /** What is compared, with its data: "σ of the piston rings, samples 1 to 25". */
  readonly quantity: string;
  readonly published: number;
  readonly ours: () => number;
  /** Largest |ours − published| that counts as equal: half a unit in the last printed digit, or what the source's own rounding costs. */
  readonly tolerance: number;
}

/** A method with its definition and the results it is held to. */
export interface ReferencedMethod {
  readonly name: string;
  /** The formula in one line of plain text. */
  readonly formula: string;
  /** Standard, paper or book with section. */
  readonly source: string;
  readonly cases: readonly ReferenceCase[];
}

/** The text of a file in this library's `src/fixtures`. Pure code reads no files; specs and the documentation pass this in. */
export type ReadFixture = (name: string) => string;

export type ReferencesOf = (read: ReadFixture) => readonly ReferencedMethod[];

export interface ReferenceSection {
  readonly title: string;
  readonly methods: ReferencesOf;
}
