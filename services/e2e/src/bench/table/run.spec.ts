import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchServer } from '../database.js';
import { asOwner, startBenchServer } from '../database.js';
import { APPEND_UNDER_LOCK, contenders, PLAIN_TABLE } from './contenders.js';
import { fill } from './curve.js';
import type { ContenderName } from './messages.js';
import { asMarkdown, asText } from './report.js';
import { runTable } from './run.js';
import type { WriterProcesses } from './writer-processes.js';
import { startWriterProcesses } from './writer-processes.js';

const options = { rounds: 1, durationMs: 20, parts: ['table', 'curve'] as const, lengths: [100, 300], json: false, write: false };

describe('a run of the append table', () => {
  it('measures every contender with 1 and 4 processes of 1, 16 and 64 writers on both disks, then the curve, and judges', async () => {
    const report = await runTable(options, () => undefined);
    const slowed = report.notes.length === 0 ? ['slowed by 3 ms'] : [];
    expect(report.cells.map(({ disk, processes, writers }) => `${disk}: ${processes} × ${writers}`)).toEqual(
      ['as it is', ...slowed].flatMap((disk) => ['1 × 1', '1 × 16', '1 × 64', '4 × 1', '4 × 16', '4 × 64'].map((size) => `${disk}: ${size}`)),
    );
    expect(report.cells.filter((cell) => cell.contenders.map(({ contender }) => contender).join() !== 'this store,plain inserts,lock over fsync')).toEqual([]);
    expect(report.cells.flatMap((cell) => cell.contenders.filter(({ eventsPerSecond, p50Ms, p99Ms }) => !(eventsPerSecond.median > 0 && p99Ms.median >= p50Ms.median)))).toEqual([]);
    expect(report.curve.map(({ length }) => length)).toEqual([100, 300]);
    expect(report.curve.filter(({ length, lengthAfter }) => !(lengthAfter > length))).toEqual([]);
    expect(report.curve.filter(({ walBytes }) => !(walBytes.median > 500))).toEqual([]); // the row itself, at least
    expect(report.postgres).toMatchObject({ fsync: 'on', synchronousCommit: 'on' });
    for (const text of [asText(report), asMarkdown(report)]) {
      for (const { asked, state, found } of report.verdicts) for (const part of [asked, state, found]) expect(text).toContain(part);
      for (const part of ['lock over fsync', '4 × 64, disk as it is', '300']) expect(text).toContain(part);
    }
  }, 180_000);

  it('says that the slowed disk was not run where it cannot be made slow', async () => {
    const report = await runTable({ ...options, parts: ['table'] }, () => undefined, { why: 'no C compiler' });
    expect(report.notes).toEqual(['The slowed disk: not run: no C compiler.']);
    expect(report.cells.map(({ disk }) => disk)).toEqual(Array.from({ length: 6 }, () => 'as it is'));
    expect(asText(report)).toContain('not run: no C compiler');
    expect(asMarkdown(report)).toContain('not run: no C compiler');
  }, 180_000);
});

describe('writers in processes of their own', () => {
  let server: BenchServer;
  let writers: WriterProcesses;
  let database: { url: string; ownerUrl: string };
  beforeAll(async () => {
    server = await startBenchServer();
    writers = await startWriterProcesses(2);
    database = await server.database('written');
    for (const sql of [PLAIN_TABLE, APPEND_UNDER_LOCK]) await asOwner(database.ownerUrl, sql);
  }, 60_000);
  afterAll(async () => {
    await writers.end();
    await server.remove();
  }, 60_000);
  const counted = async (table: string) => Number((await asOwner<{ n: string }>(database.ownerUrl, `select count(*) as n from ${table}`))[0]?.n);

  it.each<[ContenderName, string[]]>([['this store', ['event', 'command']], ['lock over fsync', ['event', 'command']], ['plain inserts', ['plain_event']]])(
    'store with %s one row for each answer that they count, with a latency each', async (contender, tables) => {
      const before = await Promise.all(tables.map(counted));
      const written = await writers.write({ contender, url: database.url, writers: 3 }, 2, 50);
      const answers = written.reduce((sum, { count }) => sum + count, 0);
      expect(answers).toBeGreaterThanOrEqual(6);
      expect(written.map(({ latenciesMs }) => latenciesMs.length)).toEqual(written.map(({ count }) => count));
      expect(await Promise.all(tables.map(counted))).toEqual(before.map((rows) => rows + answers));
    },
  );

  it('leave a log that is dense and in which streams have no gap, under the lock too', async () => {
    expect(await asOwner(database.ownerUrl, `select max(seq) = count(*) as dense, count(*) filter (where not whole) as broken
      from event, lateral (select max(version) = count(*) as whole from event e where e.stream = event.stream) as s`)).toEqual([{ dense: true, broken: '0' }]);
  });

  it('are refused under the lock, as by this store, when a version is taken', async () => {
    for (const name of ['lock over fsync', 'this store'] as const) {
      const contender = await contenders[name](database.url);
      await contender.append(0, `once with ${name}`, 1);
      await expect(contender.append(0, `once with ${name}`, 1)).rejects.toThrow('conflict');
      await contender.close();
    }
  });

  it('report what goes wrong, and that one of them is gone', async () => {
    await expect(writers.write({ contender: 'this store', url: database.url.replace(/written$/, 'missing'), writers: 1 }, 1, 10)).rejects.toThrow('a writer failed');
    process.kill(writers.pids[1] ?? 0, 'SIGKILL');
    await expect(writers.write({ contender: 'this store', url: database.url, writers: 1 }, 2, 10_000)).rejects.toThrow(`writer process ${writers.pids[1]} ended before it answered`);
  });

  it('find on a filled log every index, and a log that the store goes on with', async () => {
    const filled = await server.database('filled');
    const indexes = (ownerUrl: string) => asOwner(ownerUrl, `select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`);
    const before = await indexes(filled.ownerUrl);
    await fill(filled, 50);
    expect(await indexes(filled.ownerUrl)).toEqual(before);
    const store = await contenders['this store'](filled.url);
    await store.append(0, 'gauge-2', 11); // 50 events are two streams of twenty, and ten
    await store.close();
    expect(await asOwner(filled.ownerUrl, `select max(seq)::int as head, count(*)::int as events, count(distinct id)::int as ids, (select count(*)::int from command) as commands from event`))
      .toEqual([{ head: 51, events: 51, ids: 51, commands: 51 }]);
  });
});
