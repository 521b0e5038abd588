import { describe, expect, it } from '@jest/globals';
import { keepBusy } from './measure.js';
import { median, percentile, ratioOf, spread } from './statistics.js';

describe('the statistics of benchmark runs', () => {
  it('take the middle of an odd number of runs, by value and not by text', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('take the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('say how far the runs lay apart and leave the runs as they were', () => {
    const runs = [310, 290, 305];
    expect(spread(runs)).toEqual({ median: 305, min: 290, max: 310 });
    expect(runs).toEqual([310, 290, 305]);
  });

  it('give as percentile a value that was measured: nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1), percentile([7], 0.01)]).toEqual([50, 99, 100, 7]);
  });

  it('divide within each round before taking the middle', () => {
    // The second round met a busy machine; both contenders did. The ratio of the medians would be 1.
    expect(ratioOf([100, 10, 40], [50, 5, 40])).toEqual({ median: 2, min: 1, max: 2 });
  });

  it('refuse what was not measured, rounds that do not match, and shares outside 0 to 1', () => {
    expect(() => median([])).toThrow('nothing was measured');
    expect(() => spread([])).toThrow('nothing was measured');
    expect(() => ratioOf([1, 2], [1])).toThrow('2 rounds against 1');
    expect(() => percentile([1], 0)).toThrow(RangeError);
    expect(() => percentile([1], 99)).toThrow(RangeError);
  });
});

describe('keeping workers busy', () => {
  it('counts what every worker did, with one latency a call', async () => {
    let calls = 0;
    const sample = await keepBusy(8, 30, async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      calls += 1;
      return 3;
    });
    expect(sample.count).toBe(calls * 3);
    expect(sample.latenciesMs).toHaveLength(calls);
    expect(sample.elapsedMs).toBeGreaterThanOrEqual(30);
  });
});
