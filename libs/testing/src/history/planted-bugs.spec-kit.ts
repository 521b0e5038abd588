import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import type { Append, AppendResult, EventStore, ForeignEvent, IngestResult, StoredEvent } from '@touchstone/event-store';
import { Connection, metaOf, openPool, pause } from '@touchstone/event-store';
import type { FreshDatabase } from '../database.js';
import { asOwner } from '../database.js';
import type { Page } from './workload.spec-kit.js';
import { numbers } from './workload.spec-kit.js';

/** Replaces a piece of one of the log's functions. Throws when the piece is not there: the bug would not be planted. */
export async function plant(ownerUrl: string, name: string, from: string, to: string): Promise<void> {
  const [found] = await asOwner(ownerUrl, [`select pg_get_functiondef('${name}'::regproc) as source`]);
  const { source } = found?.rows[0] as { source: string };
  assert.ok(source.includes(from), `${name} has no ${from}: plant the bug where it belongs now`);
  await asOwner(ownerUrl, [source.replace(from, () => to)]);
}

/** Every foreign event is new. */
export async function withoutDuplicateCheck(ownerUrl: string): Promise<void> {
  await plant(ownerUrl, 'ingest_events', `where id = (e->>'id')::uuid`, 'where false');
  await asOwner(ownerUrl, ['alter table event drop constraint event_id_key']);
}

/** A version beyond the end of its stream is as good as the next one. */
export async function acceptingGaps(ownerUrl: string): Promise<void> {
  await plant(ownerUrl, 'append_together', 'w.expected = w.current', 'w.expected >= w.current');
  await plant(ownerUrl, 'append_together', 'array_agg(w.current)', 'array_agg(coalesce(w.expected, w.current))');
  await plant(ownerUrl, 'append_command', `current <> (item->>'expected')::integer`, `current > (item->>'expected')::integer`);
  await plant(ownerUrl, 'append_command', `if item->'guard' is not null then`,
    `if item->>'expected' <> 'any' then current := (item->>'expected')::integer; end if; if item->'guard' is not null then`);
}

/** Instead of PostgreSQL's own function, in one database of a server that is thrown away. */
const replaced = (ownerUrl: string, definition: string) => asOwner(ownerUrl, [`create or replace function pg_catalog.${definition}`]);

export const withoutFlush = (ownerUrl: string) =>
  replaced(ownerUrl, `pg_logical_emit_message(transactional boolean, prefix text, message text, flush boolean default false) returns pg_lsn language sql as $$ select '0/0'::pg_lsn $$`);

/** A connection that opens itself again and repeats what failed, and tells nobody: each server seems to be the one before. */
export function reconnectingInSilence(): () => void {
  const { onChange, query } = Connection.prototype;
  const again = async function (this: Connection, wanted: pg.QueryConfig) {
    return query.call(this, wanted).catch(() => pause(50).then(() => query.call(this, wanted)));
  };
  Object.assign(Connection.prototype, { onChange: () => undefined, query: again });
  return () => void Object.assign(Connection.prototype, { onChange, query });
}

/** Nothing that was not asked to be flushed is flushed by the way. */
export const withoutLuck = (ownerUrl: string) => asOwner(ownerUrl, [`alter system set wal_writer_delay = '10s'`, 'select pg_reload_conf()']);

/**
 * A store as others write it: each append a transaction of its own, numbered by a sequence as it is inserted, so that neither
 * the order of the numbers nor that of the transaction ids is the order of commit. Its appends are right; its readers below are not.
 */
export async function openSequenceStore({ store, ownerUrl }: FreshDatabase, seed: number): Promise<EventStore> {
  await asOwner(ownerUrl, [
    'create sequence event_position',
    'alter table event add column transaction_id xid8 not null default pg_current_xact_id()',
  ]);
  const pool = openPool({ url: ownerUrl }, 20); // who writes past the function that appends must be the owner
  const below = numbers(seed);
  const slowly = () => pause(below(4));
  const write = async <R>(stream: string, work: (client: pg.PoolClient, version: number) => Promise<R>): Promise<R> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [stream]);
      const { rows } = await client.query<{ version: number }>('select coalesce(max(version), 0) as version from event where stream = $1', [stream]);
      const result = await work(client, rows[0]?.version ?? 0);
      await client.query('commit');
      return result;
    } finally {
      client.release();
    }
  };
  const insert = async (client: pg.PoolClient, event: Omit<StoredEvent, 'seq'>): Promise<number> => {
    const { causationId, correlationId } = metaOf(event);
    await client.query('select pg_current_xact_id()'); // as the write of a row of the stream would
    await slowly();
    const { rows } = await client.query<{ seq: number }>(`insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta)
      values (nextval('event_position'), $1, $2, $3, $4, $5, $6, $7, $8) returning seq`, [event.id, event.stream, event.version, event.type, causationId, correlationId, event.body, event.meta]);
    await slowly();
    return rows[0]?.seq ?? 0;
  };
  const append = (wanted: Append) => write(wanted.stream, async (client, version): Promise<AppendResult> => {
    const { stream, command, events, expectedVersion } = wanted;
    const known = await store.command(command.id);
    if (known) return { status: 'repeated', command: known };
    if (expectedVersion !== 'any' && expectedVersion !== version) return { status: 'conflict', version };
    let seq = events.length > 0 ? 0 : await store.head();
    for (const [index, event] of events.entries()) seq = await insert(client, { ...event, stream, version: version + index + 1 });
    await client.query('insert into command (id, stream, seq, body_hash, answer, record) values ($1, $2, $3, $4, $5, $6)', [command.id, stream, seq, command.bodyHash, command.answer, command.record]);
    return { status: 'appended', version: version + events.length, seq };
  });
  const takeIn = (foreign: ForeignEvent) => write(foreign.stream, async (client, version): Promise<IngestResult> => {
    const known = await store.event(foreign.id);
    if (known) return known.body === foreign.body ? 'duplicate' : 'incident';
    await insert(client, { ...foreign, version: version + 1 });
    return 'appended';
  });
  const ingest = async (events: readonly ForeignEvent[]) => {
    const results: IngestResult[] = [];
    for (const event of events) results.push(await takeIn(event));
    return results;
  };
  return { ...store, append, ingest, close: () => pool.end() };
}

const columns = 'seq, id, stream, version, type, body, meta';
const read = async (pool: pg.Pool, text: string, seq: number) => (await pool.query<StoredEvent>(text, [seq])).rows;

/** Takes the order of the numbers for the order of commit: what commits later with a lower number is never seen. evtstore's. */
export const byNumber = (pool: pg.Pool) => (seq: number) => read(pool, `select ${columns} from event where seq > $1 order by seq limit 5`, seq);

/** Reads in the order of (transaction, number), and goes on by the number alone. Emmett 0.42's. */
export const byTransaction = (pool: pg.Pool) => (seq: number) => read(pool, `select ${columns} from event
  where transaction_id < pg_snapshot_xmin(pg_current_snapshot()) and seq > $1 order by transaction_id, seq limit 5`, seq);

const PAGE = 5;
const wantedAfter = async (pool: pg.Pool, types: readonly string[], seq: number) =>
  (await pool.query<StoredEvent>(`select ${columns} from event where seq > $1 and type = any($2) order by seq limit ${PAGE}`, [seq, types])).rows;
const headOf = async (pool: pg.Pool) => (await pool.query<{ head: number }>('select coalesce(max(seq), 0) as head from event')).rows[0]?.head ?? 0;

/** Some types only; moves on to the last that it was given or, when nothing is left, to the head as it stood before it looked. */
export const byType = (pool: pg.Pool, types: readonly string[]) => async (seq: number): Promise<Page> => {
  const head = await headOf(pool);
  const events = await wantedAfter(pool, types, seq);
  return { events, upTo: events.length === PAGE ? events.at(-1)?.seq ?? seq : Math.max(head, events.at(-1)?.seq ?? seq) };
};

/** The same, but asks for the head afterwards, and takes it for read although the page was full. */
export const byTypePastUnread = (pool: pg.Pool, types: readonly string[]) => async (seq: number): Promise<Page> => {
  const events = await wantedAfter(pool, types, seq);
  return { events, upTo: await headOf(pool) };
};

/** A port before a server. Who asks for a flush gets no further until the server is gone; who comes while it is gone waits for the next. */
export async function openGate(port: number) {
  const sockets = new Set<Socket>();
  let { promise: server, resolve: leadTo } = Promise.withResolvers<number>();
  leadTo(port);
  const gate = createServer((incoming) => {
    sockets.add(incoming.on('error', () => undefined).pause());
    void server.then((to) => {
      const outgoing = connect(to, '127.0.0.1');
      sockets.add(outgoing.on('error', () => undefined));
      outgoing.on('close', () => incoming.destroy()).pipe(incoming);
      let held = false;
      incoming.on('close', () => outgoing.destroy()).on('data', (said) => {
        held ||= to === port && said.includes('touchstone.flush');
        if (!held) outgoing.write(said);
      }).resume();
    });
  });
  await new Promise<void>((done) => gate.listen(0, '127.0.0.1', done));
  return {
    port: (gate.address() as AddressInfo).port,
    shut: () => { ({ promise: server, resolve: leadTo } = Promise.withResolvers<number>()); },
    leadTo: (to: number) => leadTo(to),
    close: () => { gate.close(); for (const socket of sockets) socket.destroy(); },
  };
}
