import { describe, expect, it } from '@jest/globals';
import { BadOption, benchOptions } from './options.js';
import { asMarkdown, asText } from './report.js';
import { runBenchmarks } from './run.js';

describe('a benchmark run', () => {
  it('of one short round reports every contender, with its ratio to ours, on a PostgreSQL that waits for the disk', async () => {
    const told: string[] = [];
    const options = { rounds: 1, areas: ['append', 'replay', 'http'] as const, durationMs: 20, events: 50, json: false, write: false };
    const report = await runBenchmarks(options, (what) => told.push(what));
    expect(report.rows.map(({ area, what, contender }) => `${area} | ${what} | ${contender}`)).toEqual([
      'append | 1 writer, one event an append | this store',
      'append | 1 writer, one event an append | plain pg, one insert a transaction, 1 connection',
      'append | 16 writers, one event an append | this store',
      'append | 16 writers, one event an append | plain pg, one insert a transaction, 16 connections',
      'append | 16 writers, one event an append | plain pg, 16 rows an insert, 1 connection',
      'append | 64 writers, one event an append | this store',
      'append | 64 writers, one event an append | plain pg, one insert a transaction, 64 connections',
      'append | 64 writers, one event an append | plain pg, 64 rows an insert, 1 connection',
      'replay | read a log of 50 events | this store, read, checked for holes and decoded',
      'replay | read a log of 50 events | plain pg, paged select of the same rows, not decoded',
      'replay | read a log of 50 events | plain pg, cursor over the same rows, not decoded',
      'replay | fold a log of 50 events into a table | this store, a read model from zero, with checkpoints',
      'replay | fold a log of 50 events into a table | plain pg, paged select, JSON.parse, one upsert at the end',
      'http | POST a new lot, 1 at once | this control service',
      'http | POST a new lot, 1 at once | plain Nest and TypeORM, repository.save',
      'http | POST a new lot, 1 at once | plain Nest and TypeORM, repository.insert',
      'http | POST a new lot, 16 at once | this control service',
      'http | POST a new lot, 16 at once | plain Nest and TypeORM, repository.save',
      'http | POST a new lot, 16 at once | plain Nest and TypeORM, repository.insert',
    ]);
    expect(report.rows.filter(({ rate }) => !(rate.median > 0))).toEqual([]);
    expect(report.rows.filter(({ contender, ours }) => contender.startsWith('this ') !== (ours === undefined))).toEqual([]);
    expect(report.rows.filter(({ area, p99Ms }) => (area === 'replay') !== (p99Ms === undefined))).toEqual([]);
    expect(report.postgres).toMatchObject({ fsync: 'on', synchronousCommit: 'on' });
    expect(told).toHaveLength(7);
    for (const text of [asText(report), asMarkdown(report)]) {
      for (const { what, contender } of report.rows) {
        expect(text).toContain(what);
        expect(text).toContain(contender);
      }
    }
    const loaded = (before: number) => asMarkdown({ ...report, load: { before, after: 9 } });
    expect([loaded(0.1).includes('The machine was shared'), loaded(2).includes('The machine was shared')]).toEqual([false, true]);
  }, 120_000);
});

describe('the options of a benchmark', () => {
  it('are five rounds of everything unless asked otherwise', () => {
    expect(benchOptions([])).toEqual({ rounds: 5, areas: ['append', 'replay', 'http'], durationMs: 1_000, events: 20_000, json: false, write: false });
    expect(benchOptions(['--rounds', '2', '--only', 'http', '--seconds', '0.5', '--json', '--write'])).toMatchObject({ rounds: 2, areas: ['http'], durationMs: 500, json: true, write: true });
    expect(benchOptions(['--help'])).toBe('help');
  });

  it.each([['--rounds', '0'], ['--rounds', '1.5'], ['--rounds', 'many'], ['--only', 'disk'], ['--seconds', '-1'], ['--fast', '1']])('refuse %s %s', (name, value) => {
    expect(() => benchOptions([name, value])).toThrow(BadOption);
  });
});
