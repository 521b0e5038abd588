import { StatisticsError } from '../statistics-error.js';

/** Sample size code letters. I and O are not used; S exists in tightened inspection only. */
export const CODE_LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S'] as const;
export type CodeLetter = (typeof CODE_LETTERS)[number];

/** Acceptance quality limits: percent nonconforming up to 10, nonconformities per hundred units throughout. */
export const AQLS = [
  0.01, 0.015, 0.025, 0.04, 0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1, 1.5, 2.5, 4, 6.5, 10, 15, 25, 40, 65, 100, 150, 250, 400, 650, 1000,
] as const;

/** The preferred series every sample size of the standards is taken from. */
export const SAMPLE_SIZES = [2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150] as const;

/** Inspection levels: the general I, II (usual) and III, the special S-1 to S-4 for small samples. */
export const INSPECTION_LEVELS = ['S-1', 'S-2', 'S-3', 'S-4', 'I', 'II', 'III'] as const;
export type InspectionLevel = (typeof INSPECTION_LEVELS)[number];

export const LARGEST_AQL_IN_PERCENT = 10;

/** Largest lot of each row of table I; the last row has no end. */
const LOT_SIZES_UP_TO = [8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10000, 35000, 150000, 500000, Infinity];

/** Table I by level, one letter for each row of lot sizes. */
const LETTERS_BY_LEVEL: Readonly<Record<InspectionLevel, string>> = {
  'S-1': 'AAAABBBBCCCCDDD',
  'S-2': 'AAABBBCCCDDDEEE',
  'S-3': 'AABBCCDDEEFFGGH',
  'S-4': 'AABCCDEEFGGHJJK',
  I: 'AABCCDEFGHJKLMN',
  II: 'ABCDEFGHJKLMNPQ',
  III: 'BCDEFGHJKLMNPQR',
};

/**
 * Table I: the sample size code letter for a lot. MIL-STD-105E and ISO 2859-1:1999 have the same table.
 * @param lotSize items in the lot, from 2; Infinity is a lot of any size
 * @throws StatisticsError `BAD_OPTION`
 */
export function codeLetter(lotSize: number, level: InspectionLevel): CodeLetter {
  assertLotSize(lotSize);
  const letters = (LETTERS_BY_LEVEL as Readonly<Record<string, string>>)[level];
  if (letters === undefined)
    throw new StatisticsError('BAD_OPTION', `inspection level ${level} is none of ${INSPECTION_LEVELS.join(', ')}`);
  const row = LOT_SIZES_UP_TO.findIndex((largest) => lotSize <= largest);
  return letters.charAt(row) as CodeLetter;
}

/** @throws StatisticsError `BAD_OPTION` unless a whole number from 2, or Infinity */
export function assertLotSize(lotSize: number): void {
  if (lotSize === Infinity || (Number.isSafeInteger(lotSize) && lotSize >= 2)) return;
  throw new StatisticsError('BAD_OPTION', `a lot of ${lotSize} cannot be sampled; give its size as a whole number from 2`);
}

/** Position of an AQL in the series. @throws StatisticsError `BAD_OPTION` for a value the standards have no column for */
export function aqlIndex(aql: number): number {
  const index = (AQLS as readonly number[]).indexOf(aql);
  if (index >= 0) return index;
  throw new StatisticsError('BAD_OPTION', `AQL ${aql} has no column in the tables; the next stricter one would be ${stricterThan(aql)}`);
}

function stricterThan(aql: number): string {
  const stricter = AQLS.filter((column) => column < aql);
  return stricter.length > 0 ? String(stricter[stricter.length - 1]) : 'none';
}

/** Position of a code letter. @throws StatisticsError `BAD_OPTION` */
export function letterIndex(letter: CodeLetter): number {
  const index = CODE_LETTERS.indexOf(letter);
  if (index >= 0) return index;
  throw new StatisticsError('BAD_OPTION', `${letter} is not a sample size code letter`);
}
