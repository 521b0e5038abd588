import { describe, expect, it } from '@jest/globals';
import { BadOption } from '../../options.js';
import type { Cell, Run } from './cells.js';
import { cellOf, configurations, together } from './cells.js';
import type { Point } from './curve.js';
import { noRoomFor } from './curve.js';
import type { Written } from './messages.js';
import { tableOptions } from './options.js';
import { verdictsOf } from './verdicts.js';

const same = (value: number) => ({ median: value, min: value, max: value });
const runs = (rates: readonly number[], p99Ms = 10): Run[] => rates.map((eventsPerSecond) => ({ count: 100, eventsPerSecond, p50Ms: p99Ms / 2, p99Ms, clientUs: 30 }));
const all = [...configurations('as it is'), ...configurations('slowed by 3 ms')];
const point = (length: number, ratio: number): Point => ({ length, lengthAfter: 2 * length, costUs: same(ratio * 50), walBytes: same(1_500), aloneP50Ms: same(1), ratio: same(ratio) });

/** Everywhere 1 × plain inserts and the same p99, but where told otherwise. */
function cells(otherwise: Readonly<Record<string, Partial<Pick<Cell, 'rateRatio' | 'p99Ratio'>>>> = {}): Cell[] {
  return all.map((each) => ({
    ...each, contenders: [], rateRatio: same(1), p99Ratio: same(1), ...otherwise[`${each.disk} ${each.processes} × ${each.writers}`],
  }));
}
const states = (...given: Parameters<typeof verdictsOf>) => verdictsOf(...given).map(({ state }) => state);

describe('what was asked of the append path', () => {
  it('is reached at its limits', () => {
    const crowd = { rateRatio: same(3), p99Ratio: same(0.25) };
    expect(states(cells({ 'slowed by 3 ms 4 × 64': crowd, 'as it is 1 × 16': { rateRatio: same(0.85) } }), [point(10, 1), point(100, 1.5)])).toEqual(['reached', 'reached', 'reached', 'reached']);
  });

  it('is missed just beyond them', () => {
    const crowd = { rateRatio: same(2.99), p99Ratio: same(0.26) };
    expect(states(cells({ 'slowed by 3 ms 4 × 64': crowd, 'as it is 1 × 16': { rateRatio: same(0.84) } }), [point(10, 1), point(100, 1.51), point(1_000, 1.2)])).toEqual(['missed', 'missed', 'missed', 'missed']);
  });

  it('excuses one writer on the disk as it is, and neither four nor one on the slowed disk', () => {
    const slow = { rateRatio: same(0.4) };
    const nowhereBelow = (where: string) => verdictsOf(cells({ [where]: slow }), [])[2];
    expect(nowhereBelow('as it is 1 × 1')?.state).toBe('reached');
    expect(nowhereBelow('as it is 4 × 1')).toMatchObject({ state: 'missed', found: '4 × 1, disk as it is: 0.40 ×' });
    expect(nowhereBelow('slowed by 3 ms 1 × 1')).toMatchObject({ state: 'missed', found: '1 × 1, disk slowed by 3 ms: 0.40 ×' });
  });

  it('is not called reached where it was not measured', () => {
    expect(states([], [])).toEqual(['not measured', 'not measured', 'not measured', 'not measured']);
    const fastOnly = cells().filter(({ disk }) => disk === 'as it is');
    expect(verdictsOf(fastOnly, [])[2]).toMatchObject({ state: 'not measured', found: expect.stringContaining('the slowed disk was not measured') });
  });
});

describe('the figures of a cell', () => {
  it('of processes that wrote together are the sum of what they wrote in the longest time, and the latencies of all', () => {
    const written = (count: number, elapsedMs: number, latenciesMs: readonly number[]): Written => ({ count, elapsedMs, latenciesMs: Float64Array.from(latenciesMs), processorMs: 3 });
    expect(together([written(30, 500, [1, 2]), written(70, 400, [3, 40])])).toEqual({ count: 100, eventsPerSecond: 200, p50Ms: 2, p99Ms: 40, clientUs: 60 });
  });

  it('are compared with plain inserts round by round', () => {
    // The second round met a busy machine. The ratio of the medians would be 1.5.
    const cell = cellOf({ disk: 'as it is', processes: 1, writers: 16 }, new Map([['this store', runs([300, 30, 300], 5)], ['plain inserts', runs([100, 10, 200], 20)]]));
    expect(cell.rateRatio).toEqual({ median: 3, min: 1.5, max: 3 });
    expect(cell.p99Ratio).toEqual(same(0.25));
    expect(cell.contenders.map(({ contender, eventsPerSecond }) => [contender, eventsPerSecond.median])).toEqual([['this store', 300], ['plain inserts', 100]]);
  });
});

describe('a log that does not fit on the disk', () => {
  it('is left out with the reason', () => {
    expect(noRoomFor(10_000_000, '.', 25e9)).toBeUndefined();
    expect(noRoomFor(10_000_000, '.', 24e9)).toBe('10,000,000 events: not run, 22 GiB are free and 24 needed');
  });
});

describe('the options of the append table', () => {
  it('are short by default, and longer when the page is written', () => {
    const lengths = [10_000, 100_000, 1_000_000];
    expect(tableOptions([])).toEqual({ rounds: 3, durationMs: 600, parts: ['table', 'curve'], lengths, json: false, write: false });
    expect(tableOptions(['--write'])).toEqual({ rounds: 5, durationMs: 1_000, parts: ['table', 'curve'], lengths: [...lengths, 10_000_000], json: false, write: true });
    expect(tableOptions(['--only', 'curve', '--large', '--rounds', '2', '--seconds', '0.1', '--json'])).toMatchObject({ rounds: 2, durationMs: 100, parts: ['curve'], lengths: [...lengths, 10_000_000], json: true });
    expect(tableOptions(['--help'])).toBe('help');
  });

  it.each([['--rounds', '0'], ['--rounds', '1.5'], ['--seconds', 'some'], ['--only', 'disk'], ['--events', '1']])('refuse %s %s', (name, value) => {
    expect(() => tableOptions([name, value])).toThrow(BadOption);
  });
});
