import { StatisticsError } from '../statistics-error.js';
import type { RuleLimits } from './zones.js';

/**
 * What the rules look for, numbered as Nelson numbers them: 1 beyond 3σ, 2 a run on one side, 3 a trend, 4 an alternation, 5 two of
 * three beyond 2σ, 6 four of five beyond 1σ, 7 hugging the center line, 8 avoiding it.
 */
export type Pattern = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Where published versions of the rules differ. Lengths are numbers of points, 2 to 20. */
export interface RuleVariant {
  /** Points in a row on one side: 9 by Nelson, 8 by Western Electric, 7 in some software. */
  readonly runLength: number;
  /** Two of three, four of five: whether the point they fire at must itself lie beyond the zone. Some software only looks at the window. */
  readonly lastPointBeyond: boolean;
  /** Eight that avoid zone C: whether there must be points on both sides. Some software lets eight on one side pass for it. */
  readonly bothSides: boolean;
  /** Points steadily rising or falling: 6 by Nelson; 7 in some manuals. */
  readonly trendLength?: number;
  /** Points alternating up and down: 14 by Nelson. */
  readonly alternationLength?: number;
  /** Points in a row within zone C (stratification): 15. */
  readonly stratificationLength?: number;
  /** Points in a row outside zone C (mixture): 8. */
  readonly mixtureLength?: number;
}

const LONGEST = 20;
/** What a state keeps at least, so that states of different variants have one form. */
const LONGEST_BY_DEFAULT = 15;

const lengthsOf = (variant: RuleVariant): number[] => [
  variant.runLength,
  variant.trendLength ?? 6,
  variant.alternationLength ?? 14,
  variant.stratificationLength ?? 15,
  variant.mixtureLength ?? 8,
];

/** @throws StatisticsError `BAD_OPTION` for a length outside 2 to 20, an alternation of two */
export function assertVariant(variant: RuleVariant): void {
  if (!lengthsOf(variant).every((length) => Number.isInteger(length) && length >= 2 && length <= LONGEST)) {
    throw new StatisticsError('BAD_OPTION', `a run, trend, alternation, stratification or mixture has 2 to ${LONGEST} points`);
  }
  if (variant.alternationLength === 2) throw new StatisticsError('BAD_OPTION', 'two points do not alternate; give 3 or more');
}

/** How many points before the next one can still matter. */
export const reachOf = (variant: RuleVariant): number => Math.max(LONGEST_BY_DEFAULT, ...lengthsOf(variant));

/** Points taken at once: a word of 32 bits holds them and the 20 before them that a pattern may reach back to. */
export const BLOCK = 12;

/** Is told that patterns fired at the point `age` points before the latest taken: bit p − 1 of `fired` for pattern p. */
export interface PatternSink {
  add(age: number, fired: number): void;
}

/**
 * The windows the rules look through: one word for each question about a point, one bit for each point, the latest lowest. All
 * patterns of a block of points are then looked for at once. Nothing branches on what is a coin toss on a process in control (the
 * side of the next point, its direction): a processor that guesses wrong loses more time than all the rest.
 */
export class PatternWindows {
  private above = 0;
  private below = 0;
  private highOne = 0;
  private lowOne = 0;
  private highTwo = 0;
  private lowTwo = 0;
  private beyond = 0;
  private up = 0;
  private down = 0;
  /** Points since the last gap. */
  private known = 0;
  private readonly lengths: readonly number[];
  private readonly run: number;
  private readonly trend: number;
  private readonly reversal: number;
  private readonly stratification: number;
  private readonly mixture: number;

  constructor(
    private readonly variant: RuleVariant,
    /** Patterns to look for, as `bitsOfPatterns`. */
    private readonly watched: number,
  ) {
    this.lengths = lengthsOf(variant);
    const [run, trend, alternation, stratification, mixture] = this.lengths;
    this.run = shiftsFor(run);
    this.trend = shiftsFor(trend - 1);
    this.reversal = shiftsFor(alternation - 2);
    this.stratification = shiftsFor(stratification);
    this.mixture = shiftsFor(mixture);
  }

  /** A point is missing: what came before it is not consecutive with what comes after. */
  clear(): void {
    this.above = this.below = this.highOne = this.lowOne = this.highTwo = this.lowTwo = this.beyond = this.up = this.down = this.known = 0;
  }

  /**
   * Takes `count` points (at most `BLOCK`) from index `start` on and tells `sink` what fires, oldest point first.
   * @param compared what trends compare; usually the values themselves
   * @param previous the entry of `compared` before these, or their first itself where there is none
   * @returns false if one of them is not finite
   */
  take(
    values: Float64Array,
    compared: Float64Array,
    start: number,
    count: number,
    limits: RuleLimits,
    previous: number,
    sink: PatternSink,
  ): boolean {
    const { center, sigma } = limits;
    const two = 2 * sigma;
    const three = 3 * sigma;
    let { above, below, highOne, lowOne, highTwo, lowTwo, beyond, up, down } = this;
    let last = previous;
    for (let index = start; index < start + count; index += 1) {
      const distance = values[index] - center;
      const next = compared[index];
      // NaN and the infinities are the only numbers that do not cancel themselves.
      if (distance - distance !== 0) return false;
      above = (above << 1) | Number(distance > 0);
      below = (below << 1) | Number(distance < 0);
      highOne = (highOne << 1) | Number(distance > sigma);
      lowOne = (lowOne << 1) | Number(distance < -sigma);
      highTwo = (highTwo << 1) | Number(distance > two);
      lowTwo = (lowTwo << 1) | Number(distance < -two);
      beyond = (beyond << 1) | Number(Math.abs(distance) > three);
      up = (up << 1) | Number(next > last);
      down = (down << 1) | Number(next < last);
      last = next;
    }
    this.above = above;
    this.below = below;
    this.highOne = highOne;
    this.lowOne = lowOne;
    this.highTwo = highTwo;
    this.lowTwo = lowTwo;
    this.beyond = beyond;
    this.up = up;
    this.down = down;
    this.known = Math.min(32, this.known + count);
    this.tell(count, sink);
    return true;
  }

  private tell(count: number, sink: PatternSink): void {
    const { above, below, highOne, lowOne, highTwo, lowTwo, beyond, up, down, variant, watched } = this;
    const { run, trend, reversal, stratification, mixture } = this;
    const isKnown = this.known === 32 ? -1 : lowestBits(this.known);
    const outside = highOne | lowOne;
    const reversed = (up & (down >>> 1)) | (down & (up >>> 1));
    const runs = inRow(above, run) | inRow(below, run);
    const trends = inRow(up, trend) | inRow(down, trend);
    const alternations = inRow(reversed, reversal);
    const twos = twoOfThree(highTwo, variant.lastPointBeyond) | twoOfThree(lowTwo, variant.lastPointBeyond);
    const fours = fourOfFive(highOne, variant.lastPointBeyond) | fourOfFive(lowOne, variant.lastPointBeyond);
    const withins = inRow(~outside & isKnown, stratification);
    let mixtures = inRow(outside, mixture);
    if (variant.bothSides && mixtures !== 0) mixtures &= ~inRow(~above, mixture) & ~inRow(~below, mixture);
    let firing = (beyond | runs | trends | alternations | twos | fours | withins | mixtures) & lowestBits(count);
    while (firing !== 0) {
      const age = 31 - Math.clz32(firing);
      firing ^= 1 << age;
      const fired =
        ((beyond >>> age) & 1) |
        (((runs >>> age) & 1) << 1) |
        (((trends >>> age) & 1) << 2) |
        (((alternations >>> age) & 1) << 3) |
        (((twos >>> age) & 1) << 4) |
        (((fours >>> age) & 1) << 5) |
        (((withins >>> age) & 1) << 6) |
        (((mixtures >>> age) & 1) << 7);
      if ((fired & watched) !== 0) sink.add(age, fired & watched);
    }
  }

  /** The points because of which `pattern` fired at the point `age` before the latest: bit k for the point k before it. */
  concerned(pattern: Pattern, age: number): number {
    const [run, trend, alternation, stratification, mixture] = this.lengths;
    const { lastPointBeyond } = this.variant;
    switch (pattern) {
      case 1:
        return 1;
      case 2:
        return lowestBits(run);
      case 3:
        return lowestBits(trend);
      case 4:
        return lowestBits(alternation);
      case 5:
        return ((twoOfThree(this.highTwo, lastPointBeyond) >>> age) & 1 ? this.highTwo >>> age : this.lowTwo >>> age) & 7;
      case 6:
        return ((fourOfFive(this.highOne, lastPointBeyond) >>> age) & 1 ? this.highOne >>> age : this.lowOne >>> age) & 31;
      case 7:
        return lowestBits(stratification);
      case 8:
        return lowestBits(mixture);
    }
  }
}

const lowestBits = (count: number): number => (1 << count) - 1;

/**
 * How far to shift a word, five bits a shift, so that only the ends of `count` ones in a row remain: what is known to be ones is
 * doubled until it is that many.
 */
function shiftsFor(count: number): number {
  let shifts = 0;
  for (let got = 1, place = 0; got < count; place += 5) {
    const more = Math.min(got, count - got);
    shifts |= more << place;
    got += more;
  }
  return shifts;
}

/** Bits that with those before them make as many ones in a row as `shifts` stands for. A shift counts modulo 32; shifts by 0 change nothing. */
function inRow(word: number, shifts: number): number {
  let ones = word & (word >>> shifts);
  ones &= ones >>> (shifts >>> 5);
  ones &= ones >>> (shifts >>> 10);
  ones &= ones >>> (shifts >>> 15);
  return ones & (ones >>> (shifts >>> 20));
}

function twoOfThree(word: number, lastBeyond: boolean): number {
  const one = word >>> 1;
  const two = word >>> 2;
  return lastBeyond ? word & (one | two) : (word & (one | two)) | (one & two);
}

function fourOfFive(word: number, lastBeyond: boolean): number {
  const one = word >>> 1;
  const two = word >>> 2;
  const three = word >>> 3;
  const four = word >>> 4;
  const threeOfFour = (one & two & (three | four)) | (three & four & (one | two));
  return lastBeyond ? word & threeOfFour : (word & threeOfFour) | (one & two & three & four);
}

/** Numbers of the points that `concerned` stands for when the latest is `at`, ascending. */
export function pointsOf(at: number, concerned: number): number[] {
  const points: number[] = [];
  for (let age = 31 - Math.clz32(concerned); age >= 0; age -= 1) if ((concerned >>> age) & 1) points.push(at - age);
  return points;
}

/** Patterns as bits. */
export const bitsOfPatterns = (patterns: readonly Pattern[]): number => patterns.reduce((bits, pattern) => bits | (1 << (pattern - 1)), 0);
