import pg from 'pg';
import { migrations } from './migrations/index.js';

export interface MigrateOptions {
  /** Connection of the owner role. */
  readonly ownerUrl: string;
  /** The application role, which the services use. It must exist. */
  readonly applicationRole: string;
  /** Given to a log when it is created; afterwards the log keeps its own. */
  readonly logId: string;
}

/** Brings a database to the newest schema. Safe to run by ten starting processes at once: an advisory lock lets one at a time. */
export async function migrate({ ownerUrl, applicationRole, logId }: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => undefined); // reported by the query in flight
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(7305490)');
    await client.query('create table if not exists migration (version integer primary key, applied_at timestamptz not null)');
    const { rows } = await client.query<{ version: number }>('select version from migration');
    const applied = new Set(rows.map((row) => row.version));
    for (const { version, sql } of migrations) {
      if (applied.has(version)) continue;
      await client.query('begin');
      await client.query(sql);
      await client.query('insert into migration values ($1, now())', [version]);
      await client.query('commit');
    }
    await client.query(`insert into log_identity select $1, now() where not exists (select from log_identity)`, [logId]);
    const role = client.escapeIdentifier(applicationRole);
    await client.query(`revoke create on schema public from public; ${migrations.map(({ grants }) => grants?.(role) ?? '').join('')}`);
    await client.query(`grant create on database ${client.escapeIdentifier(client.database ?? '')} to ${role}`); // schemas of read models
  } finally {
    await client.end();
  }
}
