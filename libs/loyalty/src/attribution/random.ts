import { StatisticsError } from '@touchstone/statistics';

// Looked up once: a draw needs them five times, and a study draws millions.
const { floor, imul, log, sqrt } = Math;

/** Random draws that follow from a seed alone, the same on every machine. */
export interface RandomSource {
  /** The next 32 bits, as an integer from 0 to 4294967295. */
  bits(): number;
  /** Uniform between 0 and 1, both excluded, with 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with mean 1 / `rate`. @throws StatisticsError `BAD_OPTION` unless the rate is positive */
  exponential(rate: number): number;
  /** Successes among `trials` of probability `p`. @throws StatisticsError `BAD_OPTION` */
  binomial(trials: number, p: number): number;
  /** True with probability `p`. */
  bernoulli(p: number): boolean;
  /** An integer from 0 to `below` − 1, each equally likely. @throws StatisticsError `BAD_OPTION` */
  below(below: number): number;
  /** 0, …, `count` − 1 in an order of which each is equally likely. */
  permutation(count: number): number[];
}

/** Four words of 32 bits, not all zero. */
export type RandomState = readonly [number, number, number, number];

/**
 * xoshiro128** 1.1 of D. Blackman and S. Vigna, Scrambled Linear Pseudorandom Number Generators, ACM Transactions on
 * Mathematical Software 47 (2021). Its period is 2¹²⁸ − 1.
 *
 * @throws StatisticsError `BAD_OPTION` for a state of zeros, which would stay zero for ever
 */
export function randomFromState(state: RandomState): RandomSource {
  let [a, b, c, d] = state.map((word) => word >>> 0);
  if ((a | b | c | d) === 0) throw new StatisticsError('BAD_OPTION', 'a random source needs a state that is not all zero');
  const bits = (): number => {
    const scrambled = imul(rotated(imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return scrambled;
  };
  return drawsFrom(bits);
}

/**
 * A source for a whole-numbered seed from 0 to 2⁵³ − 1. Neighbouring seeds give unrelated streams: the state comes from the seed
 * through the mixing function of MurmurHash3 at four steps of a Weyl sequence (SplitMix, G. L. Steele et al., OOPSLA 2014).
 *
 * @throws StatisticsError `BAD_OPTION`
 */
export function randomFrom(seed: number): RandomSource {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new StatisticsError('BAD_OPTION', 'a seed is a whole number from 0 to 2^53 − 1');
  let weyl = (seed >>> 0) ^ mixed(floor(seed / 2 ** 32) + 0x6a09e667);
  const word = (): number => {
    weyl = (weyl + 0x9e3779b9) >>> 0;
    return mixed(weyl);
  };
  return randomFromState([word(), word(), word(), word() | 1]);
}

function drawsFrom(bits: () => number): RandomSource {
  let spare: number | null = null;
  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6) + 0.5) / 2 ** 53;
  const bernoulli = (p: number): boolean => uniform() < p;
  // Marsaglia's polar method: two normals at a time, by way of a square root and a logarithm only.
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = sqrt((-2 * log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
  const below = (limit: number): number => {
    if (!Number.isInteger(limit) || limit < 1) throw new StatisticsError('BAD_OPTION', 'a draw needs at least one possible value');
    return floor(uniform() * limit);
  };
  return {
    bits,
    uniform,
    normal,
    bernoulli,
    below,
    exponential(rate) {
      if (!(rate > 0)) throw new StatisticsError('BAD_OPTION', 'an exponential waiting time needs a positive rate');
      return -log(uniform()) / rate;
    },
    binomial(trials, p) {
      if (!Number.isInteger(trials) || trials < 0 || !(p >= 0 && p <= 1)) {
        throw new StatisticsError('BAD_OPTION', 'a binomial draw needs a whole number of trials and a probability from 0 to 1');
      }
      let successes = 0;
      for (let trial = 0; trial < trials; trial += 1) if (bernoulli(p)) successes += 1;
      return successes;
    },
    permutation(count) {
      const order = Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [order[last], order[other]] = [order[other], order[last]];
      }
      return order;
    },
  };
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function mixed(word: number): number {
  let mix = word | 0;
  mix = imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
