import { asOwner } from './database.js';
import { bodyOf, GAUGE_READ, metaText } from './sample-event.js';

export interface Filling {
  readonly from: number;
  readonly to: number;
  readonly eventsAStream: number;
  /** For logs that are only read in their order: without the other indexes, and unlogged, they are filled several times as fast. */
  readonly onlyReadInOrder?: boolean;
}

const MARK = 'READING';
const CAUSE = '00000000-0000-4000-8000-000000000000';

/**
 * Events `from` to `to` of a log, written by one statement of the owner: the same bytes as the store's own path would write, in
 * a fraction of its time. Commands are left out; nothing that reads the log asks for them. Indexes are made again afterwards.
 */
export async function fillLog(ownerUrl: string, { from, to, eventsAStream, onlyReadInOrder = false }: Filling): Promise<void> {
  const [before, after] = bodyOf(0).replace('"reading":0', `"reading":${MARK}`).split(MARK);
  const kept = onlyReadInOrder ? `and conname <> 'event_pkey'` : 'and false';
  if (onlyReadInOrder) await asOwner(ownerUrl, 'alter table event set unlogged');
  await asOwner(ownerUrl, `
    do $$ declare each record; begin
      create temporary table made_again as select indexdef from pg_indexes
        where schemaname = 'public' and tablename = 'event' and indexname not in (select conname from pg_constraint where conrelid = 'event'::regclass);
      for each in select indexname from pg_indexes where schemaname = 'public' and tablename = 'event'
        and indexname not in (select conname from pg_constraint where conrelid = 'event'::regclass) loop
        execute format('drop index %I', each.indexname);
      end loop;
      for each in select conname from pg_constraint where conrelid = 'event'::regclass and contype = 'u' ${kept} loop
        execute format('alter table event drop constraint %I', each.conname);
      end loop;
      insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta)
        select n, gen_random_uuid(), 'gauge-' || (n - 1) / ${eventsAStream}, (n - 1) % ${eventsAStream} + 1, '${GAUGE_READ}', '${CAUSE}', '${CAUSE}',
          '${before ?? ''}' || n || '${after ?? ''}', '${metaText(CAUSE)}'
        from generate_series(${from}::bigint, ${to}::bigint) as n;
      ${onlyReadInOrder ? '' : 'for each in select indexdef from made_again loop execute each.indexdef; end loop;'}
    end $$`);
  await asOwner(ownerUrl, 'vacuum analyze event');
}
