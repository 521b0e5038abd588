import type { Migration } from './migration.js';

/**
 * The epochs of a log. When a database was put back to an earlier state, its log goes on under a new name, so that nothing that is
 * recorded from then on has an id, a position or a source that somebody knows from the history that was lost. One row an epoch;
 * what the log was created with is the first.
 */
export const logEpoch: Migration = {
  version: 4,
  sql: /* sql */ `
alter table log_identity
  add column epoch integer not null default 1 unique check (epoch > 0),
  add column fork_seq bigint not null default 0,
  add column started_by text,
  add column reason text;

create function start_log_epoch(new_epoch integer, new_log_id text, actor text, why text) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  head bigint;
begin
  perform pg_advisory_xact_lock(7305491); -- nothing is appended meanwhile
  if new_epoch <= (select max(epoch) from log_identity) or coalesce(actor, '') = '' or coalesce(why, '') = '' then
    raise exception 'an epoch follows the last one, and somebody starts it for a reason';
  end if;
  select coalesce(max(seq), 0) into head from event;
  insert into log_identity (log_id, created_at, epoch, fork_seq, started_by, reason) values (new_log_id, now(), new_epoch, head, actor, why);
  return head;
end $$;
`,
  grants: (role) => `grant execute on function start_log_epoch(integer, text, text, text) to ${role};`,
};
