import type { Migration } from './migration.js';

/** The one function that writes to the log, and its parts. */
export const append: Migration = {
  version: 2,
  sql: appendBatch() + appendTogether() + appendCommand() + ingestEvents(),
  grants: (role) => `grant execute on function append_batch(json), append_together(json, bigint), append_command(json, bigint), ingest_events(json, bigint) to ${role};`,
};

/**
 * One call appends what a process has gathered. READ COMMITTED and volatile: each statement inside sees what was committed
 * before it, so whatever is read after the lock is current. The head is read once a call; nothing is updated in place.
 */
function appendBatch(): string {
  return /* sql */ `
create function append_batch(batch json) returns json language plpgsql volatile as $$
declare
  item json;
  head bigint;
  results json[] := '{}';
  together json;
begin
  perform pg_advisory_xact_lock(7305491);
  select coalesce(max(seq), 0) into head from event;
  together := append_together(batch, head);
  if together is not null then
    return together;
  end if;
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

/**
 * Commands that do not touch each other are the rule: all of a call's in one statement then, instead of four for each. Whatever
 * else (a repetition, a conflict, a claim that is taken, a guard, foreign events, two on one stream) goes the way below, one by one.
 * Tables are asked by scalar subqueries: the plan is kept while an empty log grows, and must never become a scan.
 */
function appendTogether(): string {
  return /* sql */ `
create function append_together(batch json, head bigint) returns json language plpgsql volatile as $$
declare
  results json;
begin
  with item as materialized (
    select i.*, json_array_length(i.events) as added,
      coalesce((select max(e.version) from event e where e.stream = i.stream), 0) as current,
      (select c.id from command c where c.id = i.command) is null as fresh
    from rows from (json_to_recordset(batch) as (kind text, stream text, expected text, guard json, claims json, command uuid, hash text,
      answer text, record text, events json)) with ordinality as i (kind, stream, expected, guard, claims, command, hash, answer, record, events, n)
    where i.kind = 'append'
  ), numbered as materialized (
    select *, head + (sum(added) over (order by n))::bigint as seq from item
  ), wanted as materialized (
    select c.name, i.command, (select t.name from claim t where t.name = c.name) is null as free from item i, json_array_elements_text(i.claims) as c (name)
  ), plain as materialized (
    select count(*) = json_array_length(batch) and count(distinct stream) = count(*) and count(distinct command) = count(*)
      and bool_and(fresh and guard is null and expected in ('any', current::text))
      and (select count(distinct name) = count(*) and coalesce(bool_and(free), true) from wanted) as all_at_once
    from item
  ), claims as (
    insert into claim select name, command from wanted where (select all_at_once from plain)
  ), events as (
    insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta)
      select i.seq - i.added + e.n, e.id, i.stream, i.current + e.n, e.type, e.causation, e.correlation, e.body, e.meta
      from numbered i, rows from (json_to_recordset(i.events) as (id uuid, type text, causation uuid, correlation uuid, body text, meta text))
        with ordinality as e (id, type, causation, correlation, body, meta, n)
      where (select all_at_once from plain)
  ), commands as (
    insert into command (id, stream, seq, body_hash, answer, record)
      select command, stream, seq, hash, answer, record from numbered where (select all_at_once from plain)
  )
  select json_agg(json_build_object('status', 'appended', 'version', current + added, 'seq', numbered.seq) order by n) into results
  from numbered where (select all_at_once from plain);
  return results;
end $$;
`;
}

function appendCommand(): string {
  return /* sql */ `
create function append_command(item json, head bigint) returns json language plpgsql volatile as $$
declare
  known command;
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
  select coalesce(max(version), 0) into current from event where stream = item->>'stream';
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
    select head + n, (e->>'id')::uuid, item->>'stream', current + n, e->>'type', (e->>'causation')::uuid, (e->>'correlation')::uuid, e->>'body', e->>'meta'
    from json_array_elements(item->'events') with ordinality as t (e, n);
  get diagnostics added = row_count;
  insert into command (id, stream, seq, body_hash, answer, record)
    values ((item->>'command')::uuid, item->>'stream', head + added, item->>'hash', item->>'answer', item->>'record');
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
