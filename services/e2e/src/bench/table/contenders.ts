import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openPostgresStore } from '@touchstone/event-store';
import { bodyOf, metaText } from '../sample-event.js';
import type { ContenderName } from './messages.js';

/** A way to store one event, opened for the writers of one process. `version` is what the stream has after it. */
export interface OpenContender {
  /** Opens what so many writers need beyond what is open. */
  reserve?(writers: number): Promise<void>;
  append(writer: number, stream: string, version: number): Promise<void>;
  close(): Promise<void>;
}

const TYPE = 'bench.GaugeRead.v1';
const ANSWER = '{"outcome":"accepted"}';
const RECORD = '{"command":{"type":"ReadGauge"}}';

/** Event, command and answer are recorded and the version is checked, as for any command. */
async function thisStore(url: string): Promise<OpenContender> {
  const store = await openPostgresStore({ url });
  return {
    append: async (_, stream, version) => {
      const id = randomUUID();
      const result = await store.append({
        stream, expectedVersion: version - 1, events: [{ id: randomUUID(), type: TYPE, body: bodyOf(version), meta: metaText(id) }],
        command: { id, bodyHash: id, answer: ANSWER, record: RECORD },
      });
      if (result.status !== 'appended') throw new Error(`an append was answered ${result.status}`);
    },
    close: () => store.close(),
  };
}

/** What a team would write without an event store: the event's own columns and uniqueness, numbered by a sequence. */
export const PLAIN_TABLE = /* sql */ `
create table plain_event (
  seq bigint generated always as identity primary key, id uuid not null unique, stream text collate "C" not null, version integer not null,
  type text collate "C" not null, body text not null, meta text not null, unique (stream, version)
);
grant select, insert on plain_event to public`;

/** A transaction a row, on a connection a writer. */
async function plainInserts(url: string): Promise<OpenContender> {
  const clients: pg.Client[] = [];
  return {
    reserve: async (writers) => {
      clients.push(...(await Promise.all(Array.from({ length: Math.max(0, writers - clients.length) }, () => connected(url)))));
    },
    append: async (writer, stream, version) => {
      await clients[writer]?.query({
        name: 'plain', text: 'insert into plain_event (id, stream, version, type, body, meta) values ($1, $2, $3, $4, $5, $6)',
        values: [randomUUID(), stream, version, TYPE, bodyOf(version), metaText(randomUUID())],
      });
    },
    close: async () => void (await Promise.all(clients.map((client) => client.end()))),
  };
}

/**
 * The log's own tables, the same rows and checks, and a lock that a transaction keeps until its commit is on disk: the numbers
 * are dense and in order of commit too, but one flush at a time for all processes.
 */
export const APPEND_UNDER_LOCK = /* sql */ `
create function append_under_lock(batch json) returns bigint language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  head bigint;
  added bigint;
begin
  perform pg_advisory_xact_lock(7305499);
  select coalesce(max(seq), 0) into head from event;
  with item as materialized (
    select i.* from rows from (json_to_recordset(batch) as (id uuid, stream text, version integer, type text, causation uuid, body text, meta text,
      command uuid, answer text, record text)) with ordinality as i (id, stream, version, type, causation, body, meta, command, answer, record, n)
    where i.version = 1 + coalesce((select max(e.version) from event e where e.stream = i.stream), 0)
      and (select c.id from command c where c.id = i.command) is null
  ), commands as (
    insert into command (id, stream, seq, body_hash, answer, record) select command, stream, head + n, command, answer, record from item
  )
  insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta)
    select head + n, id, stream, version, type, causation, causation, body, meta from item;
  get diagnostics added = row_count;
  if added <> json_array_length(batch) then
    raise exception '% of % appends are in conflict', json_array_length(batch) - added, json_array_length(batch);
  end if;
  return head + added;
end $$;
grant execute on function append_under_lock(json) to public`;

/** While one call is in flight the next gathers, as in this store; but the call itself waits for the disk. */
async function lockOverFsync(url: string): Promise<OpenContender> {
  const client = await connected(url);
  let waiting: { item: object; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let inCall = false;
  const callUntilEmpty = async () => {
    inCall = true;
    while (waiting.length > 0) {
      const gathered = waiting;
      waiting = [];
      const values = [JSON.stringify(gathered.map(({ item }) => item))];
      await client.query({ name: 'locked', text: 'select append_under_lock($1)', values }).then(
        () => gathered.forEach(({ resolve }) => resolve()),
        (error: unknown) => gathered.forEach(({ reject }) => reject(error)),
      );
    }
    inCall = false;
  };
  return {
    append: (_, stream, version) => new Promise((resolve, reject) => {
      const command = randomUUID();
      const item = { id: randomUUID(), stream, version, type: TYPE, causation: command, body: bodyOf(version), meta: metaText(command), command, answer: ANSWER, record: RECORD };
      waiting.push({ item, resolve, reject });
      if (!inCall) void callUntilEmpty();
    }),
    close: () => client.end(),
  };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Ours first. */
export const contenders: Readonly<Record<ContenderName, (url: string) => Promise<OpenContender>>> = {
  'this store': thisStore, 'plain inserts': plainInserts, 'lock over fsync': lockOverFsync,
};
