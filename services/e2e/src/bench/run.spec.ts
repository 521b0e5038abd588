import { describe, expect, it } from '@jest/globals';
import type { Area } from './measure.js';
import { areas } from './measure.js';
import { BadOption } from '../options.js';
import { benchOptions } from './options.js';
import { pgbenchVersion } from './peers/pgbench.js';
import { asMarkdown, asText } from './report.js';
import { runBenchmarks } from './run.js';

const shortRun = async (...only: Area[]) => {
  const told: string[] = [];
  const report = await runBenchmarks({ rounds: 1, areas: only, durationMs: 20, events: 50, large: false, json: false, write: false }, (what) => told.push(what));
  return { report, told, contenders: (contest: string) => report.rows.filter(({ area, what }) => `${area}: ${what}` === contest).map(({ contender }) => contender) };
};

const ifPgbench = (name: string): string[] => (pgbenchVersion() === undefined ? [] : [name]);

describe('a benchmark run of one short round', () => {
  it('appends with every peer on a PostgreSQL that waits for the disk, and says which targets were reached', async () => {
    const { report, told, contenders } = await shortRun('append', 'batches');
    expect(told).toEqual([
      'append: 1 writer, one event an append', 'append: 16 writers, one event an append', 'append: 64 writers, one event an append',
      'batches: 100 events an append, 1 writer', 'batches: 100 events an append, 16 writers',
    ]);
    expect(contenders('append: 64 writers, one event an append')).toEqual([
      'this store', 'plain pg, one insert a transaction, 64 connections', ...ifPgbench('pgbench -M prepared, 64 clients'), 'Emmett', 'evtstore', 'castore',
      'plain pg, 64 rows an insert, 1 connection',
    ]);
    expect(contenders('batches: 100 events an append, 16 writers')).toEqual(['this store', 'plain pg, insert from unnest, 100 rows', 'plain pg, COPY, 100 rows', 'Emmett']);
    expect(report.rows.filter(({ rate, p99Ms, contender }) => !(rate.median > 0) || (p99Ms === undefined) !== contender.startsWith('pgbench'))).toEqual([]);
    expect(report.rows.filter(({ contender, ours }) => (contender === 'this store') !== (ours === undefined))).toEqual([]);
    expect(report.verdicts.map(({ contest, asked }) => `${contest} | ${asked}`)).toEqual([
      'append: 16 writers, one event an append | ≥ 0.85 × plain inserts', 'append: 64 writers, one event an append | ≥ 10 × Emmett',
      'append: 64 writers, one event an append | ≥ 1.7 × pgbench -M prepared, as many clients', 'append: 64 writers, one event an append | ≥ 0.85 × plain inserts',
      'batches: 100 events an append, 1 writer | ≥ 0.8 × unnest inserts of the same rows', 'batches: 100 events an append, 16 writers | ≥ 0.8 × unnest inserts of the same rows',
    ]);
    expect(report.postgres).toMatchObject({ fsync: 'on', synchronousCommit: 'on' });
    expect(report.peers).toEqual(expect.arrayContaining(['Emmett 0.42.0', 'evtstore 12.0.1', 'castore 2.4.2', `pgbench ${pgbenchVersion() ?? 'not installed'}`]));
    expect(report.notes).toContainEqual(expect.stringMatching(/^append: Emmett, 64 writers: did most on a pool of (10|20|64), /));
    for (const text of [asText(report), asMarkdown(report)]) {
      for (const { what, contender } of report.rows) {
        expect(text).toContain(what);
        expect(text).toContain(contender);
      }
      for (const { asked } of report.verdicts) expect(text).toContain(asked);
      for (const said of [...report.peers, ...report.notes]) expect(text).toContain(said);
    }
    expect(asMarkdown(report)).toContain('within the same round, say more than rates.');
  }, 300_000);

  it('handles commands, loads a stream, replays the log and catches up with it', async () => {
    const { report, contenders } = await shortRun('commands', 'load', 'replay');
    expect(contenders('commands: handle commands, 64 at once')).toEqual(['this store', 'this store, reading the stream each time', 'Emmett', 'evtstore', 'castore']);
    expect(contenders('load: load and fold 1,000 events of one stream').slice(0, 2)).toEqual(['this store, read, checked for gaps, decoded, folded', 'plain pg, rows only']);
    expect(contenders('load: load a stream of 100,000 events with its snapshot')).toEqual([
      'this store, 100,000 events: the snapshot, and 25 later events', 'this store, 10 events',
    ]);
    expect(contenders('replay: read a log of 50 events')).toEqual(['this store, readAll', 'plain pg, cursor over the same rows']);
    expect(contenders('replay: catch up with 50 events (Emmett: 50)')).toEqual([
      'this store, a counting read model from zero, with its checkpoint', 'this store, readAll', 'this store, the feed, decoded, nothing done',
      'Emmett, consumer with a reactor that counts in memory, with its checkpoint', 'Emmett, consumer with an SQL projection that counts, with its checkpoint',
    ]);
    expect(report.rows.filter(({ rate }) => !(rate.median > 0))).toEqual([]);
    expect(report.verdicts.filter(({ state }) => state === 'not measured')).toEqual([]);
  }, 300_000);

  it('measures memory, lag and processor time of processes of their own, and HTTP between three', async () => {
    const { report, contenders } = await shortRun('memory', 'lag', 'cpu', 'http');
    expect(report.rows.filter(({ area, memoryMiB }) => (area === 'memory') !== (memoryMiB !== undefined))).toEqual([]);
    expect(report.rows.filter(({ area, ours }) => (area === 'memory' || area === 'lag') && ours !== undefined)).toEqual([]);
    expect(report.rows.filter(({ area, maxMs, p99Ms }) => area === 'lag' && !(maxMs && p99Ms && maxMs.median >= p99Ms.median)).map(({ contender }) => contender)).toEqual([]);
    expect(report.rows.filter(({ area, cpuUs, serviceCpuUs }) => area === 'cpu' && !(cpuUs && serviceCpuUs && cpuUs.median >= serviceCpuUs.median)).map(({ contender }) => contender)).toEqual([]);
    expect(contenders('http: POST a new lot, 64 at once')).toEqual(['this control service', 'plain Nest and TypeORM, repository.save', 'plain Nest and TypeORM, repository.insert']);
    expect(report.verdicts.map(({ contest }) => contest.split(':')[0])).toEqual(['memory', 'lag', 'lag', ...(process.platform === 'linux' ? ['cpu'] : []), 'http']);
    const text = asText(report);
    for (const head of ['memory MiB', 'max ms', 'CPU µs each']) expect(text).toContain(head);
  }, 300_000);
});

describe('the options of a benchmark', () => {
  it('are a short look at everything unless asked otherwise, and the sizes of the page when it is written', () => {
    expect(benchOptions([])).toEqual({ rounds: 3, areas, durationMs: 300, events: 50_000, large: false, json: false, write: false });
    expect(benchOptions(['--write'])).toEqual({ rounds: 5, areas, durationMs: 1_000, events: 1_000_000, large: true, json: false, write: true });
    expect(benchOptions(['--large'])).toMatchObject({ rounds: 5, durationMs: 1_000, events: 1_000_000, large: true, write: false });
    expect(benchOptions(['--rounds', '2', '--only', 'http,append', '--seconds', '0.5', '--events', '7', '--json', '--write'])).toMatchObject({
      rounds: 2, areas: ['append', 'http'], durationMs: 500, events: 7, json: true, write: true,
    });
    expect(benchOptions(['--help'])).toBe('help');
  });

  it.each([['--rounds', '0'], ['--rounds', '1.5'], ['--rounds', 'many'], ['--only', 'disk'], ['--only', 'append,disk'], ['--only', ''], ['--seconds', '-1'], ['--fast', '1']])('refuse %s %s', (name, value) => {
    expect(() => benchOptions([name, value])).toThrow(BadOption);
  });
});
