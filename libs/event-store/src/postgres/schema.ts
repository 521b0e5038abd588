/**
 * The tables of a log and the one function that writes to them. Migrations go forward only; each runs once, under an advisory
 * lock. The application role may insert and read; it may never update, delete or truncate what was recorded.
 */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, sql: tables() },
  { version: 2, sql: appendBatch() + appendCommand() + ingestEvents() },
];

function tables(): string {
  return /* sql */ `
create table log_identity (log_id text primary key, created_at timestamptz not null);

create table event (
  seq bigint primary key,
  id uuid not null unique,
  stream text collate "C" not null,
  version integer not null,
  type text collate "C" not null,
  causation_id uuid not null,
  correlation_id uuid not null,
  body text not null,
  meta text not null,
  topic text collate "C",
  topic_offset bigint,
  unique (stream, version)
);
create index event_by_causation on event (causation_id);
create index event_by_correlation on event (correlation_id);
create index event_by_topic on event (topic, topic_offset) where topic is not null;

create table command (
  id uuid primary key,
  stream text not null,
  seq bigint not null,
  body_hash text not null,
  answer text not null,
  record text not null
);
create table claim (name text collate "C" primary key, command_id uuid not null);

-- Below: positions and keys, no history. These rows may change.
create table checkpoint (name text primary key, seq bigint not null);
create table subject_key (subject text primary key, kid text not null, wrapped text not null);
create table deadline_sent (id uuid primary key);
create table parked (
  consumer text not null,
  stream text not null,
  event_id uuid not null,
  position bigint not null,
  event text not null,
  error text not null,
  attempts integer not null,
  first_seen timestamptz not null,
  state text not null check (state in ('parked', 'replayed', 'discarded')),
  decided_by text,
  reason text,
  primary key (consumer, event_id)
);
create index parked_open on parked (consumer, stream) where state = 'parked';
`;
}

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

/** What the application role may do; run as the owner after the migrations. */
export const grants = (role: string): string => /* sql */ `
grant usage on schema public to ${role};
grant select, insert on event, command, claim, log_identity, deadline_sent to ${role};
grant select, insert, update, delete on checkpoint to ${role};
grant select, insert, update on parked to ${role};
grant select, insert, delete on subject_key to ${role};
grant execute on function append_batch(json), append_command(json, bigint), ingest_events(json, bigint) to ${role};
`;
