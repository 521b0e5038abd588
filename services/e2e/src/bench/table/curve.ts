import { statfsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { BenchDatabase, BenchServer } from '../database.js';
import { asOwner } from '../database.js';
import { bodyOf, metaText } from '../sample-event.js';
import type { Spread } from '../statistics.js';
import { ratioOf, spread } from '../statistics.js';
import { together } from './cells.js';
import type { WriterProcesses } from './writer-processes.js';

/** What an append costs on a log of so many events. */
export interface Point {
  readonly length: number;
  /** Its length after the last round: what was measured is in it. */
  readonly lengthAfter: number;
  /** Time an event with 64 writers in one process: 1 ÷ rate, µs. */
  readonly costUs: Spread;
  /** What the server wrote ahead, bytes an event. It grows with the pages that are first touched since a checkpoint: those go in whole. */
  readonly walBytes: Spread;
  /** From the call to the answer with one writer, ms: half of the appends took no longer. */
  readonly aloneP50Ms: Spread;
  /** Cost ÷ cost on the shortest log, round by round. */
  readonly ratio: Spread;
}

export interface Curve {
  readonly points: readonly Point[];
  /** Lengths that were left out, and why. */
  readonly notes: readonly string[];
}

export interface CurveOptions {
  readonly lengths: readonly number[];
  readonly rounds: number;
  readonly durationMs: number;
}

/** Bytes that a stored event took with its command, all indexes and what its filling leaves for a while, rounded up. */
const BYTES_AN_EVENT = 2_500;
const GIB = 2 ** 30;

/** Undefined when `length` events fit on the disk of `folder`, else why they were left out. */
export function noRoomFor(length: number, folder: string, freeBytes = free(folder)): string | undefined {
  const needed = length * BYTES_AN_EVENT;
  if (freeBytes >= needed) return undefined;
  return `${length.toLocaleString('en-US')} events: not run, ${(freeBytes / GIB).toFixed(0)} GiB are free and ${Math.ceil(needed / GIB)} needed`;
}

function free(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Logs of all lengths lie side by side, so that each round measures each of them on the same machine. */
export async function measureCurve(server: BenchServer, writers: WriterProcesses, { lengths, rounds, durationMs }: CurveOptions, tell: (what: string) => void): Promise<Curve> {
  const logs: { length: number; database: BenchDatabase; cost: number[]; wal: number[]; alone: number[] }[] = [];
  const notes: string[] = [];
  for (const length of lengths) {
    const database = await server.database(`curve_${length}`);
    const why = noRoomFor(length, database.folder);
    if (why !== undefined) {
      notes.push(why);
      continue;
    }
    tell(`curve: filling a log with ${length.toLocaleString('en-US')} events`);
    await fill(database, length);
    logs.push({ length, database, cost: [], wal: [], alone: [] });
  }
  tell('curve: appending');
  for (let round = 0; round <= rounds; round += 1) {
    for (const { database, cost, wal, alone } of logs) {
      const run = async (count: number) => together(await writers.write({ contender: 'this store', url: database.url, writers: count }, 1, durationMs));
      const before = await writtenAhead(database);
      const crowd = await run(64);
      const bytes = (await writtenAhead(database)) - before;
      const one = await run(1);
      if (round === 0) continue; // to warm up
      cost.push(1e6 / crowd.eventsPerSecond);
      wal.push(bytes / crowd.count);
      alone.push(one.p50Ms);
    }
  }
  const first = logs[0]?.cost ?? [];
  const points = logs.map(async ({ length, database, cost, wal, alone }): Promise<Point> => (
    { length, lengthAfter: await headOf(database), costUs: spread(cost), walBytes: spread(wal), aloneP50Ms: spread(alone), ratio: ratioOf(cost, first) }
  ));
  return { points: await Promise.all(points), notes };
}

async function headOf({ ownerUrl }: BenchDatabase): Promise<number> {
  const [row] = await asOwner<{ head: string }>(ownerUrl, 'select coalesce(max(seq), 0) as head from event');
  return Number(row?.head);
}

async function writtenAhead({ ownerUrl }: BenchDatabase): Promise<number> {
  const [row] = await asOwner<{ bytes: string }>(ownerUrl, `select pg_current_wal_insert_lsn() - '0/0' as bytes`);
  return Number(row?.bytes);
}

const EVENTS_A_STREAM = 20;
/** Rows of one transaction: what is written ahead of a checkpoint stays small. */
const SLICE = 1_000_000;

/**
 * As the store would have left it: ids without order, an event a command, streams of twenty events, bodies and metadata of the size
 * that is appended, every index. The rows go in without indexes, which are then made as they were: many times as fast.
 */
export async function fill({ ownerUrl }: Pick<BenchDatabase, 'ownerUrl'>, length: number): Promise<void> {
  const indexes = await asOwner<{ name: string; owner: string; definition: string; constraint: string | null }>(ownerUrl, `
    select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as owner, pg_get_indexdef(i.indexrelid) as definition, pg_get_constraintdef(c.oid) as constraint
    from pg_index i left join pg_constraint c on c.conindid = i.indexrelid where i.indrelid in ('event'::regclass, 'command'::regclass)`);
  for (const { name, owner, constraint } of indexes) {
    await asOwner(ownerUrl, constraint === null ? `drop index ${name}` : `alter table ${owner} drop constraint ${name}`);
  }
  for (let from = 1; from <= length; from += SLICE) await asOwner(ownerUrl, rows(from, Math.min(length, from + SLICE - 1)));
  await Promise.all(['event', 'command'].map((table) => {
    const mine = indexes.filter(({ owner }) => owner === table);
    return asOwner(ownerUrl, `set maintenance_work_mem = '512MB'; ${mine.map(({ name, owner, definition, constraint }) => (
      constraint === null ? definition : `alter table ${owner} add constraint ${name} ${constraint}`)).join('; ')}`);
  }));
  await asOwner(ownerUrl, 'vacuum analyze event'); // as on a log that is in use: pages are known to be visible to all
  await asOwner(ownerUrl, 'vacuum analyze command');
  await asOwner(ownerUrl, 'checkpoint');
}

function rows(from: number, to: number): string {
  const stand = randomUUID();
  const text = (template: string) => template.split(stand).map((piece) => `'${piece}'`).join(` || made.command || `);
  return `
    with made as materialized (select n, gen_random_uuid() as command from generate_series(${from}::bigint, ${to}::bigint) as n),
    commands as (insert into command (id, stream, seq, body_hash, answer, record)
      select command, 'gauge-' || (n - 1) / ${EVENTS_A_STREAM}, n, command::text, '{"outcome":"accepted"}', '{"command":{"type":"ReadGauge"}}' from made)
    insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta)
      select n, gen_random_uuid(), 'gauge-' || (n - 1) / ${EVENTS_A_STREAM}, (n - 1) % ${EVENTS_A_STREAM} + 1, 'bench.GaugeRead.v1', command, command,
        '${bodyOf(7)}', ${text(metaText(stand))} from made`;
}
