import type { Migration } from './migration.js';

/**
 * Which schema holds which read model: one row a generation. Several of one version stand beside each other while one replaces
 * another; `seen_at` says when a process last had it in use. A position, no history: rows may change.
 */
export const readModels: Migration = {
  version: 5,
  sql: /* sql */ `
create table read_model (
  schema text collate "C" primary key,
  name text collate "C" not null,
  version integer not null,
  generation integer not null,
  state text not null check (state in ('building', 'live', 'retired', 'stopped', 'gone')),
  purpose text not null check (purpose in ('serve', 'replace', 'compare')),
  operation uuid not null unique default gen_random_uuid(),
  fingerprint text not null,
  seen_at timestamptz not null default now(),
  begun_at timestamptz,
  begun_seq bigint,
  ended_at timestamptz,
  outcome json,
  failure text,
  unique (name, version, generation)
);
create unique index read_model_live on read_model (name, version) where state = 'live';
create unique index read_model_building on read_model (name, version) where state = 'building';
`,
  grants: (role) => /* sql */ `grant select, insert, update, delete on read_model to ${role};\n`,
};
