import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '@touchstone/event-store';
import type { LocalPostgres } from '@touchstone/event-store/local';
import { startLocalPostgres } from '@touchstone/event-store/local';

/** A database with a log for one contest; the plain contender has its tables in the same database, owned by the same role. */
export interface BenchDatabase {
  readonly url: string;
  readonly ownerUrl: string;
  readonly folder: string;
}

export interface BenchServer {
  /** Of the postmaster, whose children serve the connections. */
  readonly pid: number;
  database(name: string): Promise<BenchDatabase>;
  settings(): Promise<{ readonly version: string; readonly fsync: string; readonly synchronousCommit: string }>;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

/** A PostgreSQL of our own in a temporary folder. Commits wait for the disk, as in production. */
export async function startBenchServer(environment: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-bench-'));
  const local = await startLocalPostgres({ dataDir: folder, environment }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    pid: local.pid,
    database: (name) => makeDatabase(local, folder, name),
    settings: async () => {
      const [row] = await asOwner<{ version: string; fsync: string; synchronousCommit: string }>(
        local.ownerUrl('postgres'),
        `select current_setting('server_version') as version, current_setting('fsync') as fsync, current_setting('synchronous_commit') as "synchronousCommit"`,
      );
      if (!row) throw new Error('the server did not tell its settings');
      return row;
    },
    remove: async () => {
      await local.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function makeDatabase(local: LocalPostgres, folder: string, name: string): Promise<BenchDatabase> {
  const url = await local.createDatabase(name, randomBytes(12).toString('hex'));
  await migrate({ ownerUrl: local.ownerUrl(name), applicationRole: `${name}_app`, logId: `${name}.bench.1` });
  return { url, ownerUrl: local.ownerUrl(name), folder };
}

export async function asOwner<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}
