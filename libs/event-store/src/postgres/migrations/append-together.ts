/**
 * The way of nearly all writing: what a process has gathered goes in with a few statements over arrays, whatever its size. It is
 * taken only when nothing is in the way; else it writes nothing, answers null, and `append_batch` looks at each append by itself.
 * Gathered are only appends that leave each other alone: each stream is written once, and guarded by none of the others.
 *
 * Versions are asked by scalar subqueries: that plan is kept while an empty log grows, and must never become a scan. They begin at
 * the version that is expected, so that one entry of the index is read and not a page of them; a stream that ends before it counts as
 * empty. That ids and claims are new is left to their unique indexes. What can be counted is counted by the caller: `ends`, how many
 * events there are up to and with each append; `nths`, the place of each event in its append. What many share is sent once: `contexts`
 * says which of the `metas` is an event's, whose cause and correlation are the command where they are null. Both functions run as the owner, as
 * `append_batch` does and for the same reasons.
 */
export const APPEND_TOGETHER = 'text[], int[], text[], int[], uuid[], int[], text[], text[], text[], text[], uuid[], int[], int[], uuid[], text[], text[], int[], text[], uuid[], uuid[]';
export const INGEST_TOGETHER = 'text[], uuid[], text[], uuid[], uuid[], text[], text[], text[], bigint[], text[]';

export const appendTogether = (): string => APPENDS + INGESTS + APPENDS_AND_FLUSHES;

const APPENDS = /* sql */ `
create function append_together(
  streams text[], expected int[], guards text[], guarded int[], commands uuid[], ends int[], hashes text[], answers text[], records text[],
  claims text[], claimants uuid[],
  owners int[], nths int[], ids uuid[], types text[], bodies text[], contexts int[], metas text[], causations uuid[], correlations uuid[], out head bigint, out versions int[]
) language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  before bigint;
  fits boolean;
begin
  perform pg_advisory_xact_lock(7305491);
  select coalesce(max(seq), 0) into before from event;
  select array_agg(w.current), bool_and((w.expected is null or w.expected = w.current)
      and (w.guarded is null or w.guarded = coalesce((select max(g.version) from event g where g.stream = w.guard), 0)))
    into versions, fits
    from (select u.*, coalesce((select max(e.version) from event e where e.stream = u.stream and e.version >= coalesce(u.expected, 0)), 0) as current
      from unnest(streams, expected, guards, guarded) as u (stream, expected, guard, guarded) offset 0) w;
  if not fits then
    return;
  end if;
  if cardinality(claimants) > 0 then
    insert into claim select * from unnest(claims, claimants);
  end if;
  insert into command (id, stream, seq, body_hash, answer, record)
    select c.id, c.stream, before + c.ending, c.hash, c.answer, c.record
    from unnest(commands, streams, ends, hashes, answers, records) as c (id, stream, ending, hash, answer, record);
  insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta)
    select before + e.n, e.id, streams[e.owner], versions[e.owner] + e.nth, e.type,
      coalesce(causations[e.context], commands[e.owner]), coalesce(correlations[e.context], commands[e.owner]), e.body, metas[e.context]
    from unnest(owners, nths, ids, types, bodies, contexts) with ordinality as e (owner, nth, id, type, body, context, n);
  head := before;
exception when unique_violation then
  head := null; -- a command given before, a claim that is taken: nothing of this call stands
end $$;
`;

/** Of each stream its version is asked once; `consumers`, when there are any, say for each event whose parking it must not be in, nor behind. */
const INGESTS = /* sql */ `
create function ingest_together(
  streams text[], ids uuid[], types text[], causations uuid[], correlations uuid[], bodies text[], metas text[], topics text[], offsets bigint[],
  consumers text[], out head bigint, out versions int[]
) language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  before bigint;
begin
  perform pg_advisory_xact_lock(7305491);
  if cardinality(consumers) > 0 then
    perform from unnest(consumers, streams, ids) as e (consumer, stream, id)
      where (select true from parked p where p.consumer = e.consumer and p.event_id = e.id)
        or (select true from parked p where p.consumer = e.consumer and p.stream = substr(e.stream, strpos(e.stream, '/') + 1) and p.state = 'parked' limit 1)
      limit 1;
    if found then
      return;
    end if;
  end if;
  select coalesce(max(seq), 0) into before from event;
  select array_agg(s.current + place.nth order by place.n) into versions
    from (select e.stream, array_agg(e.n order by e.n) as places, coalesce((select max(known.version) from event known where known.stream = e.stream), 0) as current
      from unnest(streams) with ordinality as e (stream, n) group by e.stream) s
    cross join unnest(s.places) with ordinality as place (n, nth);
  insert into event (seq, id, stream, version, type, causation_id, correlation_id, body, meta, topic, topic_offset)
    select before + e.n, e.id, e.stream, versions[e.n], e.type, e.causation, e.correlation, e.body, e.meta, e.topic, e.topic_offset
    from unnest(streams, ids, types, causations, correlations, bodies, metas, topics, offsets) with ordinality
      as e (stream, id, type, causation, correlation, body, meta, topic, topic_offset, n);
  head := before;
exception when unique_violation then
  head := null; -- an id that is in the log already: a duplicate, or an incident
end $$;
`;

/** How a procedure ends: lets go of the lock, and only then waits for the disk. */
const COMMITS_AND_FLUSHES = /* sql */ `  commit;
  if head is not null then
    perform set_config('synchronous_commit', 'on', true);
    perform pg_logical_emit_message(true, 'touchstone.flush', '');
  end if;
end $$;
`;

const APPENDS_AND_FLUSHES = /* sql */ `
-- For who writes alone, or on a fast disk: appends, lets go of the lock, and only then waits for the disk, all in one round trip.
create procedure append_and_flush(
  streams text[], expected int[], guards text[], guarded int[], commands uuid[], ends int[], hashes text[], answers text[], records text[],
  claims text[], claimants uuid[],
  owners int[], nths int[], ids uuid[], types text[], bodies text[], contexts int[], metas text[], causations uuid[], correlations uuid[],
  inout head bigint, inout versions int[]
) language plpgsql as $$
begin
  select t.head, t.versions into head, versions from public.append_together(streams, expected, guards, guarded, commands, ends, hashes, answers,
    records, claims, claimants, owners, nths, ids, types, bodies, contexts, metas, causations, correlations) t;
${COMMITS_AND_FLUSHES}
create procedure ingest_and_flush(
  streams text[], ids uuid[], types text[], causations uuid[], correlations uuid[], bodies text[], metas text[], topics text[], offsets bigint[],
  consumers text[], inout head bigint, inout versions int[]
) language plpgsql as $$
begin
  select t.head, t.versions into head, versions
    from public.ingest_together(streams, ids, types, causations, correlations, bodies, metas, topics, offsets, consumers) t;
${COMMITS_AND_FLUSHES}`;
