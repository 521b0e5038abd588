import fc from 'fast-check';
import { randomFrom, randomFromState } from './index.js';
import type { RandomSource } from './index.js';

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

function meanAndVariance(draw: (random: RandomSource) => number, count = 20_000): { mean: number; variance: number } {
  const random = randomFrom(7);
  const values = Array.from({ length: count }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count };
}

describe('a random source', () => {
  it('gives the same numbers for the same seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [one, other] = [randomFrom(seed), randomFrom(seed)];
        for (let draw = 0; draw < 20; draw += 1) expect(one.bits()).toBe(other.bits());
      }),
    );
  });

  it('gives unrelated numbers for seeds that lie next to each other, also beyond 32 bits', () => {
    const first = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((seed) => randomFrom(seed).bits());
    expect(new Set(first).size).toBe(6);
  });

  it('draws uniforms strictly between 0 and 1', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const u = randomFrom(seed).uniform();
        expect(u).toBeGreaterThan(0);
        expect(u).toBeLessThan(1);
      }),
    );
  });

  // Four standard errors of 20,000 draws.
  it.each([
    ['uniform', (random: RandomSource) => random.uniform(), 1 / 2, 1 / 12],
    ['normal', (random: RandomSource) => random.normal(), 0, 1],
    ['exponential of rate 2', (random: RandomSource) => random.exponential(2), 1 / 2, 1 / 4],
    ['binomial of 10 trials at 0.3', (random: RandomSource) => random.binomial(10, 0.3), 3, 2.1],
    ['one below 6', (random: RandomSource) => random.below(6), 2.5, 35 / 12],
  ] as const)('draws %s with its mean and variance', (_, draw, mean, variance) => {
    const found = meanAndVariance(draw);
    expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / 20_000));
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.08);
  });

  it('permutes without losing or repeating anything', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 30 }), (seed, count) => {
        const order = randomFrom(seed).permutation(count);
        expect([...order].sort((one, other) => one - other)).toEqual(Array.from({ length: count }, (__, at) => at));
      }),
    );
  });

  it('makes each of the six orders of three about equally often', () => {
    const random = randomFrom(3);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw += 1) {
      const order = random.permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(6000 * (1 / 6) * (5 / 6)));
  });

  it('refuses a seed that is none and draws that have no distribution', () => {
    const random = randomFrom(1);
    for (const refused of [
      () => randomFrom(-1),
      () => randomFrom(0.5),
      () => randomFromState([0, 0, 0, 0]),
      () => random.exponential(0),
      () => random.binomial(-1, 0.5),
      () => random.binomial(3, 1.1),
      () => random.below(0),
    ]) {
      expect(refused).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    }
  });
});
