import type { Migration } from './migration.js';

/** States of long streams, so that they need not be folded from zero. A cache: rows may be thrown away at any time. */
export const snapshot: Migration = {
  version: 3,
  sql: /* sql */ `
create table snapshot (
  stream text collate "C" primary key,
  decider text collate "C" not null,
  decider_hash text collate "C" not null,
  version integer not null,
  event_id uuid not null,
  state text not null,
  checksum text not null
);
`,
  grants: (role) => `grant select, insert, update, delete on snapshot to ${role};`,
};
