import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askFolder } from '../views/query.js';
import { contentOf, counts, exportTo, first } from './export-folder.spec-kit.js';
import { lock } from './folder.js';
import { exportedIn, isExported, madeUpEvent, MadeUpLog } from './made-up-log.spec-kit.js';

let home: string;
let made = 0;
beforeAll(() => { home = mkdtempSync(join(tmpdir(), 'touchstone-export-')); });
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
const folder = (): string => join(home, String((made += 1)));

describe('an export', () => {
  it('holds every public event once, each with the bytes and the times that are in the log', async () => {
    const out = folder();
    expect(await exportTo(out, new MadeUpLog(2_345))).toMatchObject({ service: 'control', place: 2_345, events: exportedIn(2_345), total: exportedIn(2_345) });
    const { rows } = await askFolder(out, `select seq::int, id, type, stream, version, body::varchar, meta::varchar, strftime(recorded_at, '%Y-%m-%dT%H:%M:%S.%gZ'),
      strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%gZ'), actor, causation_id, correlation_id, day::varchar, service from events order by seq`);
    const expected = Array.from({ length: 2_345 }, (_, index) => index + 1).filter(isExported).map((seq) => {
      const { id, type, stream, version, body, meta } = madeUpEvent(seq, 500);
      const { actor, causationId, correlationId, recordedAt, occurredAt } = JSON.parse(meta) as Record<string, string>;
      return [seq, id, type, stream, version, body, meta, recordedAt, occurredAt, actor, causationId, correlationId, recordedAt?.slice(0, 10), 'control'];
    });
    expect(rows).toEqual(expected);
  });

  it('lies in folders by service, type and the day it was recorded on, in files named for their first and last place', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(900, 400));
    const name = /^service=control\/type=(control\.\w+\.v1)\/day=(2026-03-0[123])\/part-(\d{15})-(\d{15})\.parquet$/;
    const parts = Object.keys(contentOf(out)).map((path) => name.exec(path) ?? [path]);
    expect(parts).toHaveLength(15); // of 5 types, on 3 days
    expect(new Set(parts.map(([, type]) => type)).size).toBe(5);
    for (const [path, type, day, from, to] of parts) {
      expect(await askFolder(out, `select min(seq)::int, max(seq)::int from events where type = '${type ?? ''}' and day = '${day ?? ''}'`)).toMatchObject({ rows: [[Number(from), Number(to)]] });
      expect(await first(out, `select seq::int from read_parquet('${path}')`)).toEqual(await first(out, `select seq::int from events where type = '${type ?? ''}' and day = '${day ?? ''}' order by seq`));
    }
  });

  it('has columns that every reader of Parquet knows: times in UTC, whole numbers, text', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(50));
    const [file = ''] = Object.keys(contentOf(out));
    const { rows } = await askFolder(out, `select name, type, coalesce(logical_type, converted_type) from parquet_schema('${file}') where num_children is null`);
    const utc = 'TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>))';
    const text = (name: string) => [name, 'BYTE_ARRAY', 'UTF8'];
    expect(rows).toEqual([
      ['seq', 'INT64', 'INT_64'], text('id'), text('stream'), ['version', 'INT32', 'INT_32'], ['recorded_at', 'INT64', utc], ['occurred_at', 'INT64', utc],
      ...['actor', 'causation_id', 'correlation_id', 'body', 'meta'].map(text),
    ]);
  });

  it('adds files for what is new, and leaves those that are there as they are', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(1_000));
    const before = contentOf(out);
    expect(await exportTo(out, new MadeUpLog(1_000))).toMatchObject({ events: 0, files: 0 });
    expect(contentOf(out)).toEqual(before);
    expect(await exportTo(out, new MadeUpLog(1_600))).toMatchObject({ place: 1_600, events: exportedIn(1_600) - exportedIn(1_000), total: exportedIn(1_600) });
    expect(contentOf(out)).toMatchObject(before);
    expect(await counts(out)).toEqual([exportedIn(1_600), exportedIn(1_600)]);
  });

  it('writes the same files each time, byte for byte', async () => {
    const [one, other] = [folder(), folder()];
    for (const out of [one, other]) await exportTo(out, new MadeUpLog(4_000), { batchPlaces: 1_500 });
    expect(contentOf(one)).toEqual(contentOf(other));
    expect(readFileSync(join(one, 'manifest.json'), 'utf8')).toBe(readFileSync(join(other, 'manifest.json'), 'utf8'));
  });

  it('has one file a partition of a batch, however many partitions there are', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(700, 5)); // 140 days
    expect(await counts(out)).toEqual([exportedIn(700), exportedIn(700)]);
    expect(Object.keys(contentOf(out)).length).toBe(Number((await first(out, `select count(distinct (type, day))::int from events`))[0]));
  });

  it('of some days holds those recorded on them, whenever they became true', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(3_000), { selection: { from: '2026-03-02', to: '2026-03-03' } });
    const wanted = Array.from({ length: 3_000 }, (_, index) => index + 1).filter((seq) => isExported(seq) && seq >= 500 && seq < 1_500);
    expect(await first(out, 'select seq::int from events order by seq')).toEqual(wanted);
    expect(await first(out, 'select min(occurred_at) < min(recorded_at) from events')).toEqual([true]);
  });
});

describe('a folder is refused', () => {
  it('that was begun with another log', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(10));
    await expect(exportTo(out, new MadeUpLog(10, 500, 'control:made-up:2'))).rejects.toMatchObject({ code: 'EXPORT_OF_ANOTHER_LOG' });
  });
  it('that holds other days', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(10), { selection: { from: '2026-03-01' } });
    await expect(exportTo(out, new MadeUpLog(10))).rejects.toMatchObject({ code: 'EXPORT_SELECTION_DIFFERS', message: expect.stringContaining('holds the days from 2026-03-01 on, not all days') as string });
  });
  it('that holds more than the log: a restored log is not what was exported', async () => {
    const out = folder();
    await exportTo(out, new MadeUpLog(100));
    await expect(exportTo(out, new MadeUpLog(90))).rejects.toMatchObject({ code: 'EXPORT_AHEAD_OF_LOG' });
  });
  it('that holds something else', async () => {
    const out = folder();
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'mine');
    await expect(exportTo(out, new MadeUpLog(10))).rejects.toMatchObject({ code: 'EXPORT_NOT_OURS' });
    await expect(askFolder(out, 'select 1')).rejects.toMatchObject({ code: 'EXPORT_NOT_OURS' });
  });
  it('that another process exports to, and not when that process is gone', async () => {
    const out = folder();
    mkdirSync(join(out, '.export'), { recursive: true });
    writeFileSync(join(out, '.export', 'lock'), '1'); // the first process of the system is always there
    expect(() => lock(out)).toThrow(expect.objectContaining({ code: 'EXPORT_FOLDER_IN_USE' }) as Error);
    writeFileSync(join(out, '.export', 'lock'), '999999999');
    await expect(exportTo(out, new MadeUpLog(10))).resolves.toMatchObject({ place: 10 });
  });
});
