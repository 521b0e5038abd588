import type { Migration } from './migration.js';

/** What a log is made of, and what its followers keep beside it. */
export const log: Migration = {
  version: 1,
  sql: /* sql */ `
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
-- A command that nobody caused is its events' cause and correlation: those are found by the command, and left out here.
create index event_by_causation on event (causation_id) where causation_id <> correlation_id or topic is not null;
create index event_by_correlation on event (correlation_id) where causation_id <> correlation_id or topic is not null;
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
  decided_at timestamptz,
  reason text,
  primary key (consumer, event_id)
);
create index parked_open on parked (consumer, stream) where state = 'parked';
`,
  grants: (role) => /* sql */ `
grant select on event, command, claim, log_identity to ${role};
grant select, insert on deadline_sent to ${role};
grant select, insert, update, delete on checkpoint to ${role};
grant select, insert, update on parked to ${role};
grant select on subject_key to ${role};
grant insert (subject, kid, wrapped) on subject_key to ${role};
`,
};
