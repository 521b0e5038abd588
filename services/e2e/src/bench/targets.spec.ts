import { describe, expect, it } from '@jest/globals';
import type { Row } from './measure.js';
import { compete } from './measure.js';
import { atLeast, atMost, timesAsFastAs, timesTheTimeOf, verdictsOf } from './targets.js';

const spread = (median: number) => ({ median, min: median, max: median });
const row = (contender: string, more: Partial<Row> = {}): Row => ({ area: 'append', what: '64 writers', contender, unit: 'events/s', rate: spread(1), ...more });
const contest = (...targets: ReturnType<typeof atLeast>[]) => ({ area: 'append' as const, what: '64 writers', targets });

describe('a target', () => {
  const rows = [row('this store'), row('Emmett, pool of 20', { ours: spread(8) }), row('plain pg', { ours: spread(0.5) })];

  it('that asks for a ratio is reached at its limit and missed below', () => {
    const [reached, missed] = verdictsOf(contest(atLeast(8, '≥ 8 × Emmett', timesAsFastAs('Emmett')), atLeast(8.01, '≥ 8.01 × Emmett', timesAsFastAs('Emmett'))), rows);
    expect(reached).toEqual({ contest: 'append: 64 writers', asked: '≥ 8 × Emmett', value: 8, state: 'reached' });
    expect(missed).toMatchObject({ value: 8, state: 'missed' });
  });

  it('that asks for time turns the ratio of rates round', () => {
    const verdicts = verdictsOf(contest(atMost(2, '≤ 2 × the time', timesTheTimeOf('plain pg')), atMost(1.9, '≤ 1.9 × the time', timesTheTimeOf('plain pg'))), rows);
    expect(verdicts.map(({ value, state }) => [value, state])).toEqual([[2, 'reached'], [2, 'missed']]);
  });

  it('is not measured, and not reached, when a peer was not there or a figure was not taken', () => {
    const states = verdictsOf(contest(atLeast(1, 'a', timesAsFastAs('pgbench')), atMost(1, 'b', timesTheTimeOf('pgbench')), atMost(9, 'c', () => NaN)), rows).map(({ state }) => state);
    expect(states).toEqual(['not measured', 'not measured', 'not measured']);
  });
});

describe('a contest', () => {
  const sample = (count: number, more = {}) => ({ count, elapsedMs: 1_000, latenciesMs: [1, 2, 9], ...more });

  it('runs one round more than count, interleaved, and divides round by round', async () => {
    const order: string[] = [];
    const contender = (name: string, counts: number[]) => ({ name, run: () => Promise.resolve(sample((order.push(name), counts.shift() ?? 0))) });
    const rows = await compete({ area: 'append', what: 'two', unit: 'events/s', contenders: [contender('a', [1, 10, 30]), contender('b', [999, 5, 10])] }, 2);
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(rows.map(({ rate, ours, maxMs }) => [rate.median, ours, maxMs])).toEqual([[20, undefined, undefined], [7.5, { median: 2.5, min: 2, max: 3 }, undefined]]);
  });

  it('of figures that stand for themselves has no ratio, tells the longest latency and what one event cost, in rounds of its own', async () => {
    let runs = 0;
    const run = () => Promise.resolve(sample(100, { cpuMs: 5, serviceCpuMs: 2, memoryMiB: 30 + (runs += 1) }));
    const rows = await compete({ area: 'lag', what: 'one', unit: 'events/s', withoutRatio: true, ownRounds: 1, contenders: [{ name: 'a', run }, { name: 'b', run }] }, 5);
    expect(runs).toBe(2);
    expect(rows[1]).toMatchObject({ maxMs: spread(9), cpuUs: spread(50), serviceCpuUs: spread(20), memoryMiB: spread(32) });
    expect(rows[1]).not.toHaveProperty('ours');
  });
});
