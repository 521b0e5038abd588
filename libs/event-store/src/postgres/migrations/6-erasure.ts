import type { Migration } from './migration.js';

/**
 * Destroying keys of subjects. What remains of a key is a row that says when, so that there is never another one; `number` moves in
 * the same transaction, so whoever reads it knows whether what he keeps in memory is still there.
 */
export const erasure: Migration = {
  version: 6,
  sql: /* sql */ `
alter table subject_key add column destroyed_at timestamptz, alter column wrapped drop not null, alter column kid drop not null,
  add constraint subject_key_there_or_destroyed check ((wrapped is null) = (destroyed_at is not null)) not valid;

create table key_destruction (
  one boolean primary key default true check (one),
  number bigint not null
);
insert into key_destruction (number) values (0);

-- The number is taken first, so that destructions wait for each other and never in a circle.
create function destroy_subject_keys(subjects text[]) returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reached bigint;
begin
  update key_destruction set number = number + 1 returning number into reached;
  insert into subject_key (subject, destroyed_at) select name, clock_timestamp() from unnest(subjects) as name group by name
    on conflict (subject) do update set wrapped = null, destroyed_at = excluded.destroyed_at where subject_key.destroyed_at is null;
  return reached;
end $$;
`,
  grants: (role) => /* sql */ `
grant select on key_destruction to ${role};
grant execute on function destroy_subject_keys(text[]) to ${role};
`,
};
