import { Random } from './random.js';

describe('chance from a seed', () => {
  const draw = (seed: number, count: number) => {
    const random = new Random(seed);
    return Array.from({ length: count }, () => random.next());
  };

  it('is the same for the same seed and another for another', () => {
    expect(draw(7, 100)).toEqual(draw(7, 100));
    expect(draw(8, 100)).not.toEqual(draw(7, 100));
  });

  it('is uniform in [0, 1): each tenth gets a tenth, within four standard deviations', () => {
    const values = draw(1, 100_000);
    const counts = Array.from({ length: 10 }, (_, tenth) => values.filter((value) => Math.floor(value * 10) === tenth).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100_000);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(4 * Math.sqrt(9_000));
  });

  it('is about normal with mean 0 and deviation 1, never beyond six', () => {
    const random = new Random(3);
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    expect(values.every((value) => Math.abs(value) <= 6)).toBe(true);
  });

  it('picks from what there is, and refuses to pick from nothing', () => {
    const random = new Random(5);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
    expect(() => random.pick([])).toThrow('nothing to pick from');
  });
});
