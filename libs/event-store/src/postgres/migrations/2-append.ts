import type { Migration } from './migration.js';
import { APPEND_TOGETHER, INGEST_TOGETHER, appendTogether } from './append-together.js';

/** What writes to the log: together where nothing is in the way, else one by one. */
export const append: Migration = {
  version: 2,
  sql: appendTogether() + appendBatch() + appendCommand() + ingestEvents(),
  grants: (role) => `grant execute on function append_batch(json), append_together(${APPEND_TOGETHER}), ingest_together(${INGEST_TOGETHER}) to ${role};
    grant execute on procedure append_and_flush(${APPEND_TOGETHER}, bigint, int[]), ingest_and_flush(${INGEST_TOGETHER}, bigint, int[]) to ${role};`,
};

/**
 * Appends what a process has gathered, one by one: each is answered by itself, and a conflict fails no other. READ COMMITTED and volatile: each statement inside sees what was committed
 * before it, so whatever is read after the lock is current. The head is read once a call; nothing is updated in place.
 * It runs as the owner: the application role has no other way to write to the log, so it cannot write past these checks. Hence
 * no statement made of text in here, and a search path on which nothing can be put before what is meant.
 */
function appendBatch(): string {
  return /* sql */ `
create function append_batch(batch json) returns json language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  item json;
  head bigint;
  results json[] := '{}';
begin
  perform pg_advisory_xact_lock(7305491);
  select coalesce(max(seq), 0) into head from event;
  for item in select value from json_array_elements(batch) loop
    if item->>'kind' = 'ingest' then
      results := results || ingest_events(item->'events', head);
    else
      results := results || append_command(item, head);
    end if;
    head := coalesce((results[array_upper(results, 1)]->>'seq')::bigint, head);
  end loop;
  return array_to_json(results);
end $$;
`;
}

function appendCommand(): string {
  return /* sql */ `
create function append_command(item json, head bigint) returns json language plpgsql volatile as $$
declare
  known command;
  target text := item->>'stream'; -- taken out once: each look into the item reads all of its events
  current integer;
  guarded integer;
  taken text;
  added integer;
begin
  select * into known from command where id = (item->>'command')::uuid;
  if found then
    return json_build_object('status', 'repeated', 'command', json_build_object('id', known.id, 'stream', known.stream,
      'seq', known.seq, 'bodyHash', known.body_hash, 'answer', known.answer, 'record', known.record));
  end if;
  select coalesce(max(version), 0) into current from event where stream = target;
  if item->>'expected' <> 'any' and current <> (item->>'expected')::integer then
    return json_build_object('status', 'conflict', 'version', current);
  end if;
  if item->'guard' is not null then
    select coalesce(max(version), 0) into guarded from event where stream = item->'guard'->>'stream';
    if guarded <> (item->'guard'->>'version')::integer then
      return json_build_object('status', 'conflict', 'version', guarded);
    end if;
  end if;
  if json_array_length(item->'claims') > 0 then
    select name into taken from claim where name in (select value from json_array_elements_text(item->'claims')) limit 1;
    if found then
      return json_build_object('status', 'claimed', 'claim', taken);
    end if;
    insert into claim select distinct value, (item->>'command')::uuid from json_array_elements_text(item->'claims');
  end if;
  insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta)
    select head + n, (e->>'id')::uuid, target, current + n, e->>'type', (e->>'causation')::uuid, (e->>'correlation')::uuid, e->>'body', e->>'meta'
    from json_array_elements(item->'events') with ordinality as t (e, n);
  get diagnostics added = row_count;
  insert into command (id, stream, seq, body_hash, answer, record)
    values ((item->>'command')::uuid, target, head + added, item->>'hash', item->>'answer', item->>'record');
  return json_build_object('status', 'appended', 'version', current + added, 'seq', head + added);
end $$;
`;
}

function ingestEvents(): string {
  return /* sql */ `
create function ingest_events(events json, head bigint) returns json language plpgsql volatile as $$
declare
  e json;
  known event;
  statuses text[] := '{}';
begin
  for e in select value from json_array_elements(events) loop
    select * into known from event where id = (e->>'id')::uuid;
    if found then
      statuses := statuses || case when known.body = e->>'body' and known.meta = e->>'meta' and known.stream = e->>'stream'
        then 'duplicate' else 'incident' end;
    else
      head := head + 1;
      insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta, topic, topic_offset)
        select head, (e->>'id')::uuid, e->>'stream', coalesce(max(version), 0) + 1, e->>'type', (e->>'causation')::uuid,
          (e->>'correlation')::uuid, e->>'body', e->>'meta', e->>'topic', (e->>'offset')::bigint
        from event where stream = e->>'stream';
      statuses := statuses || 'appended'::text;
    end if;
  end loop;
  return json_build_object('status', 'ingested', 'statuses', statuses, 'seq', head);
end $$;
`;
}
