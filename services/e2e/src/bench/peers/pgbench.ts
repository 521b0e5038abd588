import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender, Sample } from '../measure.js';
import { bodyOf, GAUGE_READ, metaText } from '../sample-event.js';

const run = promisify(execFile);

/** Each client on a stream of its own; only the id is made by the server, since pgbench makes none. */
const SCRIPT = `\\set version :version + 1
insert into plain_event (id, stream, version, type, causation_id, correlation_id, body, meta)
  values (gen_random_uuid(), :run::text || :client_id::text, :version, :type, :cause::uuid, :cause::uuid, :body, :meta);
`;

/** `pgbench (PostgreSQL) 15.18 …` of the one on PATH; undefined when there is none. */
export function pgbenchVersion(): string | undefined {
  const { status, stdout } = spawnSync('pgbench', ['--version'], { encoding: 'utf8' });
  return status === 0 ? /\d+(\.\d+)*/.exec(stdout)?.[0] : undefined;
}

const FIRST_TRANSACTIONS = 50;

/**
 * `pgbench -M prepared`, as many transactions as it can do in `durationMs` by its last run; few in the first, which warms up. Its own
 * limit of time is whole seconds and begins before it has connected.
 */
export function pgbenchInserts(url: string, clients: number, durationMs: number): Contender {
  let transactions = FIRST_TRANSACTIONS;
  return {
    name: `pgbench -M prepared, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'touchstone-pgbench-'));
      try {
        const file = join(folder, 'insert.sql');
        writeFileSync(file, SCRIPT);
        const cause = randomUUID();
        const variables = { version: '0', run: `gauge-${randomUUID()}-`, type: GAUGE_READ, cause, body: bodyOf(1), meta: metaText(cause) };
        const { stdout } = await run('pgbench', [
          '-n', '-M', 'prepared', '-c', String(clients), '-j', String(Math.min(clients, availableParallelism())), '-t', String(transactions), '-f', file,
          ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]), url,
        ], { env: { ...process.env, PGOPTIONS: '' } });
        const sample = parsePgbench(stdout);
        transactions = Math.max(FIRST_TRANSACTIONS, Math.round((sample.count / sample.elapsedMs) * durationMs / clients));
        return sample;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Transactions and the time without that of connecting, from what pgbench prints. Throws when it printed neither, or a failure. */
export function parsePgbench(output: string): Sample {
  const count = Number(/^number of transactions actually processed: (\d+)/m.exec(output)?.[1]);
  const tps = Number(/^tps = ([\d.]+) \(without initial connection time\)/m.exec(output)?.[1]);
  const failed = Number(/^number of failed transactions: (\d+)/m.exec(output)?.[1] ?? 0);
  if (!(count > 0) || !(tps > 0) || failed > 0) throw new Error(`pgbench told no rate, or of failures: ${output}`);
  return { count, elapsedMs: (count * 1_000) / tps, latenciesMs: [] };
}
